using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Ordering;

/// <summary>An amount with the tax that is in it.</summary>
/// <param name="Total">Tax included; not negative.</param>
/// <param name="Tax">At most the total.</param>
internal readonly record struct Share(Money Total, Money Tax)
{
    public Money Net => Total - Tax;

    public static Share Zero(string currency) => new(Money.Zero(currency), Money.Zero(currency));

    /// <summary>
    /// The part of some units of a whole, by largest remainders. Whoever takes parts one after the other, each of what the parts before have left, has the whole with the last unit:
    /// no part is negative and nothing is lost to rounding, whatever the order.
    /// </summary>
    /// <param name="taken">0 to <paramref name="of"/>.</param>
    /// <param name="of">The units of the whole; 1 or more.</param>
    public Share Part(int taken, int of)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(of);
        ArgumentOutOfRangeException.ThrowIfNegative(taken);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(taken, of);
        return new Share(Total.Allocate([taken, of - taken])[0], Tax.Allocate([taken, of - taken])[0]);
    }

    /// <summary>The part of this that has a given total, with its portion of the tax.</summary>
    /// <param name="total">0 to <see cref="Total"/>.</param>
    public Share OfTotal(Money total)
    {
        var rest = Total - total;
        ArgumentOutOfRangeException.ThrowIfNegative(total.Amount, nameof(total));
        ArgumentOutOfRangeException.ThrowIfNegative(rest.Amount, nameof(total));
        return new Share(total, Total.Amount == 0 ? Tax : Tax.Allocate([total.Amount, rest.Amount])[0]);
    }

    public static Share operator +(Share left, Share right) => new(left.Total + right.Total, left.Tax + right.Tax);

    public static Share operator -(Share left, Share right) => new(left.Total - right.Total, left.Tax - right.Tax);
}

internal static class Shares
{
    public static Share Sum(this IEnumerable<Share> shares, string currency) => shares.Aggregate(Share.Zero(currency), static (sum, next) => sum + next);
}
