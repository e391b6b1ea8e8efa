namespace ModularMonolith.Pricing.Prices;

/// <summary>A price that a list has for an item: what the choice is made of, and a part of a quote's evidence.</summary>
/// <param name="PriceList">The list's code.</param>
/// <param name="Title">Its title.</param>
/// <param name="IsForGroup">Whether the list is for a customer group.</param>
/// <param name="Priority">The list's priority.</param>
/// <param name="MinQuantity">From how many pieces on it counts.</param>
/// <param name="Price">Minor units.</param>
/// <param name="CompareAtPrice">The crossed-out price, minor units.</param>
internal sealed record PriceCandidate(string PriceList, string Title, bool IsForGroup, int Priority, int MinQuantity, long Price, long? CompareAtPrice);

/// <summary>Which of several prices counts.</summary>
internal static class PriceChoice
{
    /// <summary>
    /// Of each list the price with the largest quantity that is reached; of the lists the one with the highest priority, then one for the customer's group, then the lowest price. The
    /// code decides between equal ones, so that the same prices always make the same choice.
    /// </summary>
    /// <param name="candidates">The prices of lists that are active, of this customer and in the right currency.</param>
    /// <param name="quantity">How many are bought.</param>
    /// <returns>The price, or null when no list has one: then the catalogue's counts.</returns>
    public static PriceCandidate? Best(IReadOnlyList<PriceCandidate> candidates, int quantity)
    {
        PriceCandidate? best = null;
        foreach (var candidate in candidates)
        {
            if (candidate.MinQuantity <= quantity && IsLargest(candidate, candidates, quantity) && (best is null || IsBetter(candidate, best)))
            {
                best = candidate;
            }
        }

        return best;
    }

    // A list is compared by the one price that it has for the quantity, whatever its others are.
    private static bool IsLargest(PriceCandidate candidate, IReadOnlyList<PriceCandidate> candidates, int quantity)
    {
        foreach (var other in candidates)
        {
            if (other.PriceList == candidate.PriceList && other.MinQuantity <= quantity && other.MinQuantity > candidate.MinQuantity)
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsBetter(PriceCandidate one, PriceCandidate other)
    {
        if (one.Priority != other.Priority)
        {
            return one.Priority > other.Priority;
        }

        if (one.IsForGroup != other.IsForGroup)
        {
            return one.IsForGroup;
        }

        return one.Price != other.Price ? one.Price < other.Price : string.CompareOrdinal(one.PriceList, other.PriceList) < 0;
    }
}
