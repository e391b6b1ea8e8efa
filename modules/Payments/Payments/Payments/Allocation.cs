namespace ModularMonolith.Payments.Payments;

/// <summary>
/// How captures and refunds are spread over the tenders of a payment, to the unit. Captures take gift cards first and then cards, each in the order of the request: what is on a gift card
/// costs no fees. Refunds go to cards first and then to gift cards: money goes back where money came from.
/// </summary>
internal static class Allocation
{
    /// <summary>What can still be captured.</summary>
    public static long Capturable(Payment payment) => payment.Tenders.Sum(tender => Capturable(payment, tender));

    /// <summary>What can still be refunded.</summary>
    public static long Refundable(Payment payment) => payment.Tenders.Sum(tender => tender.Intents.Sum(intent => Refundable(payment, tender, intent)));

    /// <summary>Spreads a capture of at most <see cref="Capturable(Payment)"/>.</summary>
    public static IReadOnlyList<StartedPart> Capture(Payment payment, long amount)
    {
        var parts = new List<StartedPart>();
        foreach (var tender in payment.Tenders.OrderBy(static tender => !tender.IsGiftCard))
        {
            Take(parts, tender, null, Capturable(payment, tender), ref amount);
        }

        return parts;
    }

    /// <summary>Spreads a refund of at most <see cref="Refundable(Payment)"/>.</summary>
    public static IReadOnlyList<StartedPart> Refund(Payment payment, long amount)
    {
        var parts = new List<StartedPart>();
        foreach (var tender in payment.Tenders.OrderBy(static tender => tender.IsGiftCard))
        {
            foreach (var intent in tender.Intents)
            {
                Take(parts, tender, intent.Reference, Refundable(payment, tender, intent), ref amount);
            }
        }

        return parts;
    }

    private static void Take(List<StartedPart> parts, Tender tender, string? intent, long available, ref long rest)
    {
        var part = Math.Min(available, rest);
        if (part > 0)
        {
            parts.Add(new StartedPart(tender.Number, intent, part));
            rest -= part;
        }
    }

    private static long Capturable(Payment payment, Tender tender) =>
        // What an intent has given once it does not give again, also when it was a surplus; a new one does.
        tender.Status == TenderStatus.Authorised ? tender.Amount - (tender.IsSpent ? tender.Captured : tender.Taken) - payment.InCapture(tender.Number) : 0;

    private static long Refundable(Payment payment, Tender tender, TenderIntent intent) =>
        intent.Captured - intent.Refunded - payment.InRefund(tender.Number, intent.Reference) - payment.Unsettled(tender.Number, intent.Reference);
}
