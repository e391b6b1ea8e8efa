using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.IntegrationLog;
using ModularMonolith.Readers.Contracts;

namespace ModularMonolith.Lending.Loans;

/// <summary>Ends what is left.</summary>
[Subscription("end-loans-of-readers-that-left")]
internal sealed class WhenReaderLeft(IModuleSession<ILendingStore> session) : IHandle<ReaderLeft>
{
    public Task HandleAsync(ReaderLeft integrationEvent, EventContext context, CancellationToken cancellationToken)
    {
        session.Documents.Delete<Loan>(integrationEvent.ReaderId);
        return Task.CompletedTask;
    }
}
