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

namespace ModularMonolith.Returns.Requests;

internal sealed record ListReturns(ReturnStatus? Status, Guid? OrderId, Guid? After, int Limit) : IQuery<Page<ReturnSummary>>;

/// <summary>A return in a list.</summary>
/// <param name="Id">The return.</param>
/// <param name="OrderId">The order that the goods are of.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="ItemCount">How many pieces were asked for.</param>
/// <param name="Refunded">What was paid back.</param>
/// <param name="RequestedAt">When it was asked for.</param>
internal sealed record ReturnSummary(Guid Id, Guid OrderId, ReturnStatus Status, int ItemCount, Money? Refunded, DateTimeOffset RequestedAt);

internal sealed class ListReturnsEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/returns", static async (string? status, Guid? orderId, string? cursor, int? limit, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var query = new ListReturns(Words.ChoiceFrom<ReturnStatus>("status", status), orderId, PageCursor.Decode<IdCursor>(http, cursor)?.Id, PageCursor.Size(limit));
            return Results.Ok(PageCursor.Linked(http, await sender.Send(query, cancellationToken)));
        })
        .RequireSubject()
        .WithName("ListReturns")
        .WithSummary("The caller's returns, newest first; everybody's with the permission returns:read.")
        .Produces<Page<ReturnSummary>>()
        .ProducesProblem(StatusCodes.Status400BadRequest);
}

internal sealed class ListReturnsHandler(IModuleSession<IReturnsStore> session, Ownership ownership) : IRequestHandler<ListReturns, Page<ReturnSummary>>
{
    public async Task<Page<ReturnSummary>> Handle(ListReturns request, CancellationToken cancellationToken)
    {
        IQueryable<Return> returns = session.Documents.Query<Return>();
        if (ownership.OnlyOf(Ownership.ReadAll) is { } owner)
        {
            returns = returns.Where(found => found.Owner == owner);
        }

        if (request.OrderId is { } orderId)
        {
            returns = returns.Where(found => found.OrderId == orderId);
        }

        if (request.Status is { } status)
        {
            returns = returns.Where(found => found.Status == status);
        }

        if (request.After is { } after)
        {
            returns = returns.Where(found => found.MatchesSql("d.id < ?", after));
        }

        // The ids are UUIDv7, whose order is that of their making.
        var rows = await returns.OrderByDescending(static found => found.Id).Take(request.Limit + 1).ToListAsync(cancellationToken);
        return Page.Of(
            rows,
            request.Limit,
            static found => new ReturnSummary(found.Id, found.OrderId, found.Status, found.Lines.Sum(static line => line.Quantity), found.Refunded, found.RequestedAt),
            static item => new IdCursor(item.Id));
    }
}
