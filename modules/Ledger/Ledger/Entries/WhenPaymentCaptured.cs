using ModularMonolith.Payments.Contracts;
using ModularMonolith.Platform.IntegrationLog;

namespace ModularMonolith.Ledger.Entries;

/// <summary>Books what was taken from cards and gift cards.</summary>
[Subscription("book-captures")]
internal sealed class WhenPaymentCaptured(EntryWriter entries) : IHandleBatch<PaymentCaptured>
{
    public Task HandleAsync(IReadOnlyList<Delivered<PaymentCaptured>> events, CancellationToken cancellationToken)
    {
        entries.Book(events.Select(static delivered => Postings.Of(delivered.Event)));
        return Task.CompletedTask;
    }
}
