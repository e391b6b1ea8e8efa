using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Inventory.Certificates;

/// <summary>Has the whole history of the stock verified. Only one verification runs at a time: whoever asks meanwhile gets that one.</summary>
[RetryOnConflict]
internal sealed record RequestCertificate(string RequestedBy) : ICommand<CertificateView>;

internal sealed class RequestCertificateValidator : AbstractValidator<RequestCertificate>
{
    public RequestCertificateValidator() => RuleFor(command => command.RequestedBy).NotEmpty().MaximumLength(300).NoNul();
}

internal sealed class RequestCertificateEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/certificates", static async (ICaller caller, ISender sender, CancellationToken cancellationToken) =>
        {
            var certificate = await sender.Send(new RequestCertificate(caller.RequireSubject()), cancellationToken);
            return Results.Accepted("/api/inventory/certificates/" + certificate.Id, certificate);
        })
        .RequirePermission("inventory:certify").WithName("RequestCertificate")
        .WithSummary("Has the whole history of the stock verified in the background; the answer names the certificate to be.")
        .WithDescription("While one is being made, it is answered: there is one verification at a time.")
        .Produces<CertificateView>(202);
}

internal sealed class RequestCertificateHandler(IModuleSession<IInventoryStore> session, TimeProvider time) : IRequestHandler<RequestCertificate, CertificateView>
{
    // Longer than any verification takes: one that failed for good must not keep the others from beginning.
    private static readonly TimeSpan Longest = TimeSpan.FromHours(2);

    public async Task<CertificateView> Handle(RequestCertificate request, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var running = await session.Documents.LoadAsync<RunningCertificate>(RunningCertificate.Only, cancellationToken);
        var former = running is null ? null : await session.Documents.LoadAsync<StockCertificate>(running.CertificateId, cancellationToken);
        if (former is { Status: CertificateStatus.Requested } && now - former.RequestedAt < Longest)
        {
            return CertificateView.Of(former);
        }

        var certificate = new StockCertificate { Id = Guid.CreateVersion7(now), RequestedBy = request.RequestedBy, RequestedAt = now };
        session.Documents.Insert(certificate);
        if (running is null)
        {
            session.Documents.Insert(new RunningCertificate(RunningCertificate.Only, certificate.Id));
        }
        else
        {
            session.Documents.Update(running with { CertificateId = certificate.Id });
        }

        session.Schedule(certificate.Id, now, new IssueCertificate(certificate.Id));
        return CertificateView.Of(certificate);
    }
}
