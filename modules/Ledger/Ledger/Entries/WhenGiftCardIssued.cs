using ModularMonolith.Payments.Contracts;
using ModularMonolith.Platform.IntegrationLog;

namespace ModularMonolith.Ledger.Entries;

/// <summary>Books what is owed to whoever has a gift card.</summary>
[Subscription("book-gift-cards")]
internal sealed class WhenGiftCardIssued(EntryWriter entries) : IHandleBatch<GiftCardIssued>
{
    public Task HandleAsync(IReadOnlyList<Delivered<GiftCardIssued>> events, CancellationToken cancellationToken)
    {
        entries.Book(events.Select(static delivered => Postings.Of(delivered.Event)));
        return Task.CompletedTask;
    }
}
