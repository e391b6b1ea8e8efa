using ModularMonolith.Ordering.Contracts;
using ModularMonolith.Platform.IntegrationLog;

namespace ModularMonolith.Ledger.Entries;

/// <summary>Books what a customer owes.</summary>
[Subscription("book-invoices")]
internal sealed class WhenOrderInvoiced(EntryWriter entries) : IHandleBatch<OrderInvoiced>
{
    public Task HandleAsync(IReadOnlyList<Delivered<OrderInvoiced>> events, CancellationToken cancellationToken)
    {
        entries.Book(events.Select(static delivered => Postings.Of(delivered.Event)));
        return Task.CompletedTask;
    }
}
