using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Payments.Stripe;

/// <summary>
/// Amounts as Stripe counts them (its documentation, "Supported currencies"): in the smallest unit, with exceptions. ISK and UGX are counted in hundredths which must be whole, MGA in whole units,
/// and currencies with three decimals must end in 0.
/// </summary>
internal static class StripeAmounts
{
    /// <summary>Converts to Stripe's count.</summary>
    /// <param name="money">The amount.</param>
    /// <param name="amount">Stripe's number.</param>
    /// <returns>False when Stripe cannot move this amount.</returns>
    public static bool TryConvert(Money money, out long amount)
    {
        amount = money.Amount;
        switch (money.Currency)
        {
            case "ISK" or "UGX":
                amount = money.Amount <= long.MaxValue / 100 ? money.Amount * 100 : 0;
                return amount > 0 || money.Amount == 0;
            case "MGA":
                amount /= 100;
                return money.Amount % 100 == 0;
            case "CLF" or "UYW" or "IQD" or "LYD":
                return false;
            default:
                return Money.Exponent(money.Currency) != 3 || amount % 10 == 0;
        }
    }

    /// <summary>Converts from Stripe's count.</summary>
    /// <param name="amount">Stripe's number.</param>
    /// <param name="currency">As Stripe writes it, in any case.</param>
    /// <returns>The amount.</returns>
    public static Money Read(long amount, string currency)
    {
        var code = currency.ToUpperInvariant();
        return code switch
        {
            "ISK" or "UGX" => new Money(amount / 100, code),
            "MGA" => new Money(checked(amount * 100), code),
            _ => new Money(amount, code),
        };
    }
}
