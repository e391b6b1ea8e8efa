using ModularMonolith.Ordering.Contracts;
using ModularMonolith.Platform.IntegrationLog;

namespace ModularMonolith.Ledger.Entries;

/// <summary>Books what was paid outside of Payments.</summary>
[Subscription("book-manual-payments")]
internal sealed class WhenOrderPaidManually(EntryWriter entries) : IHandleBatch<OrderPaidManually>
{
    public Task HandleAsync(IReadOnlyList<Delivered<OrderPaidManually>> events, CancellationToken cancellationToken)
    {
        entries.Book(events.Select(static delivered => Postings.Of(delivered.Event, delivered.Context.MessageId)));
        return Task.CompletedTask;
    }
}
