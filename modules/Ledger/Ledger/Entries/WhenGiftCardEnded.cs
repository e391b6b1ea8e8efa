using ModularMonolith.Payments.Contracts;
using ModularMonolith.Platform.IntegrationLog;

namespace ModularMonolith.Ledger.Entries;

/// <summary>Books what is not owed any more.</summary>
[Subscription("book-ended-gift-cards")]
internal sealed class WhenGiftCardEnded(EntryWriter entries) : IHandleBatch<GiftCardEnded>
{
    public Task HandleAsync(IReadOnlyList<Delivered<GiftCardEnded>> events, CancellationToken cancellationToken)
    {
        entries.Book(events.Select(static delivered => Postings.Of(delivered.Event)));
        return Task.CompletedTask;
    }
}
