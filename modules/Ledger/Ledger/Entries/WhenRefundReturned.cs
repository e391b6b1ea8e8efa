using ModularMonolith.Payments.Contracts;
using ModularMonolith.Platform.IntegrationLog;

namespace ModularMonolith.Ledger.Entries;

/// <summary>Books what was on its way to a customer and has come back.</summary>
[Subscription("book-returned-refunds")]
internal sealed class WhenRefundReturned(EntryWriter entries) : IHandleBatch<RefundReturned>
{
    public Task HandleAsync(IReadOnlyList<Delivered<RefundReturned>> events, CancellationToken cancellationToken)
    {
        entries.Book(events.Select(static delivered => Postings.Of(delivered.Event)));
        return Task.CompletedTask;
    }
}
