using ModularMonolith.Payments.Contracts;
using ModularMonolith.Platform.IntegrationLog;

namespace ModularMonolith.Ledger.Entries;

/// <summary>Books what has left for a customer and not arrived.</summary>
[Subscription("book-sent-refunds")]
internal sealed class WhenRefundSent(EntryWriter entries) : IHandleBatch<RefundSent>
{
    public Task HandleAsync(IReadOnlyList<Delivered<RefundSent>> events, CancellationToken cancellationToken)
    {
        entries.Book(events.Select(static delivered => Postings.Of(delivered.Event)));
        return Task.CompletedTask;
    }
}
