using ModularMonolith.Payments.Operations;
using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Payments.Payments;

/// <summary>Something that happened to an open payment. Amounts are in minor units of the payment's currency; tenders are counted from 0.</summary>
internal interface IPaymentStep;

/// <summary>The payment was asked for.</summary>
internal sealed record PaymentOpened(string Reference, Money Amount, IReadOnlyList<OpenedTender> Tenders, DateTimeOffset ExpiresAt, DateTimeOffset OpenedAt);

/// <summary>A tender with the amount that it pays.</summary>
internal sealed record OpenedTender(string Kind, string Token, long Amount);

/// <summary>The provider has to be called. The operation's id is also its idempotency key there.</summary>
/// <remarks><c>SubjectId</c>: the capture or refund that it is for. <c>Intent</c>: the provider's payment that it is about; null where it makes one.</remarks>
internal sealed record OperationStarted(Guid OperationId, OperationKind Kind, int Tender, long Amount, Guid? SubjectId, string? Intent, DateTimeOffset StartedAt) : IPaymentStep;

/// <summary>An operation is not needed any more, whatever comes of it.</summary>
internal sealed record OperationDropped(Guid OperationId, DateTimeOffset DroppedAt) : IPaymentStep;

/// <summary><c>OperationId</c>: null for gift cards, which are held in the same transaction. <c>Intent</c>: the provider's payment; the gift card's id. <c>CanCaptureAgain</c>: whether it can be captured several times.</summary>
internal sealed record TenderAuthorised(int Tender, Guid? OperationId, string Intent, DateTimeOffset? ValidUntil, bool CanCaptureAgain, DateTimeOffset AuthorisedAt) : IPaymentStep;

internal sealed record TenderActionRequired(int Tender, Guid OperationId, string Intent, string ActionUrl, DateTimeOffset RequiredAt) : IPaymentStep;

/// <summary><c>Intent</c>: the provider's payment, where one was made although it was declined.</summary>
internal sealed record TenderDeclined(int Tender, Guid? OperationId, string? Intent, string Code, string Reason, DateTimeOffset DeclinedAt) : IPaymentStep;

/// <summary>What was authorised and not captured is given back.</summary>
internal sealed record TenderReleased(int Tender, Guid? OperationId, DateTimeOffset ReleasedAt) : IPaymentStep;

/// <summary>All tenders are authorised.</summary>
internal sealed record AuthorisationCompleted(DateTimeOffset? ValidUntil, DateTimeOffset CompletedAt) : IPaymentStep;

/// <summary>It will not be paid.</summary>
internal sealed record AuthorisationRefused(string Code, string Reason, DateTimeOffset RefusedAt) : IPaymentStep;

internal sealed record CaptureStarted(Guid CaptureId, long Amount, bool IsFinal, IReadOnlyList<StartedPart> Parts, DateTimeOffset StartedAt) : IPaymentStep;

/// <summary>What one tender gives or gets back.</summary>
/// <remarks><c>Intent</c>: the provider's payment; null where a new one has to be made.</remarks>
internal sealed record StartedPart(int Tender, string? Intent, long Amount);

/// <summary><c>Reference</c>: the provider's id of the capture. <c>EndsIntent</c>: whether the provider gives back what was not captured.</summary>
internal sealed record TenderCaptured(Guid CaptureId, int Tender, Guid? OperationId, string Intent, string Reference, long Amount, bool EndsIntent, DateTimeOffset CapturedAt) : IPaymentStep;

internal sealed record CaptureCompleted(Guid CaptureId, DateTimeOffset CompletedAt) : IPaymentStep;

internal sealed record CaptureRefused(Guid CaptureId, long Amount, string Code, string Reason, DateTimeOffset RefusedAt) : IPaymentStep;

/// <summary>Money was taken that is no part of a capture, and is given back.</summary>
/// <remarks><c>OperationId</c>: the cancellation that has found it. <c>WasCaptured</c>: it was taken by a capture that another tender has refused; otherwise nobody knew of it. <c>Reference</c>: the provider's id of what was taken.</remarks>
internal sealed record SurplusFound(Guid SurplusId, int Tender, Guid? OperationId, string Intent, string Reference, long Amount, bool WasCaptured, DateTimeOffset FoundAt) : IPaymentStep;

/// <summary><c>Reference</c>: the provider's id of the refund. <c>IsOutside</c>: the staff has given it back in another way, and the reference is the staff's.</summary>
internal sealed record SurplusGivenBack(
    Guid SurplusId, int Tender, Guid OperationId, string Intent, string Reference, long Amount, DateTimeOffset GivenBackAt, bool IsOutside = false) : IPaymentStep;

/// <summary>A surplus that had been given back has come back: it is another surplus from now on, which the staff sees to.</summary>
/// <remarks><c>Reference</c>: the provider's id of the refund.</remarks>
internal sealed record SurplusBounced(
    Guid SurplusId, Guid NextSurplusId, int Tender, Guid OperationId, string Intent, string Reference, long Amount, string Code, string Reason, DateTimeOffset BouncedAt) : IPaymentStep;

internal sealed record RefundStarted(Guid RefundId, long Amount, string Reason, IReadOnlyList<StartedPart> Parts, DateTimeOffset StartedAt) : IPaymentStep;

/// <summary><c>Reference</c>: the provider's id of the refund. <c>IsOutside</c>: the staff has given it back in another way, and the reference is the staff's.</summary>
internal sealed record TenderRefunded(
    Guid RefundId, int Tender, Guid? OperationId, string Intent, string Reference, long Amount, DateTimeOffset RefundedAt, bool IsOutside = false) : IPaymentStep;

/// <summary>The provider has begun a refund, and it has not arrived.</summary>
/// <remarks><c>RefundId</c>: the refund, or the surplus. <c>Reference</c>: the provider's id of the refund. <c>HasLeft</c>: whether the provider has taken it from the shop's account already.</remarks>
internal sealed record RefundPending(Guid RefundId, int Tender, Guid OperationId, string Intent, string Reference, bool HasLeft, DateTimeOffset PendingAt) : IPaymentStep;

/// <summary>The others were told that this part has left, before the whole was given.</summary>
internal sealed record RefundPartSent(Guid RefundId, string Reference, DateTimeOffset SentAt) : IPaymentStep;

/// <summary>What was on its way is back.</summary>
internal sealed record RefundPartReturned(Guid RefundId, string Reference, DateTimeOffset ReturnedAt) : IPaymentStep;

/// <summary>A refund that was made has come back: the bank has not taken it after all.</summary>
/// <remarks><c>Reference</c>: the provider's id of the refund.</remarks>
internal sealed record RefundBounced(Guid RefundId, int Tender, Guid OperationId, string Intent, string Reference, long Amount, string Code, string Reason, DateTimeOffset BouncedAt) : IPaymentStep;

internal sealed record RefundCompleted(Guid RefundId, DateTimeOffset CompletedAt) : IPaymentStep;

internal sealed record RefundRefused(Guid RefundId, long Amount, string Code, string Reason, DateTimeOffset RefusedAt) : IPaymentStep;

internal sealed record VoidStarted(string Reason, DateTimeOffset StartedAt) : IPaymentStep;

internal sealed record VoidCompleted(DateTimeOffset CompletedAt) : IPaymentStep;

/// <summary>Somebody of the staff has said what came of an operation whose outcome nobody knew.</summary>
internal sealed record OutcomeSettled(
    Guid OperationId, bool Happened, string? Reference, string Reason, string? SettledBy, DateTimeOffset SettledAt, bool IsOutside = false) : IPaymentStep;
