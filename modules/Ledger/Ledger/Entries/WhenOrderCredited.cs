using ModularMonolith.Ordering.Contracts;
using ModularMonolith.Platform.IntegrationLog;

namespace ModularMonolith.Ledger.Entries;

/// <summary>Books what a customer does not owe after all.</summary>
[Subscription("book-credits")]
internal sealed class WhenOrderCredited(EntryWriter entries) : IHandleBatch<OrderCredited>
{
    public Task HandleAsync(IReadOnlyList<Delivered<OrderCredited>> events, CancellationToken cancellationToken)
    {
        entries.Book(events.Select(static delivered => Postings.Of(delivered.Event)));
        return Task.CompletedTask;
    }
}
