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

internal sealed record GetTaxExemption(Guid Id) : IQuery<TaxExemptionView>;

internal sealed class GetTaxExemptionEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/tax-exemptions/{id:guid}", static async (Guid id, ISender sender, CancellationToken cancellationToken) => Results.Ok(await sender.Send(new GetTaxExemption(id), cancellationToken)))
        .RequirePermission("pricing:read").WithName("GetTaxExemption").WithSummary("Shows a tax exemption.")
        .Produces<TaxExemptionView>().ProducesProblem(404);
}

internal sealed class GetTaxExemptionHandler(IModuleSession<IPricingStore> session) : IRequestHandler<GetTaxExemption, TaxExemptionView>
{
    public async Task<TaxExemptionView> Handle(GetTaxExemption request, CancellationToken cancellationToken) =>
        await session.Documents.LoadAsync<TaxExemption>(request.Id, cancellationToken) is { } exemption ? TaxExemptionView.Of(exemption) : throw ProblemException.NotFound("tax exemption", request.Id);
}
