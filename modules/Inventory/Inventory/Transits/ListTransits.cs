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

namespace ModularMonolith.Inventory.Transits;

/// <summary>Transfers with a way, the newest first.</summary>
internal sealed record ListTransits(int Limit, Guid? After) : IQuery<Page<TransitView>>;

internal sealed class ListTransitsEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app.MapGet("/transits", static async (int? limit, string? cursor, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var page = await sender.Send(new ListTransits(PageCursor.Size(limit), PageCursor.Decode<IdCursor>(http, cursor)?.Id), cancellationToken);
            return Results.Ok(PageCursor.Linked(http, page));
        })
        .RequirePermission("inventory:read").WithName("ListTransits").WithSummary("Lists transfers between locations that take their time, the newest first.")
        .Produces<Page<TransitView>>().ProducesProblem(400);
}

internal sealed class ListTransitsHandler(IModuleSession<IInventoryStore> session) : IRequestHandler<ListTransits, Page<TransitView>>
{
    public async Task<Page<TransitView>> Handle(ListTransits request, CancellationToken cancellationToken)
    {
        IQueryable<StockTransit> query = session.Documents.Query<StockTransit>();
        if (request.After is { } after)
        {
            query = query.Where(transit => transit.MatchesSql("d.id < ?", after));
        }

        // The ids are UUIDv7, whose order is that of their making; so the primary key is the order of the list.
        var found = await query.OrderByDescending(static transit => transit.Id).Take(request.Limit + 1).ToListAsync(cancellationToken);
        return Page.Of(found, request.Limit, static transit => TransitView.Of(transit, transit.Version).View, static item => new IdCursor(item.Id));
    }
}
