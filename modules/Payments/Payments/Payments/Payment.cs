using System.Text.Json.Serialization;
using ModularMonolith.Payments.Operations;
using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Payments.Payments;

internal enum PaymentStatus
{
    Authorising,
    ActionRequired,
    Authorised,
    Declined,
    PartiallyCaptured,
    Captured,
    Voiding,
    Voided,
    PartiallyRefunded,
    Refunded,
}

/// <summary>A call to the provider whose outcome is not recorded yet.</summary>
internal sealed record PendingOperation(Guid Id, OperationKind Kind, int Tender, long Amount, Guid? SubjectId, string? Intent)
{
    /// <summary>Whether it is about a refund.</summary>
    [JsonIgnore]
    public bool IsOfRefund => Kind == OperationKind.Refund || (Kind == OperationKind.Check && SubjectId is not null);
}

/// <summary>A payment as its events have made it. It is immutable: the instance that the event store hands out is also the one from which it makes the next snapshot.</summary>
internal sealed record Payment
{
    public Guid Id { get; set; }

    public string Reference { get; init; } = string.Empty;

    public Money Amount { get; init; }

    public PaymentStatus Status { get; init; }

    public IReadOnlyList<Tender> Tenders { get; init; } = [];

    public IReadOnlyList<Movement> Captures { get; init; } = [];

    public IReadOnlyList<Movement> Refunds { get; init; } = [];

    public IReadOnlyList<Surplus> Surpluses { get; init; } = [];

    public IReadOnlyList<PendingOperation> Pending { get; init; } = [];

    /// <summary>Nothing will be captured any more beyond what has been started.</summary>
    public bool IsClosing { get; init; }

    public bool IsVoidRequested { get; init; }

    public string? Code { get; init; }

    public string? Reason { get; init; }

