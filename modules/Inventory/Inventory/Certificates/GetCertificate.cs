using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Inventory.Certificates;

internal sealed record GetCertificate(Guid CertificateId) : IQuery<CertificateView>;

internal sealed class GetCertificateEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/certificates/{id:guid}", static async (Guid id, ISender sender, CancellationToken cancellationToken) => Results.Ok(await sender.Send(new GetCertificate(id), cancellationToken)))
        .RequirePermission("inventory:read").WithName("GetCertificate").WithSummary("Shows a certificate, or since when it is being made.")
        .Produces<CertificateView>().ProducesProblem(404);
}

internal sealed class GetCertificateHandler(IModuleSession<IInventoryStore> session) : IRequestHandler<GetCertificate, CertificateView>
{
    public async Task<CertificateView> Handle(GetCertificate request, CancellationToken cancellationToken) =>
        CertificateView.Of(await session.Documents.LoadAsync<StockCertificate>(request.CertificateId, cancellationToken) ?? throw ProblemException.NotFound("certificate", request.CertificateId));
}
