namespace ModularMonolith.PaymentSimulator.Books;

/// <summary>Why a card did not pay.</summary>
internal sealed record CardFailure(string Code, string? DeclineCode, string Message);

/// <summary>What a card does.</summary>
/// <param name="Failure">Set when it never pays.</param>
/// <param name="WantsAuthentication">Whether its bank asks the customer first.</param>
/// <param name="RefundFails">Whether nothing can be given back to it.</param>
/// <param name="RefundPends">Whether what is given back to it is on its way until somebody says what becomes of it.</param>
/// <param name="CaptureFailure">Set when it is authorised and cannot be captured.</param>
internal sealed record CardBehaviour(CardFailure? Failure = null, bool WantsAuthentication = false, bool RefundFails = false, bool RefundPends = false, CardFailure? CaptureFailure = null);

/// <summary>
/// The test cards that Stripe's own test mode knows (docs.stripe.com/testing), and some of the simulator's own, which begin with <c>pm_sim_</c>: all that are not named here pay, so that
/// each customer of a test can have one.
/// </summary>
internal static class PaymentMethods
{
    private const string Own = "pm_sim_";

    public static readonly CardFailure Declined = new("card_declined", "generic_decline", "The card was declined.");
    public static readonly CardFailure NotAuthenticated = new("payment_intent_authentication_failure", null, "The customer could not be authenticated, so the card cannot be charged.");
    public static readonly CardFailure AuthenticationNeeded = new("authentication_required", "authentication_required", "The card was declined: it wants the customer to authenticate.");

    private static readonly CardBehaviour Pays = new();
    private static readonly CardBehaviour Asks = new(WantsAuthentication: true);

    private static readonly Dictionary<string, CardBehaviour> Known = new(StringComparer.Ordinal)
    {
        ["pm_card_visa"] = Pays,
        ["pm_card_visa_debit"] = Pays,
        ["pm_card_mastercard"] = Pays,
        ["pm_card_mastercard_debit"] = Pays,
        ["pm_card_amex"] = Pays,
        ["pm_card_de"] = Pays,
        ["pm_card_chargeDeclined"] = new(Declined),
        ["pm_card_visa_chargeDeclined"] = new(Declined),
        ["pm_card_chargeDeclinedInsufficientFunds"] = Refuses("insufficient_funds", "The card has not enough on it."),
        ["pm_card_visa_chargeDeclinedInsufficientFunds"] = Refuses("insufficient_funds", "The card has not enough on it."),
        ["pm_card_visa_chargeDeclinedLostCard"] = Refuses("lost_card", "The card was declined."),
        ["pm_card_visa_chargeDeclinedStolenCard"] = Refuses("stolen_card", "The card was declined."),
        ["pm_card_visa_chargeDeclinedFraudulent"] = Refuses("fraudulent", "The card was declined."),
        ["pm_card_chargeDeclinedFraudulent"] = Refuses("fraudulent", "The card was declined."),
        ["pm_card_chargeDeclinedExpiredCard"] = new(new CardFailure("expired_card", null, "The card has expired.")),
        ["pm_card_chargeDeclinedIncorrectCvc"] = new(new CardFailure("incorrect_cvc", null, "The security code of the card is not right.")),
        ["pm_card_chargeDeclinedProcessingError"] = new(new CardFailure("processing_error", null, "The card could not be processed. Try again.")),
        ["pm_card_authenticationRequired"] = Asks,
        ["pm_card_authenticationRequiredOnSetup"] = Asks,
        ["pm_card_threeDSecure2Required"] = Asks,
        ["pm_card_authenticationRequiredChargeDeclinedInsufficientFunds"] = Refuses("insufficient_funds", "The card has not enough on it.") with { WantsAuthentication = true },
        ["pm_card_refundFail"] = new(RefundFails: true),
        ["pm_card_pendingRefund"] = new(RefundPends: true),
        ["pm_sim_captureFails"] = new(CaptureFailure: new CardFailure("card_declined", "generic_decline", "What was authorised could not be captured.")),
    };

    /// <summary>What a payment method does; null when there is none of that name.</summary>
    public static CardBehaviour? Find(string method) =>
        Known.TryGetValue(method, out var behaviour) ? behaviour : method.StartsWith(Own, StringComparison.Ordinal) && method.Length > Own.Length ? Pays : null;

    private static CardBehaviour Refuses(string declineCode, string message) => new(new CardFailure("card_declined", declineCode, message));
}
