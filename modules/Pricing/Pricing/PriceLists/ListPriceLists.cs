using Carter;
using Marten;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;
using ModularMonolith.Pricing.CustomerGroups;

namespace ModularMonolith.Pricing.PriceLists;

internal sealed record ListPriceLists(int Limit, string? After) : IQuery<Page<PriceListView>>;

internal sealed class ListPriceListsEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/price-lists", static async (int? limit, string? cursor, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var page = await sender.Send(new ListPriceLists(PageCursor.Size(limit), PageCursor.Decode<CodeCursor>(http, cursor)?.Code), cancellationToken);
            return Results.Ok(PageCursor.Linked(http, page));
        })
        .RequirePermission("pricing:read").WithName("ListPriceLists").WithSummary("Lists price lists by code.")
        .Produces<Page<PriceListView>>().ProducesProblem(400);
}

internal sealed class ListPriceListsHandler(IModuleSession<IPricingStore> session) : IRequestHandler<ListPriceLists, Page<PriceListView>>
{
    public async Task<Page<PriceListView>> Handle(ListPriceLists request, CancellationToken cancellationToken)
    {
        IQueryable<PriceList> query = session.Documents.Query<PriceList>();
        if (request.After is { } after)
        {
            query = query.Where(list => list.Id.CompareTo(after) > 0);
        }

        var found = await query.OrderBy(list => list.Id).Take(request.Limit + 1).ToListAsync(cancellationToken);
        return Page.Of(found, request.Limit, static list => PriceListView.Of(list, list.Version), static item => new CodeCursor(item.Code));
    }
}
