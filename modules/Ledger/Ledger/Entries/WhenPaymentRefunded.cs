using ModularMonolith.Payments.Contracts;
using ModularMonolith.Platform.IntegrationLog;

namespace ModularMonolith.Ledger.Entries;

/// <summary>Books what was given back.</summary>
[Subscription("book-refunds")]
internal sealed class WhenPaymentRefunded(EntryWriter entries) : IHandleBatch<PaymentRefunded>
{
    public Task HandleAsync(IReadOnlyList<Delivered<PaymentRefunded>> events, CancellationToken cancellationToken)
    {
        entries.Book(events.Select(static delivered => Postings.Of(delivered.Event)));
        return Task.CompletedTask;
    }
}
