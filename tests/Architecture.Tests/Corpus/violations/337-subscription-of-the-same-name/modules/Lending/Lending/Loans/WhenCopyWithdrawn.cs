using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.IntegrationLog;
using ModularMonolith.Shelves.Contracts;

namespace ModularMonolith.Lending.Loans;

/// <summary>Ends the loan of a copy that is gone.</summary>
[Subscription("end-loans-of-withdrawn-copies")]
internal sealed class WhenCopyWithdrawn(IModuleSession<ILendingStore> session) : IHandle<CopyWithdrawn> // finds: subscriptions-are-named "shares the name"
{
    public async Task HandleAsync(CopyWithdrawn integrationEvent, EventContext context, CancellationToken cancellationToken)
    {
        if (await session.Documents.LoadAsync<Loan>(integrationEvent.CopyId, cancellationToken) is { } loan)
        {
            loan.IsOver = true;
            session.Documents.Store(loan);
        }
    }
}
