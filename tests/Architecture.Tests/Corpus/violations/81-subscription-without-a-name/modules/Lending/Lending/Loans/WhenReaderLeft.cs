using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.IntegrationLog;
using ModularMonolith.Readers.Contracts;

namespace ModularMonolith.Lending.Loans;

/// <summary>Ends what is left.</summary>
internal sealed class WhenReaderLeft(IModuleSession<ILendingStore> session) : IHandle<ReaderLeft> // finds: subscriptions-are-named "has no [Subscription]"
{
    public Task HandleAsync(ReaderLeft integrationEvent, EventContext context, CancellationToken cancellationToken)
    {
        session.Documents.Delete<Loan>(integrationEvent.ReaderId);
        return Task.CompletedTask;
    }
}
