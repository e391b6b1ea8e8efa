using ModularMonolith.Platform.Contracts;
using ModularMonolith.Pricing.Quotes;

namespace ModularMonolith.Pricing.Promotions;

/// <summary>What is left of each item and of delivering while promotions take their shares one after the other. Nothing goes below zero.</summary>
internal sealed class RemainingAmounts
{
    private readonly QuoteDraft _draft;
    private readonly long[] _items;
    private long _shipping;

    public RemainingAmounts(QuoteDraft draft)
    {
        _draft = draft;
        _items = [.. draft.Items.Select(static item => item.Subtotal)];
        _shipping = draft.ShippingPrice?.Amount ?? 0;
    }

    /// <summary>Takes a promotion's share, unless it is more than it may give.</summary>
    /// <param name="actions">What it takes off, in this order.</param>
    /// <param name="most">Minor units that it may give; null is without limit.</param>
    /// <returns>What was taken; null when it would be more than <paramref name="most"/>, and then nothing is.</returns>
    public Discount? Take(IReadOnlyList<PromotionAction> actions, long? most)
    {
        var (items, shipping) = ((long[])_items.Clone(), _shipping);
        foreach (var action in actions)
        {
            Take(action);
        }

        var taken = new Discount([.. items.Zip(_items, static (before, after) => before - after)], shipping - _shipping);
        if (taken.Total <= (most ?? long.MaxValue))
        {
            return taken;
        }

        items.CopyTo(_items, 0);
        _shipping = shipping;
        return null;
    }

    private void Take(PromotionAction action)
    {
        switch (action)
        {
            case { Percentage: { } percentage }:
                Take(percentage);
                break;
            case { FixedAmount: { } amount }:
                Take(amount);
                break;
            case { BuyGet: { } offer }:
                foreach (var (index, pieces) in BuyGetOffer.CheaperPieces(offer, _draft.Items))
                {
                    Take(index, Share(_draft.Items[index].UnitPrice.Amount, offer.Percent) * pieces);
                }

                break;
            case { FreeShipping: { } free } when !free.Maximum.Excludes(_draft.Currency):
                _shipping -= Math.Min(_shipping, free.Maximum.In(_draft.Currency) ?? long.MaxValue);
                break;
        }
    }

    private void Take(PercentageAction action)
    {
        if (!action.Maximum.Excludes(_draft.Currency))
        {
            var covered = Covered(action.Match);
            Divide(Math.Min(Share(covered.Sum(), action.Percent), action.Maximum.In(_draft.Currency) ?? long.MaxValue), covered);
        }
    }

    private void Take(FixedAmountAction action)
    {
        if (action.Amounts.In(_draft.Currency) is not { } amount)
        {
            return;
        }

        if (!action.PerUnit)
        {
            var covered = Covered(action.Match);
            Divide(Math.Min(amount, covered.Sum()), covered);
            return;
        }

        for (var index = 0; index < _items.Length; index++)
        {
            if (action.Match.Covers(_draft.Items[index]))
            {
                Take(index, (Int128)amount * _draft.Items[index].Quantity);
            }
        }
    }

    // What is left of the items that are meant; zero for the others.
    private List<long> Covered(LineMatch? match) => [.. _draft.Items.Select((item, index) => match.Covers(item) ? _items[index] : 0)];

    // In proportion to what is left of each, so that no part is larger than that.
    private void Divide(long amount, List<long> covered)
    {
        if (amount > 0)
        {
            var parts = new Money(amount, _draft.Currency).Allocate(covered);
            for (var index = 0; index < _items.Length; index++)
            {
                _items[index] -= parts[index].Amount;
            }
        }
    }

    private void Take(int index, Int128 amount) => _items[index] -= (long)Int128.Min(_items[index], amount);

    private static long Share(long amount, decimal percent) => (long)Math.Round(amount * percent / 100, MidpointRounding.AwayFromZero);
}
