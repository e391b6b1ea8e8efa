using MediatR;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;

namespace ModularMonolith.Ledger.Reconciliations;

/// <summary>
/// Compares the last two whole days, UTC. Two, so that what moved around midnight, and is left out by the night before, lies in the middle of this one.
/// </summary>
internal sealed record ReconcileNightly : ICommand;

internal sealed class ReconcileNightlyHandler(IModuleSession<ILedgerStore> session, TimeProvider time) : IRequestHandler<ReconcileNightly, Unit>
{
    public Task<Unit> Handle(ReconcileNightly request, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var midnight = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero);
        StartReconciliationHandler.Start(session, midnight.AddDays(-2), midnight, now);
        return Unit.Task;
    }
}
