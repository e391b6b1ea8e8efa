using ModularMonolith.Payments.Providers;

namespace ModularMonolith.Payments.TestProvider;

/// <summary>The cards of the test provider. Those that Stripe's test mode has too do the same as there; every other token that begins with <c>pm_card_</c> is a card that works.</summary>
internal static class TestCards
{
    public const string Visa = "pm_card_visa";
    public const string AuthenticationRequired = "pm_card_authenticationRequired";
    public const string RefundFails = "pm_card_refundFail";

    /// <summary>What is given back to it is on its way for ten seconds.</summary>
    public const string RefundIsPending = "pm_card_pendingRefund";

    /// <summary>Takes two seconds to be authorised.</summary>
    public const string Slow = "pm_card_slow";

    /// <summary>Is authorised, but the first answer is lost.</summary>
    public const string TimeoutAfterSuccess = "pm_card_timeoutAfterSuccess";

    /// <summary>Is authorised, but refuses captures.</summary>
    public const string CaptureFails = "pm_card_captureFail";

    /// <summary>Can be captured only once; what is captured later is authorised anew.</summary>
    public const string SingleCapture = "pm_card_singleCapture";

    public static readonly TimeSpan Slowness = TimeSpan.FromSeconds(2);

    /// <summary>Why a card is not authorised; null when it is.</summary>
    public static WasRefused? WhyNot(string token) => token switch
    {
        "pm_card_chargeDeclined" or "pm_card_visa_chargeDeclined" => Declines.Of("card_declined", null, null),
        "pm_card_chargeDeclinedInsufficientFunds" or "pm_card_visa_chargeDeclinedInsufficientFunds" => Declines.Of("card_declined", "insufficient_funds", null),
        "pm_card_chargeDeclinedExpiredCard" or "pm_card_visa_chargeDeclinedExpiredCard" => Declines.Of("expired_card", null, null),
        "pm_card_chargeDeclinedIncorrectCvc" or "pm_card_visa_chargeDeclinedIncorrectCvc" => Declines.Of("incorrect_cvc", null, null),
        _ when token.StartsWith("pm_card_", StringComparison.Ordinal) => null,
        _ => new WasRefused("unknown-payment-method", "The provider does not know this payment method."),
    };
}
