using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Payments.GiftCards;

/// <summary>A gift card as the staff sees it. Its code is not known any more.</summary>
/// <param name="Id">Its id, which is no secret.</param>
/// <param name="LastCharacters">The last four characters of its code.</param>
/// <param name="Status">Whether it is good.</param>
/// <param name="Amount">What it was issued with.</param>
/// <param name="Balance">What is on it.</param>
/// <param name="Held">What of the balance is promised to payments.</param>
/// <param name="Reason"><c>sold</c>, <c>goodwill</c> or <c>refund</c>.</param>
/// <param name="IssuedAt">When it was issued.</param>
/// <param name="ExpiresAt">When it ends; null for never.</param>
/// <param name="EndedAt">When it expired or was cancelled.</param>
internal sealed record GiftCardView(
    Guid Id, string LastCharacters, GiftCardStatus Status, Money Amount, Money Balance, Money Held, string Reason, DateTimeOffset IssuedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? EndedAt)
{
    public static GiftCardView Of(GiftCard card) => new(
        card.Id, card.LastCharacters, card.Status, card.Amount, new Money(card.Balance, card.Amount.Currency), new Money(card.Held, card.Amount.Currency), card.Reason,
        card.IssuedAt, card.ExpiresAt, card.EndedAt);
}
