namespace ModularMonolith.Payments.Providers;

/// <summary>What providers call the reasons of a decline, in this module's words. Nobody is told that a card was reported stolen.</summary>
internal static class Declines
{
    /// <param name="code">The error's code: <c>card_declined</c>, say.</param>
    /// <param name="declineCode">The bank's reason, if it has given one.</param>
    /// <param name="intent">The provider's payment, if there is one.</param>
    public static WasRefused Of(string? code, string? declineCode, string? intent)
    {
        var (name, reason) = (declineCode ?? code) switch
        {
            "insufficient_funds" => ("insufficient-funds", "There is not enough money on the account of the card."),
            "expired_card" => ("card-expired", "The card has expired."),
            "incorrect_cvc" or "invalid_cvc" => ("incorrect-cvc", "The security code of the card is wrong."),
            "authentication_required" or "authentication_not_handled" or "payment_intent_authentication_failure" => ("authentication-required", "The customer has to confirm the payment, and has not."),
            "card_not_supported" or "currency_not_supported" => ("card-not-supported", "The card cannot be used for this payment."),
            "card_velocity_exceeded" or "withdrawal_count_limit_exceeded" => ("limit-exceeded", "A limit of the card is exceeded."),
            _ => ("card-declined", "The card was declined."),
        };
        return new WasRefused(name, reason, intent);
    }
}
