using ModularMonolith.PaymentSimulator.Api;

namespace ModularMonolith.PaymentSimulator.Books;

/// <summary>How amounts are counted (docs.stripe.com/currencies): in the smallest unit; currencies of three decimals end in a zero.</summary>
internal static class Currencies
{
    private const long Largest = 99_999_999;

    private static readonly HashSet<string> OfThreeDecimals = ["bhd", "jod", "kwd", "omr", "tnd"];

    /// <summary>Checks an amount.</summary>
    /// <returns>The currency in lower case.</returns>
    public static string Check(string currency, long amount)
    {
        var lower = currency.ToLowerInvariant();
        if (lower.Length != 3 || !lower.All(char.IsAsciiLetterLower))
        {
            throw RequestFailure.Invalid(400, null, $"{currency} is no currency.", "currency");
        }

        return amount switch
        {
            < 1 => throw RequestFailure.Invalid(400, "parameter_invalid_integer", "amount is 1 or more.", "amount"),
            > Largest => throw RequestFailure.Invalid(400, "amount_too_large", $"amount is at most {Largest}.", "amount"),
            _ when OfThreeDecimals.Contains(lower) && amount % 10 != 0 => throw RequestFailure.Invalid(400, null, $"An amount in {lower} has a zero as its last digit.", "amount"),
            _ => lower,
        };
    }
}
