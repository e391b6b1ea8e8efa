using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Payments.Contracts;

/// <summary>Told by Payments: the whole amount is authorised and can be captured.</summary>
/// <param name="PaymentId">The payment.</param>
/// <param name="Reference">What it is for: the order.</param>
/// <param name="Amount">How much.</param>
/// <param name="AuthorisedAt">When.</param>
/// <param name="ExpiresAt">Until when it can be captured.</param>
[EventName("payments.payment-authorised")]
public sealed record PaymentAuthorised(Guid PaymentId, string Reference, Money Amount, DateTimeOffset AuthorisedAt, DateTimeOffset ExpiresAt) : IIntegrationEvent
{
    string IIntegrationEvent.Key => PaymentId.ToString();
}

/// <summary>Told by Payments: the provider wants the customer to do something first, as strong customer authentication does. Another answer follows.</summary>
/// <param name="PaymentId">The payment.</param>
/// <param name="Reference">What it is for: the order.</param>
/// <param name="ActionUrl">Where the customer does it.</param>
[EventName("payments.payment-action-required")]
public sealed record PaymentActionRequired(Guid PaymentId, string Reference, string ActionUrl) : IIntegrationEvent
{
    string IIntegrationEvent.Key => PaymentId.ToString();
}

/// <summary>Told by Payments: it is not paid and will not be. What some of the tenders had authorised is given back.</summary>
/// <param name="PaymentId">The payment.</param>
/// <param name="Reference">What it is for: the order.</param>
/// <param name="Code">Lower case with hyphens, for programs: <c>card-declined</c>, <c>insufficient-funds</c>, <c>expired</c>, <c>given-up</c> …</param>
/// <param name="Reason">A sentence for the customer.</param>
/// <param name="DeclinedAt">When.</param>
[EventName("payments.payment-declined")]
public sealed record PaymentDeclined(Guid PaymentId, string Reference, string Code, string Reason, DateTimeOffset DeclinedAt) : IIntegrationEvent
{
    string IIntegrationEvent.Key => PaymentId.ToString();
}

/// <summary>Told by Payments: a capture has been made.</summary>
/// <param name="PaymentId">The payment.</param>
/// <param name="Reference">What it is for: the order.</param>
/// <param name="CaptureId">The capture.</param>
/// <param name="Amount">How much.</param>
/// <param name="Parts">What each tender gave; they add up to the amount.</param>
/// <param name="CapturedAt">When.</param>
[EventName("payments.payment-captured")]
public sealed record PaymentCaptured(Guid PaymentId, string Reference, Guid CaptureId, Money Amount, IReadOnlyList<TenderPart> Parts, DateTimeOffset CapturedAt) : IIntegrationEvent
{
    string IIntegrationEvent.Key => PaymentId.ToString();
}

/// <summary>Told by Payments: a capture was refused for good; nothing was taken.</summary>
/// <param name="PaymentId">The payment.</param>
/// <param name="Reference">What it is for: the order.</param>
/// <param name="CaptureId">The capture.</param>
/// <param name="Code">Lower case with hyphens, for programs.</param>
/// <param name="Reason">A sentence.</param>
[EventName("payments.capture-failed")]
public sealed record CaptureFailed(Guid PaymentId, string Reference, Guid CaptureId, string Code, string Reason) : IIntegrationEvent
{
    string IIntegrationEvent.Key => PaymentId.ToString();
}

/// <summary>Told by Payments: nothing is authorised any more beyond what was captured.</summary>
/// <param name="PaymentId">The payment.</param>
/// <param name="Reference">What it is for: the order.</param>
/// <param name="VoidedAt">When.</param>
[EventName("payments.payment-voided")]
public sealed record PaymentVoided(Guid PaymentId, string Reference, DateTimeOffset VoidedAt) : IIntegrationEvent
{
    string IIntegrationEvent.Key => PaymentId.ToString();
}

/// <summary>Told by Payments: money was given back.</summary>
/// <param name="PaymentId">The payment.</param>
/// <param name="Reference">What it is for: the order.</param>
/// <param name="RefundId">The refund.</param>
/// <param name="Amount">How much.</param>
/// <param name="Parts">What each tender got back; they add up to the amount.</param>
/// <param name="RefundedAt">When.</param>
[EventName("payments.payment-refunded")]
public sealed record PaymentRefunded(Guid PaymentId, string Reference, Guid RefundId, Money Amount, IReadOnlyList<TenderPart> Parts, DateTimeOffset RefundedAt) : IIntegrationEvent
{
    string IIntegrationEvent.Key => PaymentId.ToString();
}

/// <summary>Told by Payments: a refund was refused for good; nothing was given back. It can follow <see cref="PaymentRefunded"/>: a bank can send back what it had taken.</summary>
/// <param name="PaymentId">The payment.</param>
/// <param name="Reference">What it is for: the order.</param>
/// <param name="RefundId">The refund.</param>
/// <param name="Code">Lower case with hyphens, for programs.</param>
/// <param name="Reason">A sentence.</param>
[EventName("payments.refund-failed")]
public sealed record RefundFailed(Guid PaymentId, string Reference, Guid RefundId, string Code, string Reason) : IIntegrationEvent
{
    string IIntegrationEvent.Key => PaymentId.ToString();
}

