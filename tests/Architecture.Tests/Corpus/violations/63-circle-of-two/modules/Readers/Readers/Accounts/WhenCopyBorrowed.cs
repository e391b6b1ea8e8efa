using ModularMonolith.Lending.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.IntegrationLog;

namespace ModularMonolith.Readers.Accounts;

/// <summary>Forgets nothing.</summary>
[Subscription("count-borrowed-copies")]
internal sealed class WhenCopyBorrowed(IModuleSession<IReadersStore> session) : IHandle<CopyBorrowed> // finds: no-module-cycles "depends on itself: readers → lending → readers"
{
    public Task HandleAsync(CopyBorrowed integrationEvent, EventContext context, CancellationToken cancellationToken)
    {
        session.RecordChange("reader", "*", "stored");
        return Task.CompletedTask;
    }
}