    public DateTimeOffset OpenedAt { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? AuthorisedAt { get; init; }

    public DateTimeOffset? ValidUntil { get; init; }

    public DateTimeOffset? DeclinedAt { get; init; }

    public DateTimeOffset? VoidedAt { get; init; }

    public int Version { get; set; }

    public long Captured => Tenders.Sum(static tender => tender.Captured);

    public long Refunded => Tenders.Sum(static tender => tender.Refunded);

    /// <summary>Whether it can still become authorised.</summary>
    public bool IsWaiting => AuthorisedAt is null && DeclinedAt is null && !IsClosing;

    public static Payment Create(PaymentOpened opened) => new()
    {
        Reference = opened.Reference,
        Amount = opened.Amount,
        Status = PaymentStatus.Authorising,
        Tenders = [.. opened.Tenders.Select(static (tender, number) =>
            new Tender(number, tender.Kind, tender.Token, tender.Amount, TenderStatus.Pending, [], false, false, null, null))],
        OpenedAt = opened.OpenedAt,
        ExpiresAt = opened.ExpiresAt,
    };

    public Payment Apply(IPaymentStep step)
    {
        var next = After(step);
        return next with { Status = next.DeriveStatus() };
    }

    /// <summary>What of a tender is in captures that have been started and not made.</summary>
    public long InCapture(int tender) => Captures.Where(static capture => capture.State == MovementState.Started).SelectMany(static capture => capture.Parts)
        .Where(part => part.Tender == tender && part.Reference is null).Sum(static part => part.Amount);

    /// <summary>What of an intent is in refunds that have been started and not made.</summary>
    public long InRefund(int tender, string intent) => Refunds.Where(static refund => refund.State == MovementState.Started).SelectMany(static refund => refund.Parts)
        .Where(part => part.Tender == tender && part.Intent == intent && part.Reference is null).Sum(static part => part.Amount);

    /// <summary>What of an intent was taken for a capture that may still fail in another part, and would be taken back then. What is being taken back is a surplus, and no capture any more.</summary>
    public long Unsettled(int tender, string intent) =>
        Captures.Where(static capture => capture.State == MovementState.Started).SelectMany(static capture => capture.Parts)
            .Where(part => part.Tender == tender && part.Intent == intent && part.Reference is not null).Sum(static part => part.Amount);

    private Payment After(IPaymentStep step) => step switch
    {
        OperationStarted started => this with { Pending = [.. Pending, new PendingOperation(started.OperationId, started.Kind, started.Tender, started.Amount, started.SubjectId, started.Intent)] },
        OperationDropped dropped => Without(dropped.OperationId),
        TenderAuthorised authorised => Without(authorised.OperationId).WithTender(authorised.Tender, tender => tender with
        {
            Status = TenderStatus.Authorised,
            Intents = [new TenderIntent(authorised.Intent, 0, 0)],
            CanCaptureAgain = authorised.CanCaptureAgain,
            ValidUntil = authorised.ValidUntil,
            ActionUrl = null,
        }),
        TenderActionRequired required => Without(required.OperationId).WithTender(required.Tender, tender => tender with
        {
            Status = TenderStatus.ActionRequired,
            Intents = [new TenderIntent(required.Intent, 0, 0)],
            ActionUrl = required.ActionUrl,
        }),
        TenderDeclined declined => Without(declined.OperationId).WithTender(declined.Tender, tender => tender with
        {
            Status = TenderStatus.Declined,
            // Without an intent the provider has not said that there is none.
            Intents = declined.Intent is null ? tender.Intents : [new TenderIntent(declined.Intent, 0, 0)],
            ActionUrl = null,
        }),
        TenderReleased released => Without(released.OperationId).WithTender(released.Tender, static tender => tender with { Status = TenderStatus.Released, ActionUrl = null }),
        AuthorisationCompleted completed => this with { AuthorisedAt = completed.CompletedAt, ValidUntil = completed.ValidUntil },
        AuthorisationRefused refused => this with { DeclinedAt = refused.RefusedAt, Code = refused.Code, Reason = refused.Reason },
        VoidStarted started => this with { IsClosing = true, IsVoidRequested = true, Reason = started.Reason },
        VoidCompleted completed => this with { VoidedAt = completed.CompletedAt },
        _ => AfterMovement(step),
    };

    private Payment AfterMovement(IPaymentStep step) => step switch
    {
        CaptureStarted started => this with { Captures = [.. Captures, Started(started.CaptureId, started.Amount, started.IsFinal, started.Parts, started.StartedAt)] },
        TenderCaptured captured => Without(captured.OperationId)
            .WithTender(captured.Tender, tender => tender.Took(captured.Intent, captured.Amount) with { IsSpent = captured.EndsIntent })
            .WithCapture(captured.CaptureId, capture => capture.Done(captured.Tender, null, captured.Intent, captured.Reference, captured.CapturedAt)),
        CaptureCompleted completed => WithCapture(completed.CaptureId, capture => capture with { State = MovementState.Completed, EndedAt = completed.CompletedAt }).ClosedByFinal(completed.CaptureId),
        CaptureRefused refused => Captures.Any(capture => capture.Id == refused.CaptureId)
            ? WithCapture(refused.CaptureId, capture => capture with { State = MovementState.Refused, Code = refused.Code, Reason = refused.Reason, EndedAt = refused.RefusedAt })
            : this with { Captures = [.. Captures, Refused(refused.CaptureId, refused.Amount, refused.Code, refused.Reason, refused.RefusedAt)] },
        RefundStarted started => this with { Refunds = [.. Refunds, Started(started.RefundId, started.Amount, false, started.Parts, started.StartedAt) with { Reason = started.Reason }] },
        TenderRefunded refunded => Without(refunded.OperationId)
            .WithTender(refunded.Tender, tender => tender.Gave(refunded.Intent, refunded.Amount))
            .WithRefund(refunded.RefundId, refund => refund.Done(refunded.Tender, refunded.Intent, refunded.Intent, refunded.Reference, refunded.RefundedAt, refunded.IsOutside)),
        RefundCompleted completed => WithRefund(completed.RefundId, refund => refund with { State = MovementState.Completed, EndedAt = completed.CompletedAt }),
        RefundRefused refused => Refunds.Any(refund => refund.Id == refused.RefundId)
            ? WithRefund(refused.RefundId, refund => refund with { State = MovementState.Refused, Code = refused.Code, Reason = refused.Reason, EndedAt = refused.RefusedAt })
            : this with { Refunds = [.. Refunds, Refused(refused.RefundId, refused.Amount, refused.Code, refused.Reason, refused.RefusedAt)] },
        _ => AfterDetour(step),
    };

    private Payment AfterDetour(IPaymentStep step) => step switch
    {
        RefundPending pending => Without(pending.OperationId)
            .WithRefund(pending.RefundId, refund => refund.Begun(pending.Tender, pending.Intent, pending.HasLeft ? pending.Reference : null))
            .WithSurplus(pending.RefundId, surplus => surplus with { PendingReference = pending.HasLeft ? pending.Reference : null }),
        RefundPartSent sent => WithRefund(sent.RefundId, refund => refund.Sent(sent.Reference)).WithSurplus(sent.RefundId, static surplus => surplus with { WasSent = true }),
        RefundPartReturned returned => WithRefund(returned.RefundId, refund => refund.Returned(returned.Reference))
            .WithSurplus(returned.RefundId, static surplus => surplus with { WasSent = false, PendingReference = null }),
        RefundBounced bounced => Without(bounced.OperationId).WithTender(bounced.Tender, tender => tender.Gave(bounced.Intent, -bounced.Amount)).WithRefund(bounced.RefundId, refund => refund.Bounced(bounced)),
        SurplusFound found => (Without(found.OperationId) with { Surpluses = [.. Surpluses, new Surplus(found.SurplusId, found.Tender, found.Intent, found.Amount, null, false, null)] })
            .WithTender(found.Tender, tender => tender.Exceeded(found.Intent, found.Amount, found.WasCaptured)),
        SurplusGivenBack given => Without(given.OperationId)
            .WithSurplus(given.SurplusId, surplus => surplus with { GivenBackAt = given.GivenBackAt, Reference = given.IsOutside ? null : given.Reference }),
        SurplusBounced bounced => Without(bounced.OperationId).WithReturned(bounced),
        _ => this,
    };

    private PaymentStatus DeriveStatus()
    {
        if (DeclinedAt is not null)
        {
            return PaymentStatus.Declined;
        }

        var captured = Captured;
        if (captured > 0)
        {
            var isComplete = IsClosing || captured == Amount.Amount;
            return Refunded switch
            {
                0 => isComplete ? PaymentStatus.Captured : PaymentStatus.PartiallyCaptured,
                var refunded => isComplete && refunded == captured ? PaymentStatus.Refunded : PaymentStatus.PartiallyRefunded,
            };
        }

        return IsClosing ? VoidedAt is null ? PaymentStatus.Voiding : PaymentStatus.Voided
            : AuthorisedAt is not null ? PaymentStatus.Authorised
            : Tenders.Any(static tender => tender.Status == TenderStatus.ActionRequired) ? PaymentStatus.ActionRequired
            : PaymentStatus.Authorising;
    }

    private Payment Without(Guid? operationId) => operationId is null ? this : this with { Pending = [.. Pending.Where(operation => operation.Id != operationId)] };

    private Payment WithTender(int number, Func<Tender, Tender> change) => this with { Tenders = [.. Tenders.Select(tender => tender.Number == number ? change(tender) : tender)] };

    private Payment WithCapture(Guid id, Func<Movement, Movement> change) => this with { Captures = [.. Captures.Select(capture => capture.Id == id ? change(capture) : capture)] };

    private Payment WithRefund(Guid id, Func<Movement, Movement> change) => this with { Refunds = [.. Refunds.Select(refund => refund.Id == id ? change(refund) : refund)] };

    private Payment WithSurplus(Guid id, Func<Surplus, Surplus> change) => this with { Surpluses = [.. Surpluses.Select(surplus => surplus.Id == id ? change(surplus) : surplus)] };

    private Payment WithReturned(SurplusBounced bounced) => this with
    {
        Surpluses =
        [
            .. Surpluses.Select(surplus => surplus.Id == bounced.SurplusId ? surplus with { Reference = null, CameBackAt = bounced.BouncedAt } : surplus),
            new Surplus(bounced.NextSurplusId, bounced.Tender, bounced.Intent, bounced.Amount, null, false, null),
        ],
    };

    private Payment ClosedByFinal(Guid captureId) => Captures.Any(capture => capture.Id == captureId && capture.IsFinal) ? this with { IsClosing = true } : this;

    private static Movement Started(Guid id, long amount, bool isFinal, IReadOnlyList<StartedPart> parts, DateTimeOffset at) =>
        new(id, amount, MovementState.Started, isFinal, [.. parts.Select(static part => new MovementPart(part.Tender, part.Intent, part.Amount, null))], null, null, at, null);

    private static Movement Refused(Guid id, long amount, string code, string reason, DateTimeOffset at) => new(id, amount, MovementState.Refused, false, [], code, reason, at, at);
}
