using Carter;
using Marten;
using Marten.Linq.MatchesSql;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Shipping.Fulfilments;

internal sealed record ListFulfilments(FulfilmentStatus? Status, bool? HasDiscrepancy, Guid? After, int Limit) : IQuery<Page<FulfilmentSummary>>;

/// <summary>A fulfilment in a list.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Method">The shipping method.</param>
/// <param name="IsPickup">Whether the customer fetches the goods.</param>
/// <param name="Left">How many pieces are to be packed.</param>
/// <param name="Waiting">How many shipments wait for their release.</param>
/// <param name="Ready">How many shipments can leave.</param>
/// <param name="LabelProblems">How many shipments have no label because the carrier made none.</param>
/// <param name="HasDiscrepancy">Whether something that is not wanted any more has left or may leave.</param>
/// <param name="OpenedAt">When it began.</param>
internal sealed record FulfilmentSummary(
    Guid OrderId, FulfilmentStatus Status, string Method, bool IsPickup, int Left, int Waiting, int Ready, int LabelProblems, bool HasDiscrepancy, DateTimeOffset? OpenedAt)
{
    public static FulfilmentSummary Of(Fulfilment fulfilment) => new(
        fulfilment.Id, fulfilment.Status, fulfilment.Method, fulfilment.IsPickup, fulfilment.Balances.Sum(static balance => balance.Left),
        fulfilment.Shipments.Count(static shipment => shipment.IsWaiting), fulfilment.Shipments.Count(static shipment => shipment.Status == ShipmentStatus.Ready),
        fulfilment.Shipments.Count(static shipment => shipment is { Status: ShipmentStatus.Released, LabelProblem: not null }), fulfilment.HasDiscrepancy, fulfilment.OpenedAt);
}

internal sealed class ListFulfilmentsEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/fulfilments", static async (string? status, bool? hasDiscrepancy, string? cursor, int? limit, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var query = new ListFulfilments(
                Words.ChoiceFrom<FulfilmentStatus>("status", status), hasDiscrepancy, PageCursor.Decode<IdCursor>(http, cursor)?.Id, PageCursor.Size(limit));
            return Results.Ok(PageCursor.Linked(http, await sender.Send(query, cancellationToken)));
        })
        .RequirePermission("shipping:read")
        .WithName("ListFulfilments")
        .WithSummary("The fulfilments, oldest order first: those with status=open are to be packed, those with status=packed to be dispatched.")
        .Produces<Page<FulfilmentSummary>>()
        .ProducesProblem(StatusCodes.Status400BadRequest);
}

internal sealed class ListFulfilmentsHandler(IModuleSession<IShippingStore> session) : IRequestHandler<ListFulfilments, Page<FulfilmentSummary>>
{
    public async Task<Page<FulfilmentSummary>> Handle(ListFulfilments request, CancellationToken cancellationToken)
    {
        IQueryable<Fulfilment> fulfilments = session.Documents.Query<Fulfilment>();
        if (request.Status is { } status)
        {
            fulfilments = fulfilments.Where(fulfilment => fulfilment.Status == status);
        }

        if (request.HasDiscrepancy is { } hasDiscrepancy)
        {
            fulfilments = fulfilments.Where(fulfilment => fulfilment.HasDiscrepancy == hasDiscrepancy);
        }

        if (request.After is { } after)
        {
            fulfilments = fulfilments.Where(fulfilment => fulfilment.MatchesSql("d.id > ?", after));
        }

        // Orders have UUIDv7 as ids, whose order is that of their making.
        var found = await fulfilments.OrderBy(static fulfilment => fulfilment.Id).Take(request.Limit + 1).ToListAsync(cancellationToken);
        return Page.Of(found, request.Limit, FulfilmentSummary.Of, static item => new IdCursor(item.OrderId));
    }
}
