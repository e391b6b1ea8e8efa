using FluentValidation;
using MediatR;
using ModularMonolith.Ordering.Orders;
using ModularMonolith.Payments.Contracts;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Http;

namespace ModularMonolith.Ordering.Payments;

/// <summary>With what the customer wants to pay.</summary>
/// <param name="Tenders">1 to 5; at most one card without an amount, which pays what the others leave.</param>
internal sealed record WantedPayment(IReadOnlyList<WantedTender> Tenders);

/// <summary>A card or a gift card.</summary>
/// <param name="Kind"><c>card</c> or <c>gift-card</c>.</param>
/// <param name="Token">The provider's token of the card, never its number.</param>
/// <param name="Code">The code of the gift card.</param>
/// <param name="Amount">How much; without it, what is on the gift card, or what the others leave.</param>
internal sealed record WantedTender(string Kind, string? Token = null, string? Code = null, Money? Amount = null)
{
    public const string Card = "card";
    public const string GiftCard = "gift-card";
}

internal sealed class WantedPaymentValidator : AbstractValidator<WantedPayment>
{
    public WantedPaymentValidator()
    {
        RuleFor(payment => payment.Tenders).NotEmpty().Must(static tenders => tenders is null || tenders.Count <= 5).WithMessage("At most five tenders.")
            .Must(static tenders => tenders is null || tenders.Count(static tender => tender is { Kind: WantedTender.Card, Amount: null }) <= 1).WithMessage("At most one card has no amount.")
            .Must(static tenders => tenders is null || tenders.Where(static tender => tender?.Code is not null).Select(static tender => tender.Code!.ToUpperInvariant()).Distinct().Count()
                == tenders.Count(static tender => tender?.Code is not null)).WithMessage("A gift card is named once.");
        RuleForEach(payment => payment.Tenders).NotNull().ChildRules(static tender =>
        {
            tender.RuleFor(static each => each.Kind).Must(static kind => kind is WantedTender.Card or WantedTender.GiftCard).WithMessage("The kind is card or gift-card.");
            tender.RuleFor(static each => each.Token).NotEmpty().MaximumLength(200).NoNul().When(static each => each.Kind == WantedTender.Card);
            tender.RuleFor(static each => each.Token).Null().When(static each => each.Kind == WantedTender.GiftCard).WithMessage("A gift card has a code and no token.");
            tender.RuleFor(static each => each.Code).NotEmpty().MaximumLength(100).NoNul().When(static each => each.Kind == WantedTender.GiftCard);
            tender.RuleFor(static each => each.Code).Null().When(static each => each.Kind == WantedTender.Card).WithMessage("A card has a token and no code.");
            tender.RuleFor(static each => each.Amount).Must(static amount => amount is null or { Amount: > 0 }).WithMessage("An amount is more than nothing.");
        });
    }
}

/// <summary>How an order is paid, in Payments' words and as the order keeps it; without tenders when there is nothing to be paid.</summary>
internal sealed record ResolvedPayment(IReadOnlyList<PaymentTender> Tenders, IReadOnlyList<PlannedTender> Planned);

/// <summary>Finds the gift cards that are meant, and divides the total among the tenders.</summary>
internal sealed class Tenders(ISender sender)
{
    /// <summary>The tenders with their amounts; null when no payment is wanted.</summary>
    /// <exception cref="ProblemException">They do not make up the total, or a gift card cannot be used.</exception>
    public async Task<ResolvedPayment?> ResolveAsync(WantedPayment? wanted, Money total, CancellationToken cancellationToken)
    {
        if (wanted is null)
        {
            return null;
        }

        var (tenders, planned, left) = (new List<PaymentTender>(), new List<PlannedTender>(), total);

        // Cards of which the amount is said come first: what a gift card may give depends on what they leave.
        foreach (var card in wanted.Tenders.Where(static tender => tender is { Kind: WantedTender.Card, Amount: not null }))
        {
            left -= InCurrency(card.Amount!.Value, total);
            Add(new PaymentTender(WantedTender.Card, card.Token!, card.Amount), null);
        }

        foreach (var gift in wanted.Tenders.Where(static tender => tender.Kind == WantedTender.GiftCard))
        {
            var card = await FindAsync(gift, total, cancellationToken);
            var amount = gift.Amount is { } said ? InCurrency(said, total) : new Money(Math.Min(card.Available.Amount, Math.Max(0, left.Amount)), total.Currency);
            if (amount.Amount > card.Available.Amount)
            {
                throw new ProblemException(OrderingProblems.GiftCardUnusable, $"There are {card.Available} on the gift card that ends with {card.LastCharacters}.");
            }

            left -= amount;
            if (amount.Amount > 0)
            {
                Add(new PaymentTender(WantedTender.GiftCard, card.GiftCardId.ToString(), amount), card.LastCharacters);
            }
        }

        if (left.Amount > 0 && wanted.Tenders.FirstOrDefault(static tender => tender is { Kind: WantedTender.Card, Amount: null }) is { } rest)
        {
            Add(new PaymentTender(WantedTender.Card, rest.Token!, left), null);
            left = Money.Zero(total.Currency);
        }

        return left.Amount == 0 ? new ResolvedPayment(tenders, planned) : throw Mismatch(total, total - left);

        void Add(PaymentTender tender, string? lastCharacters)
        {
            tenders.Add(tender);
            planned.Add(new PlannedTender(tender.Kind, tender.Amount, lastCharacters));
        }
    }

    private async Task<GiftCardDetails> FindAsync(WantedTender gift, Money total, CancellationToken cancellationToken)
    {
        var card = await sender.Send(new FindGiftCard(gift.Code!), cancellationToken)
            ?? throw new ProblemException(OrderingProblems.GiftCardUnusable, "There is no gift card with this code, or it has ended.");
        return card.Available.Currency == total.Currency
            ? card
            : throw new ProblemException(OrderingProblems.GiftCardUnusable, $"The gift card that ends with {card.LastCharacters} is in {card.Available.Currency}, and the order in {total.Currency}.");
    }

    private static Money InCurrency(Money amount, Money total) => amount.Currency == total.Currency
        ? amount
        : throw new ProblemException(OrderingProblems.TendersMismatch, $"The order is in {total.Currency}, and a tender in {amount.Currency}.");

    private static ProblemException Mismatch(Money total, Money tendered) =>
        new ProblemException(OrderingProblems.TendersMismatch, $"The tenders make up {tendered}, and the total is {total}.").With("tendered", tendered).With("total", total);
}