/// <summary>
/// Told by Payments: a part of a refund that was made of several has come back, and the rest has not. What came back is owed again; whoever has asked for the refund asks for that amount under another id.
/// When all parts come back one after the other, each is told so.
/// </summary>
/// <param name="PaymentId">The payment.</param>
/// <param name="Reference">What it is for: the order.</param>
/// <param name="RefundId">The refund, of which <see cref="PaymentRefunded"/> has told.</param>
/// <param name="Missing">How much has come back this time.</param>
/// <param name="Code">Lower case with hyphens, for programs.</param>
/// <param name="Reason">A sentence.</param>
/// <param name="ReturnedAt">When.</param>
[EventName("payments.refund-shortened")]
public sealed record RefundShortened(Guid PaymentId, string Reference, Guid RefundId, Money Missing, string Code, string Reason, DateTimeOffset ReturnedAt) : IIntegrationEvent
{
    string IIntegrationEvent.Key => PaymentId.ToString();
}

/// <summary>
/// Told by Payments: a part of a refund has left the shop's account at the provider and has not arrived. <see cref="PaymentRefunded"/> follows, or <see cref="RefundReturned"/>. Most refunds arrive at
/// once and are never told as sent.
/// </summary>
/// <param name="PaymentId">The payment.</param>
/// <param name="Reference">What it is for: the order.</param>
/// <param name="RefundId">The refund, or the surplus that is given back.</param>
/// <param name="Part">What has left.</param>
/// <param name="SentAt">When.</param>
[EventName("payments.refund-sent")]
public sealed record RefundSent(Guid PaymentId, string Reference, Guid RefundId, TenderPart Part, DateTimeOffset SentAt) : IIntegrationEvent
{
    string IIntegrationEvent.Key => PaymentId.ToString();
}

/// <summary>Told by Payments: what was told as sent (<see cref="TenderPart.WasSent"/>), or as refunded, has not arrived after all and is in the shop's account again.</summary>
/// <param name="PaymentId">The payment.</param>
/// <param name="Reference">What it is for: the order.</param>
/// <param name="RefundId">The refund, or the surplus.</param>
/// <param name="Part">What came back.</param>
/// <param name="ReturnedAt">When.</param>
[EventName("payments.refund-returned")]
public sealed record RefundReturned(Guid PaymentId, string Reference, Guid RefundId, TenderPart Part, DateTimeOffset ReturnedAt) : IIntegrationEvent
{
    string IIntegrationEvent.Key => PaymentId.ToString();
}

/// <summary>
/// Told by Payments: money was taken that belongs to no capture: by a capture that failed afterwards, or although the payment had been given up. It is given back without anybody asking for it;
/// <see cref="SurplusReturned"/> follows.
/// </summary>
/// <param name="PaymentId">The payment.</param>
/// <param name="Reference">What it is for: the order.</param>
/// <param name="SurplusId">One for each.</param>
/// <param name="Part">What was taken.</param>
/// <param name="TakenAt">When.</param>
[EventName("payments.surplus-taken")]
public sealed record SurplusTaken(Guid PaymentId, string Reference, Guid SurplusId, TenderPart Part, DateTimeOffset TakenAt) : IIntegrationEvent
{
    string IIntegrationEvent.Key => PaymentId.ToString();
}

/// <summary>Told by Payments: a surplus was given back. Should it come back (<see cref="RefundReturned"/>), it is given back again under another id.</summary>
/// <param name="PaymentId">The payment.</param>
/// <param name="Reference">What it is for: the order.</param>
/// <param name="SurplusId">The surplus.</param>
/// <param name="Part">What was given back.</param>
/// <param name="ReturnedAt">When.</param>
[EventName("payments.surplus-returned")]
public sealed record SurplusReturned(Guid PaymentId, string Reference, Guid SurplusId, TenderPart Part, DateTimeOffset ReturnedAt) : IIntegrationEvent
{
    string IIntegrationEvent.Key => PaymentId.ToString();
}

/// <summary>What one tender gave or got back.</summary>
/// <param name="Kind"><c>card</c> or <c>gift-card</c>; <c>outside</c> for what the staff has given back in another way, which no provider's report lists.</param>
/// <param name="Provider">The provider's name; the kind where there is no provider.</param>
/// <param name="ProviderReference">The provider's id of the capture or refund, under which its report lists it; the gift card's id for gift cards, and the staff's own reference for what was given back outside.</param>
/// <param name="Amount">How much.</param>
/// <param name="WasSent">Whether <see cref="RefundSent"/> has told before that it left.</param>
public sealed record TenderPart(string Kind, string Provider, string ProviderReference, Money Amount, bool WasSent = false);

/// <summary>Told by Payments: a gift card was issued, so that much is owed to whoever has it.</summary>
/// <param name="GiftCardId">The gift card.</param>
/// <param name="Amount">How much is on it.</param>
/// <param name="Reason"><c>sold</c>, <c>goodwill</c> or <c>refund</c>.</param>
/// <param name="IssuedAt">When.</param>
[EventName("payments.gift-card-issued")]
public sealed record GiftCardIssued(Guid GiftCardId, Money Amount, string Reason, DateTimeOffset IssuedAt) : IIntegrationEvent
{
    string IIntegrationEvent.Key => GiftCardId.ToString();
}

/// <summary>Told by Payments: a gift card has ended with this much on it, which is not owed any more. Money that is refunded to it later makes it good again; then it ends once more, with what is left then.</summary>
/// <param name="GiftCardId">The gift card.</param>
/// <param name="Remaining">What was left on it.</param>
/// <param name="Reason"><c>expired</c> or <c>cancelled</c>.</param>
/// <param name="EndedAt">When.</param>
[EventName("payments.gift-card-ended")]
public sealed record GiftCardEnded(Guid GiftCardId, Money Remaining, string Reason, DateTimeOffset EndedAt) : IIntegrationEvent
{
    string IIntegrationEvent.Key => GiftCardId.ToString();
}
