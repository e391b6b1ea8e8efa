using System.Text.Json.Serialization;

namespace ModularMonolith.Platform.Contracts;

/// <summary>An amount of money: integer minor units (cents, say) and an ISO 4217 currency.</summary>
public readonly record struct Money
{
    /// <summary>Creates an amount.</summary>
    /// <param name="amount">In minor units of the currency; may be negative.</param>
    /// <param name="currency">Three upper-case letters, ISO 4217.</param>
    /// <exception cref="ArgumentException">The currency is not three upper-case letters.</exception>
    [JsonConstructor]
    public Money(long amount, string currency)
    {
        if (!IsCurrencyCode(currency))
        {
            throw new ArgumentException("A currency is three upper-case letters as in ISO 4217, for example EUR.", nameof(currency));
        }

        Amount = amount;
        Currency = currency;
    }

    /// <summary>The amount in minor units of <see cref="Currency"/>.</summary>
    public long Amount { get; }

    /// <summary>The ISO 4217 code.</summary>
    public string Currency { get; }

    /// <summary>Zero in a currency.</summary>
    /// <param name="currency">The ISO 4217 code.</param>
    /// <returns>No money.</returns>
    public static Money Zero(string currency) => new(0, currency);

    /// <summary>Whether a text has the form of an ISO 4217 code.</summary>
    /// <param name="currency">The text.</param>
    /// <returns>True for three letters A to Z.</returns>
    public static bool IsCurrencyCode(string? currency) =>
        currency is { Length: 3 } && char.IsAsciiLetterUpper(currency[0]) && char.IsAsciiLetterUpper(currency[1]) && char.IsAsciiLetterUpper(currency[2]);

    /// <summary>How many decimal digits the currency's minor unit stands for (ISO 4217 exponent): 0 for JPY, 3 for KWD, otherwise 2.</summary>
    /// <param name="currency">The ISO 4217 code.</param>
    /// <returns>0, 2, 3 or 4.</returns>
    public static int Exponent(string currency) => currency switch
    {
        "BIF" or "CLP" or "DJF" or "GNF" or "ISK" or "JPY" or "KMF" or "KRW" or "PYG" or "RWF" or "UGX" or "VND" or "VUV" or "XAF" or "XOF" or "XPF" => 0,
        "BHD" or "IQD" or "JOD" or "KWD" or "LYD" or "OMR" or "TND" => 3,
        "CLF" or "UYW" => 4,
        _ => 2,
    };

    /// <summary>Converts a decimal amount in major units exactly.</summary>
    /// <param name="value">The amount, for example 42.99.</param>
    /// <param name="currency">The ISO 4217 code.</param>
    /// <param name="money">The amount in minor units.</param>
    /// <returns>False when the value has more digits than the currency's minor unit or does not fit.</returns>
    public static bool TryFromMajor(decimal value, string currency, out Money money)
    {
        var scaled = value;
        for (var digit = 0; digit < Exponent(currency); digit++)
        {
            if (Math.Abs(scaled) > long.MaxValue / 10)
            {
                money = default;
                return false;
            }

            scaled *= 10;
        }

        if (scaled != decimal.Truncate(scaled) || scaled is > long.MaxValue or < long.MinValue)
        {
            money = default;
            return false;
        }

        money = new Money((long)scaled, currency);
        return true;
    }

    /// <summary>The amount in major units, for display and for file formats that use them.</summary>
    /// <returns>For example 42.99.</returns>
    public decimal ToMajor()
    {
        decimal scale = 1;
        for (var digit = 0; digit < Exponent(Currency); digit++)
        {
            scale *= 10;
        }

        return Amount / scale;
    }

    /// <summary>Adds two amounts.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other, in the same currency.</param>
    /// <returns>The sum.</returns>
    /// <exception cref="InvalidOperationException">The currencies differ.</exception>
    /// <exception cref="OverflowException">The sum does not fit.</exception>
    public static Money operator +(Money left, Money right) => new(checked(left.Amount + right.AmountIn(left.Currency)), left.Currency);

    /// <summary>Subtracts an amount.</summary>
    /// <param name="left">From this.</param>
    /// <param name="right">What is taken away, in the same currency.</param>
    /// <returns>The difference.</returns>
    /// <exception cref="InvalidOperationException">The currencies differ.</exception>
    /// <exception cref="OverflowException">The difference does not fit.</exception>
    public static Money operator -(Money left, Money right) => new(checked(left.Amount - right.AmountIn(left.Currency)), left.Currency);

    /// <summary>Multiplies an amount by a quantity.</summary>
    /// <param name="money">The amount of one.</param>
    /// <param name="quantity">How many.</param>
    /// <returns>The amount of all.</returns>
    /// <exception cref="OverflowException">The product does not fit.</exception>
    public static Money operator *(Money money, int quantity) => new(checked(money.Amount * quantity), money.Currency);

    /// <summary>The same as <c>+</c>.</summary>
    /// <param name="left">One.</param>
    /// <param name="right">The other.</param>
    /// <returns>The sum.</returns>
    public static Money Add(Money left, Money right) => left + right;

    /// <summary>The same as <c>-</c>.</summary>
    /// <param name="left">From this.</param>
    /// <param name="right">What is taken away.</param>
    /// <returns>The difference.</returns>
    public static Money Subtract(Money left, Money right) => left - right;

    /// <summary>The same as <c>*</c>.</summary>
    /// <param name="money">The amount of one.</param>
    /// <param name="quantity">How many.</param>
    /// <returns>The product.</returns>
    public static Money Multiply(Money money, int quantity) => money * quantity;

    /// <summary>
    /// Divides the amount in proportion to weights, so that no unit is lost or made: each part is rounded towards zero, and what is left goes, unit by unit, to the parts with the
    /// largest remainders, of equal ones to the first (the method of Hamilton, also called that of largest remainders).
    /// </summary>
    /// <param name="weights">One for each part, none negative. When all are zero, all parts count alike.</param>
    /// <returns>The parts in the order of the weights; they add up to the amount.</returns>
    /// <exception cref="ArgumentException">There is no weight, or one is negative.</exception>
    public IReadOnlyList<Money> Allocate(IReadOnlyList<long> weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        if (weights.Count == 0 || weights.Any(static weight => weight < 0))
        {
            throw new ArgumentException("Name at least one weight, and none below zero.", nameof(weights));
        }

        // 128 bits hold the product of two amounts of 64.
        var effective = weights.All(static weight => weight == 0) ? [.. weights.Select(static _ => 1L)] : weights;
        var total = effective.Aggregate(Int128.Zero, static (sum, weight) => sum + weight);
        var parts = new long[effective.Count];
        var remainders = new (Int128 Size, int Index)[effective.Count];
        var left = Amount;
        for (var index = 0; index < effective.Count; index++)
        {
            var product = (Int128)Amount * effective[index];
            parts[index] = (long)(product / total);
            remainders[index] = (Int128.Abs(product % total), index);
            left -= parts[index];
        }

        foreach (var (_, index) in remainders.OrderByDescending(static remainder => remainder.Size).ThenBy(static remainder => remainder.Index).Take((int)Math.Abs(left)))
        {
            parts[index] += Math.Sign(left);
        }

        var currency = Currency;
        return [.. parts.Select(part => new Money(part, currency))];
    }

    /// <summary>The amount and the currency, for messages to people.</summary>
    /// <returns>For example <c>42.99 EUR</c>.</returns>
    public override string ToString() =>
        Currency is null ? "0" : ToMajor().ToString("F" + Exponent(Currency), System.Globalization.CultureInfo.InvariantCulture) + " " + Currency;

    private long AmountIn(string currency) => Currency == currency
        ? Amount
        : throw new InvalidOperationException($"An amount in {Currency} cannot be combined with one in {currency}.");
}
