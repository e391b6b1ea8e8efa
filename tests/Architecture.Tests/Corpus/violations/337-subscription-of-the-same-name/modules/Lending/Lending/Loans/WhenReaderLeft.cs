using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.IntegrationLog;
using ModularMonolith.Readers.Contracts;

namespace ModularMonolith.Lending.Loans;

/// <summary>Ends loans.</summary>
[Subscription("end-loans-of-withdrawn-copies")]
internal sealed class WhenReaderLeft(IModuleSession<ILendingStore> session) : IHandle<ReaderLeft> // finds: subscriptions-are-named "shares the name"
{
    public Task HandleAsync(ReaderLeft integrationEvent, EventContext context, CancellationToken cancellationToken)
    {
        session.Documents.Delete<Loan>(integrationEvent.ReaderId);
        return Task.CompletedTask;
    }
}
