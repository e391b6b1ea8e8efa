using ModularMonolith.Payments.Operations;
using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Payments.Payments;

/// <summary>A payment as the staff sees it.</summary>
/// <param name="Id">The payment.</param>
/// <param name="Reference">What it is for: the order.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Amount">What is to be paid.</param>
/// <param name="Captured">What was taken.</param>
/// <param name="Refunded">What of it was given back.</param>
/// <param name="Code">Why it was declined, for programs.</param>
/// <param name="Reason">Why it was declined or voided.</param>
/// <param name="Tenders">With what it is paid.</param>
/// <param name="Captures">What was taken when.</param>
/// <param name="Refunds">What was given back when.</param>
/// <param name="Pending">What the provider has still to answer.</param>
/// <param name="Events">All that has happened, oldest first.</param>
/// <param name="OpenedAt">When it was asked for.</param>
/// <param name="ExpiresAt">Until when it can become authorised.</param>
/// <param name="AuthorisedAt">When it was authorised.</param>
/// <param name="ValidUntil">Until when it can be captured.</param>
/// <param name="DeclinedAt">When it was declined.</param>
/// <param name="VoidedAt">When the rest was given back.</param>
internal sealed record PaymentView(
    Guid Id, string Reference, PaymentStatus Status, Money Amount, Money Captured, Money Refunded, string? Code, string? Reason, IReadOnlyList<TenderView> Tenders,
    IReadOnlyList<PaymentMovementView> Captures, IReadOnlyList<PaymentMovementView> Refunds, IReadOnlyList<PendingView> Pending, IReadOnlyList<PaymentEventView> Events,
    DateTimeOffset OpenedAt, DateTimeOffset ExpiresAt, DateTimeOffset? AuthorisedAt, DateTimeOffset? ValidUntil, DateTimeOffset? DeclinedAt, DateTimeOffset? VoidedAt)
{
    public static PaymentView Of(Payment payment, IReadOnlyList<OperationState> operations, IReadOnlyList<PaymentEventView> events)
    {
        var currency = payment.Amount.Currency;
        return new PaymentView(
            payment.Id, payment.Reference, payment.Status, payment.Amount, new Money(payment.Captured, currency), new Money(payment.Refunded, currency), payment.Code, payment.Reason,
            [.. payment.Tenders.Select(tender => TenderView.Of(tender, currency))],
            [.. payment.Captures.Select(capture => PaymentMovementView.Of(capture, currency))],
            [.. payment.Refunds.Select(refund => PaymentMovementView.Of(refund, currency))],
            [.. payment.Pending.Select(pending => PendingView.Of(pending, currency, operations.FirstOrDefault(state => state.Id == pending.Id)))],
            events, payment.OpenedAt, payment.ExpiresAt, payment.AuthorisedAt, payment.ValidUntil, payment.DeclinedAt, payment.VoidedAt);
    }
}

/// <summary>With what a part of a payment is paid.</summary>
/// <param name="Number">Its place, from 0.</param>
/// <param name="Kind"><c>card</c> or <c>gift-card</c>.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Amount">What it pays.</param>
/// <param name="Captured">What was taken.</param>
/// <param name="Refunded">What of it was given back.</param>
/// <param name="ProviderReferences">The provider's payments; the id of a gift card.</param>
internal sealed record TenderView(int Number, string Kind, TenderStatus Status, Money Amount, Money Captured, Money Refunded, IReadOnlyList<string> ProviderReferences)
{
    public static TenderView Of(Tender tender, string currency) => new(
        tender.Number, tender.Kind, tender.Status, new Money(tender.Amount, currency), new Money(tender.Captured, currency), new Money(tender.Refunded, currency),
        [.. tender.Intents.Select(static intent => intent.Reference)]);
}

/// <summary>A capture or a refund.</summary>
/// <param name="Id">The capture or refund.</param>
/// <param name="State">Whether it is made.</param>
/// <param name="Amount">How much.</param>
/// <param name="IsFinal">Whether nothing is captured after it.</param>
/// <param name="Code">Why it was refused, for programs.</param>
/// <param name="Reason">Why it was refused, or why money is given back.</param>
/// <param name="StartedAt">When it was asked for.</param>
/// <param name="EndedAt">When it was made or refused.</param>
/// <param name="IsPending">Whether the provider has begun to give it back, and it has not arrived.</param>
/// <param name="CameBack">What of a refund has come back after it had been made; null when nothing has.</param>
internal sealed record PaymentMovementView(
    Guid Id, MovementState State, Money Amount, bool IsFinal, string? Code, string? Reason, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, bool IsPending, Money? CameBack = null)
{
    public static PaymentMovementView Of(Movement movement, string currency) => new(
        movement.Id, movement.State, new Money(movement.Amount, currency), movement.IsFinal, movement.Code, movement.Reason, movement.StartedAt, movement.EndedAt,
        movement is { State: MovementState.Started, IsPending: true }, movement.CameBack > 0 ? new Money(movement.CameBack, currency) : null);
}

/// <summary>A call to the provider whose outcome is not known yet.</summary>
/// <param name="OperationId">Its id, which is also its idempotency key.</param>
/// <param name="Kind">What is to be done.</param>
/// <param name="Tender">The tender's number.</param>
/// <param name="Amount">How much.</param>
/// <param name="IsStuck">Whether nobody tries it any more: it waits to be settled.</param>
/// <param name="Attempts">How often it was tried without outcome.</param>
/// <param name="Error">What went wrong last; null when nothing has.</param>
/// <param name="NextAttemptAt">When it is tried again; null while it is under way, and when it is stuck.</param>
internal sealed record PendingView(Guid OperationId, OperationKind Kind, int Tender, Money Amount, bool IsStuck, int Attempts, string? Error, DateTimeOffset? NextAttemptAt)
{
    public static PendingView Of(PendingOperation pending, string currency, OperationState? state) => new(
        pending.Id, pending.Kind, pending.Tender, new Money(pending.Amount, currency), state is { IsStuck: true }, state?.Attempts ?? 0, string.IsNullOrEmpty(state?.Error) ? null : state.Error,
        state is { IsStuck: false } ? state.NextAttemptAt : null);
}

/// <summary>One thing that happened to a payment.</summary>
/// <param name="Version">1 for the first.</param>
/// <param name="Name">What, for example <c>tender_authorised</c>.</param>
/// <param name="At">When it was recorded.</param>
/// <param name="Data">What was recorded about it; depends on the name.</param>
internal sealed record PaymentEventView(long Version, string Name, DateTimeOffset At, object Data);
