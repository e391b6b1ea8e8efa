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

namespace ModularMonolith.Pricing.Taxes;

internal sealed record ListTaxZones(int Limit, string? After) : IQuery<Page<TaxZoneView>>;

internal sealed class ListTaxZonesEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/tax-zones", static async (int? limit, string? cursor, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var page = await sender.Send(new ListTaxZones(PageCursor.Size(limit), PageCursor.Decode<CodeCursor>(http, cursor)?.Code), cancellationToken);
            return Results.Ok(PageCursor.Linked(http, page));
        })
        .RequirePermission("pricing:read").WithName("ListTaxZones").WithSummary("Lists tax zones with their rates by code.")
        .Produces<Page<TaxZoneView>>().ProducesProblem(400);
}

internal sealed class ListTaxZonesHandler(IModuleSession<IPricingStore> session) : IRequestHandler<ListTaxZones, Page<TaxZoneView>>
{
    public async Task<Page<TaxZoneView>> Handle(ListTaxZones request, CancellationToken cancellationToken)
    {
        IQueryable<TaxZone> query = session.Documents.Query<TaxZone>();
        if (request.After is { } after)
        {
            query = query.Where(zone => zone.Id.CompareTo(after) > 0);
        }

        var found = await query.OrderBy(zone => zone.Id).Take(request.Limit + 1).ToListAsync(cancellationToken);
        return Page.Of(found, request.Limit, static zone => TaxZoneView.Of(zone, zone.Version), static item => new CodeCursor(item.Code));
    }
}
