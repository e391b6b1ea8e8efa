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

namespace ModularMonolith.Inventory.Certificates;

/// <summary>The last certificate that is complete.</summary>
internal sealed record GetLatestCertificate : IQuery<CertificateView>;

internal sealed class GetLatestCertificateEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/certificates/latest", static async (ISender sender, CancellationToken cancellationToken) => Results.Ok(await sender.Send(new GetLatestCertificate(), cancellationToken)))
        .RequirePermission("inventory:read").WithName("GetLatestCertificate")
        .WithSummary("Shows the last complete certificate, and when the invariants were last found to hold.")
        .Produces<CertificateView>().ProducesProblem(404);
}

internal sealed class GetLatestCertificateHandler(IModuleSession<IInventoryStore> session) : IRequestHandler<GetLatestCertificate, CertificateView>
{
    public async Task<CertificateView> Handle(GetLatestCertificate request, CancellationToken cancellationToken)
    {
        var complete = session.Documents.Query<StockCertificate>().Where(certificate => certificate.Status != CertificateStatus.Requested);
        var latest = await complete.OrderByDescending(certificate => certificate.Id).FirstOrDefaultAsync(cancellationToken)
            ?? throw new ProblemException(ProblemTypes.NotFound, "No certificate is complete yet. Ask for one with POST /api/inventory/certificates.");
        var held = latest.Status == CertificateStatus.Held
            ? latest
            : await complete.Where(certificate => certificate.Status == CertificateStatus.Held).OrderByDescending(certificate => certificate.Id).FirstOrDefaultAsync(cancellationToken);
        return CertificateView.Of(latest) with { LastHeldAt = held?.StartedAt };
    }
}
