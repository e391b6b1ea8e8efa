using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Http;

namespace ModularMonolith.Shipping.Rates;

internal sealed record ListPickupPoints(string? After, int Limit) : IQuery<Page<PickupPointView>>;

internal sealed class ListPickupPointsEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/pickup-points", static async (string? cursor, int? limit, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var query = new ListPickupPoints(PageCursor.Decode<TableCursor>(http, cursor)?.Code, PageCursor.Size(limit));
            return Results.Ok(PageCursor.Linked(http, await sender.Send(query, cancellationToken)));
        })
        .AllowAnonymous()
        .WithName("ListPickupPoints")
        .WithSummary("All pickup points by code.")
        .Produces<Page<PickupPointView>>()
        .ProducesProblem(StatusCodes.Status400BadRequest);
}

internal sealed class ListPickupPointsHandler(ShippingTable table) : IRequestHandler<ListPickupPoints, Page<PickupPointView>>
{
    public async Task<Page<PickupPointView>> Handle(ListPickupPoints request, CancellationToken cancellationToken) =>
        TableCursor.PageOf<PickupPoint, PickupPointContent, PickupPointView>((await table.CurrentAsync(cancellationToken)).PickupPoints, request.After, request.Limit);
}
