using ModularMonolith.Ordering.Contracts;
using ModularMonolith.Platform.IntegrationLog;

namespace ModularMonolith.Ledger.Entries;

/// <summary>Books what is given back outside of Payments.</summary>
[Subscription("book-manual-refunds")]
internal sealed class WhenOrderRefundedManually(EntryWriter entries) : IHandleBatch<OrderRefundedManually>
{
    public Task HandleAsync(IReadOnlyList<Delivered<OrderRefundedManually>> events, CancellationToken cancellationToken)
    {
        entries.Book(events.Select(static delivered => Postings.Of(delivered.Event)));
        return Task.CompletedTask;
    }
}
