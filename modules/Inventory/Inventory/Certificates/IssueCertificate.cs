using System.Data;
using MediatR;
using ModularMonolith.Platform.Audit;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Timers;

namespace ModularMonolith.Inventory.Certificates;

/// <summary>
/// Verifies the whole history and writes the result down. A host that dies over it leaves a timer that fires once more, elsewhere: it begins from the start, on a snapshot of its own, and what was
/// read before counts for nothing.
/// </summary>
[Timer("issue-certificate")]
internal sealed record IssueCertificate(Guid CertificateId) : ICommand;

internal sealed class IssueCertificateHandler(IModuleSession<IInventoryStore> session, IAuditLog audit, TimeProvider time) : IRequestHandler<IssueCertificate, Unit>
{
    public async Task<Unit> Handle(IssueCertificate request, CancellationToken cancellationToken)
    {
        if (await BeginAsync(request.CertificateId, cancellationToken) is not { } certificate)
        {
            return Unit.Value;
        }

        await using var reading = session.Store.LightweightSession(IsolationLevel.RepeatableRead);
        await reading.BeginTransactionAsync(cancellationToken);
        var findings = await new StockAudit(reading, certificate.StartedAt!.Value).RunAsync(cancellationToken);
        certificate.CompletedAt = time.GetUtcNow();
        certificate.Findings = findings;
        certificate.Hash = findings.Hash();
        certificate.Status = findings.DifferenceCount == 0 ? CertificateStatus.Held : CertificateStatus.Broken;
        session.Documents.UpdateRevision(certificate, certificate.Version + 1);
        session.Documents.DeleteWhere<RunningCertificate>(running => running.CertificateId == certificate.Id);
        return Unit.Value;
    }

    // In a transaction of its own: whoever asks meanwhile is told that it has begun, and how often.
    private async Task<StockCertificate?> BeginAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var beginning = session.Store.LightweightSession();
        if (await beginning.LoadAsync<StockCertificate>(id, cancellationToken) is not { Status: CertificateStatus.Requested } certificate)
        {
            return null;
        }

        certificate.StartedAt = time.GetUtcNow();
        certificate.Attempts++;
        beginning.UpdateRevision(certificate, certificate.Version + 1);
        audit.Record(beginning, nameof(IssueCertificate));
        await beginning.SaveChangesAsync(cancellationToken);
        return certificate;
    }
}
