using ModularMonolith.PaymentSimulator.Books;

namespace ModularMonolith.PaymentSimulator.Control;

/// <summary>What was really charged for one reference in one currency.</summary>
/// <param name="Reference">The payment method, or the value of a key of the metadata; empty where there is none.</param>
/// <param name="Currency">In lower case.</param>
/// <param name="Intents">How many intents.</param>
/// <param name="Authorised">What is held and can still be captured.</param>
/// <param name="Captures">How many captures.</param>
/// <param name="Captured">What was taken.</param>
/// <param name="Refunded">What was given back.</param>
internal sealed record ChargedTotals(string Reference, string Currency, int Intents, long Authorised, int Captures, long Captured, long Refunded)
{
    public static IReadOnlyList<ChargedTotals> Of(ProviderBooks books, string by) =>
    [
        .. books.Intents.All
            .GroupBy(intent => (Reference: by == "payment_method" ? intent.PaymentMethod ?? string.Empty : intent.Metadata.GetValueOrDefault(by, string.Empty), intent.Currency))
            .Select(group => new ChargedTotals(
                group.Key.Reference,
                group.Key.Currency,
                group.Count(),
                group.Sum(static intent => intent.Capturable),
                group.Sum(static intent => intent.Captures),
                group.Sum(static intent => intent.Captured),
                group.Sum(intent => intent.ChargeId is null ? 0 : books.Charge(intent.ChargeId).Refunded))),
    ];
}
