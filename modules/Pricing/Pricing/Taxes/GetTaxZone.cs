using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Pricing.Taxes;

internal sealed record GetTaxZone(string Code) : IQuery<TaxZoneView>;

internal sealed class GetTaxZoneEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/tax-zones/{code}", static async (string code, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var zone = await sender.Send(new GetTaxZone(code), cancellationToken);
            EntityTags.Write(http, zone.Version);
            return EntityTags.ClientHas(http, zone.Version) ? Results.StatusCode(StatusCodes.Status304NotModified) : Results.Ok(zone);
        })
        .RequirePermission("pricing:read").WithName("GetTaxZone").WithSummary("Shows a tax zone with its rates.")
        .Produces<TaxZoneView>().Produces(304).ProducesProblem(404);
}

internal sealed class GetTaxZoneHandler(IModuleSession<IPricingStore> session) : IRequestHandler<GetTaxZone, TaxZoneView>
{
    public async Task<TaxZoneView> Handle(GetTaxZone request, CancellationToken cancellationToken) =>
        await TaxZone.FindAsync(session.Documents, request.Code, cancellationToken) is { } zone
            ? TaxZoneView.Of(zone, zone.Version)
            : throw ProblemException.NotFound("tax zone", request.Code);
}
