using ModularMonolith.Pricing.Quotes;

namespace ModularMonolith.Pricing.Promotions;

/// <summary>Finds the pieces that become cheaper when others are bought.</summary>
internal static class BuyGetOffer
{
    /// <summary>
    /// The offer is repeated as often as the pieces suffice, where a piece that is meant both ways counts once; of those that may become cheaper the cheapest are taken, as far as
    /// enough others are left to be bought.
    /// </summary>
    /// <returns>The item's place and how many of its pieces.</returns>
    public static IEnumerable<(int Index, long Pieces)> CheaperPieces(BuyGetAction offer, IReadOnlyList<DraftItem> items)
    {
        long onlyBought = 0, onlyCheaper = 0, both = 0;
        foreach (var item in items)
        {
            switch (offer.Buy.Covers(item), offer.Get.Covers(item))
            {
                case (true, true):
                    both += item.Quantity;
                    break;
                case (true, false):
                    onlyBought += item.Quantity;
                    break;
                case (false, true):
                    onlyCheaper += item.Quantity;
                    break;
            }
        }

        // Both sides are filled at once exactly if each can be filled alone and all pieces together suffice (Hall's theorem for two sides).
        var repetitions = Math.Min(
            Math.Min((onlyCheaper + both) / offer.GetQuantity, (onlyBought + both) / offer.BuyQuantity),
            Math.Min((onlyBought + onlyCheaper + both) / (offer.BuyQuantity + offer.GetQuantity), offer.Repetitions ?? long.MaxValue));
        var wanted = repetitions * offer.GetQuantity;
        var spare = onlyBought + both - (repetitions * offer.BuyQuantity);
        var cheapestFirst = Enumerable.Range(0, items.Count).Where(index => offer.Get.Covers(items[index]))
            .OrderBy(index => items[index].UnitPrice.Amount).ThenBy(static index => index);
        foreach (var index in cheapestFirst)
        {
            var isBoth = offer.Buy.Covers(items[index]);
            var pieces = Math.Min(Math.Min(wanted, items[index].Quantity), isBoth ? spare : long.MaxValue);
            if (pieces > 0)
            {
                wanted -= pieces;
                spare -= isBoth ? pieces : 0;
                yield return (index, pieces);
            }
        }
    }
}
