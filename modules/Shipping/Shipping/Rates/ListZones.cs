using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Shipping.Rates;

internal sealed record ListZones(string? After, int Limit) : IQuery<Page<ZoneView>>;

internal sealed class ListZonesEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/zones", static async (string? cursor, int? limit, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var query = new ListZones(PageCursor.Decode<TableCursor>(http, cursor)?.Code, PageCursor.Size(limit));
            return Results.Ok(PageCursor.Linked(http, await sender.Send(query, cancellationToken)));
        })
        .RequirePermission("shipping:read")
        .WithName("ListZones")
        .WithSummary("All zones by code.")
        .Produces<Page<ZoneView>>()
        .ProducesProblem(StatusCodes.Status400BadRequest);
}

internal sealed class ListZonesHandler(ShippingTable table) : IRequestHandler<ListZones, Page<ZoneView>>
{
    public async Task<Page<ZoneView>> Handle(ListZones request, CancellationToken cancellationToken) =>
        TableCursor.PageOf<Zone, ZoneContent, ZoneView>((await table.CurrentAsync(cancellationToken)).Zones, request.After, request.Limit);
}
