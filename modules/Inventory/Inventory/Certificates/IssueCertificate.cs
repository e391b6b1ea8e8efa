using System.Data;
using MediatR;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Timers;

namespace ModularMonolith.Inventory.Certificates;

/// <summary>Verifies the whole history and writes the result down. A host that dies over it leaves a timer that fires once more, elsewhere.</summary>
[Timer("issue-certificate")]
internal sealed record IssueCertificate(Guid CertificateId) : ICommand;

internal sealed class IssueCertificateHandler(IModuleSession<IInventoryStore> session, TimeProvider time) : IRequestHandler<IssueCertificate, Unit>
{
    public async Task<Unit> Handle(IssueCertificate request, CancellationToken cancellationToken)
    {
        if (await session.Documents.LoadAsync<StockCertificate>(request.CertificateId, cancellationToken) is not { Status: CertificateStatus.Requested } certificate)
        {
            return Unit.Value;
        }

        certificate.StartedAt = time.GetUtcNow();
        await using var reading = session.Store.LightweightSession(IsolationLevel.RepeatableRead);
        await reading.BeginTransactionAsync(cancellationToken);
        var findings = await new StockAudit(reading, certificate.StartedAt.Value).RunAsync(cancellationToken);
        certificate.CompletedAt = time.GetUtcNow();
        certificate.Findings = findings;
        certificate.Hash = findings.Hash();
        certificate.Status = findings.DifferenceCount == 0 ? CertificateStatus.Held : CertificateStatus.Broken;
        session.Documents.UpdateRevision(certificate, certificate.Version + 1);
        session.Documents.DeleteWhere<RunningCertificate>(running => running.CertificateId == certificate.Id);
        return Unit.Value;
    }
}
