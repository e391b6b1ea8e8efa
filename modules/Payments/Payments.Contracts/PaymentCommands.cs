using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Payments.Contracts;

// Payments knows none of the modules that use it: what they have to tell it, they publish in the words of these events. All are safe to be told twice: their ids decide.

/// <summary>Told to Payments: this is to be paid. It answers <see cref="PaymentAuthorised"/>, <see cref="PaymentActionRequired"/> or <see cref="PaymentDeclined"/>.</summary>
/// <param name="PaymentId">Chosen by the caller; one payment for each. A UUID of version 7, by which lists are in the order of time.</param>
/// <param name="Reference">What it is for: the order.</param>
/// <param name="Amount">More than nothing.</param>
/// <param name="Tenders">1 to 5; those without an amount, at most one, pay what the others leave.</param>
/// <param name="ExpiresAt">When it counts as declined unless it is authorised before.</param>
[EventName("payments.payment-requested")]
public sealed record PaymentRequested(Guid PaymentId, string Reference, Money Amount, IReadOnlyList<PaymentTender> Tenders, DateTimeOffset ExpiresAt) : IIntegrationEvent
{
    string IIntegrationEvent.Key => PaymentId.ToString();
}

/// <summary>With what a payment, or a part of it, is paid.</summary>
/// <param name="Kind"><c>card</c> or <c>gift-card</c>.</param>
/// <param name="Token">The provider's token of the payment method, which is no card number; or the id of a gift card, as <see cref="FindGiftCard"/> has answered it.</param>
/// <param name="Amount">How much; null for what the other tenders leave.</param>
public sealed record PaymentTender(string Kind, string Token, Money? Amount = null);

/// <summary>Told to Payments: take this much of what was authorised. It answers <see cref="PaymentCaptured"/> or <see cref="CaptureFailed"/>.</summary>
/// <param name="PaymentId">The payment.</param>
/// <param name="CaptureId">Chosen by the caller; one capture for each.</param>
/// <param name="Amount">More than nothing, at most what is authorised and not captured.</param>
/// <param name="IsFinal">Whether nothing will be captured after it, so that the rest of the authorisation is given back.</param>
[EventName("payments.capture-requested")]
public sealed record CaptureRequested(Guid PaymentId, Guid CaptureId, Money Amount, bool IsFinal) : IIntegrationEvent
{
    string IIntegrationEvent.Key => PaymentId.ToString();
}

/// <summary>Told to Payments: what is authorised and not captured is not needed. A payment that still waits is given up. It answers <see cref="PaymentVoided"/>.</summary>
/// <param name="PaymentId">The payment.</param>
/// <param name="Reason">Why.</param>
[EventName("payments.void-requested")]
public sealed record VoidRequested(Guid PaymentId, string Reason) : IIntegrationEvent
{
    string IIntegrationEvent.Key => PaymentId.ToString();
}

/// <summary>Told to Payments: give this much of what was captured back. It answers <see cref="PaymentRefunded"/> or <see cref="RefundFailed"/>.</summary>
/// <param name="PaymentId">The payment.</param>
/// <param name="RefundId">Chosen by the caller; one refund for each.</param>
/// <param name="Amount">More than nothing, at most what is captured and not refunded.</param>
/// <param name="Reason">Why.</param>
[EventName("payments.refund-requested")]
public sealed record RefundRequested(Guid PaymentId, Guid RefundId, Money Amount, string Reason) : IIntegrationEvent
{
    string IIntegrationEvent.Key => PaymentId.ToString();
}
