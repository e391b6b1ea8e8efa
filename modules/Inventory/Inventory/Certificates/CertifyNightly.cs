using MediatR;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;

namespace ModularMonolith.Inventory.Certificates;

/// <summary>Has a certificate made each night.</summary>
internal sealed record CertifyNightly : ICommand
{
    public const string Schedule = "30 2 * * *";
}

internal sealed class CertifyNightlyHandler(IModuleSession<IInventoryStore> session, TimeProvider time) : IRequestHandler<CertifyNightly, Unit>
{
    public async Task<Unit> Handle(CertifyNightly request, CancellationToken cancellationToken)
    {
        // One command is one transaction, so it is not sent as a command of its own.
        await new RequestCertificateHandler(session, time).Handle(new RequestCertificate("schedule"), cancellationToken);
        return Unit.Value;
    }
}
