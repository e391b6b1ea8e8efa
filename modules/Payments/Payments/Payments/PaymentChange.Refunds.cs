using ModularMonolith.Payments.Contracts;
using ModularMonolith.Payments.Operations;
using ModularMonolith.Payments.Providers;

namespace ModularMonolith.Payments.Payments;

/// <content>What comes of money that is given back: because it was asked for, or because it should not have been taken.</content>
internal sealed partial class PaymentChange
{
    /// <summary>
    /// Whether the refusal of an operation can be recorded. Of a refund of which a part was given already, and of what was taken without belonging to a capture, it cannot: somebody has to see to it.
    /// </summary>
    public bool CanRefuse(PendingOperation operation) =>
        !operation.IsOfRefund
        || Payment.Refunds.FirstOrDefault(refund => refund.Id == operation.SubjectId) is { } refund
            && (refund.State == MovementState.Completed || refund.Parts.All(static part => part.Reference is null));

    /// <summary>Has the provider asked about a refund that is made: it may have come back.</summary>
    /// <param name="reference">The provider's id of the refund.</param>
    public void Recheck(string reference)
    {
        foreach (var refund in Payment.Refunds.Where(static refund => refund.State == MovementState.Completed).ToList())
        {
            if (refund.Parts.FirstOrDefault(part => part.Reference == reference && !Payment.Tenders[part.Tender].IsGiftCard) is { } part && Payment.Pending.All(pending => pending.SubjectId != refund.Id))
            {
                Start(OperationKind.Check, Payment.Tenders[part.Tender], part.Amount, refund.Id, part.Intent, false, reference);
            }
        }
    }

    /// <summary>A refusal that cannot be recorded is left to the staff. What has moved until then is told, so that nobody's books wait for them.</summary>
    public void Leave(PendingOperation operation)
    {
        TellReturned(operation.SubjectId!.Value);
        TellSent(operation.SubjectId.Value);
    }

    private void RecordRefund(PendingOperation operation, ProviderOutcome outcome)
    {
        var now = time.GetUtcNow();
        var subject = operation.SubjectId!.Value;
        switch (outcome)
        {
            case WasRefunded or WasRefused when Payment.Refunds.FirstOrDefault(found => found.Id == subject) is { State: MovementState.Completed } made:
                RecordRecheck(operation, made, outcome as WasRefused);
                break;
            case WasRefunded refunded when Payment.Surpluses.FirstOrDefault(found => found.Id == subject) is { } surplus:
                Append(new SurplusGivenBack(subject, operation.Tender, operation.Id, operation.Intent!, refunded.Reference, operation.Amount, now));
                Tell(new SurplusReturned(Payment.Id, Payment.Reference, subject, CardPart(refunded.Reference, operation.Amount, surplus.WasSent), now));
                break;
            case WasRefunded refunded:
                Append(new TenderRefunded(subject, operation.Tender, operation.Id, operation.Intent!, refunded.Reference, operation.Amount, now));
                break;
            case IsOnItsWay begun when operation.Kind == OperationKind.Refund:
                Append(new RefundPending(subject, operation.Tender, operation.Id, operation.Intent!, begun.Reference, begun.HasLeft, now));
                Start(OperationKind.Check, Payment.Tenders[operation.Tender], operation.Amount, subject, operation.Intent, false, begun.Reference);
                if (begun.HasLeft)
                {
                    TellSent(subject);
                }

                break;
            case WasRefused refused when CanRefuse(operation):
                TellReturned(subject);
                var refund = Payment.Refunds.First(found => found.Id == subject);
                Append(new OperationDropped(operation.Id, now));
                Append(new RefundRefused(refund.Id, refund.Amount, refused.Code, refused.Reason, now));
                Tell(new RefundFailed(Payment.Id, Payment.Reference, refund.Id, refused.Code, refused.Reason));
                break;
            default:
                throw Misfit(operation, outcome);
        }
    }

    private void RecordRecheck(PendingOperation operation, Movement refund, WasRefused? refused)
    {
        var now = time.GetUtcNow();
        if (refused is null)
        {
            Append(new OperationDropped(operation.Id, now));
            return;
        }

        var part = refund.Parts.First(part => part.Reference is not null && part.Tender == operation.Tender && part.Intent == operation.Intent);
        Append(new RefundBounced(refund.Id, operation.Tender, operation.Id, operation.Intent!, part.Reference!, operation.Amount, refused.Code, refused.Reason, now));
        Tell(new RefundReturned(Payment.Id, Payment.Reference, refund.Id, CardPart(part.Reference!, part.Amount), now));
        if (refund.Parts.Count == 1)
        {
            Tell(new RefundFailed(Payment.Id, Payment.Reference, refund.Id, refused.Code, refused.Reason));
        }
    }

    // It is given back without anybody asking for it, and the ledger has to know of both.
    private void ReturnSurplus(SurplusFound found, DateTimeOffset takenAt)
    {
        Append(found);
        Tell(new SurplusTaken(Payment.Id, Payment.Reference, found.SurplusId, CardPart(found.Reference, found.Amount), takenAt));
        Start(OperationKind.Refund, Payment.Tenders[found.Tender], found.Amount, found.SurplusId, found.Intent, false);
    }

    // What has left and is not told because the whole is not given yet. That can take days, and the provider's report has it from now on.
    private void TellSent(Guid subject)
    {
        var now = time.GetUtcNow();
        foreach (var (reference, amount) in MovingParts(subject, wasSent: false))
        {
            Append(new RefundPartSent(subject, reference, now));
            Tell(new RefundSent(Payment.Id, Payment.Reference, subject, CardPart(reference, amount), now));
        }
    }

    private void TellReturned(Guid subject)
    {
        var now = time.GetUtcNow();
        foreach (var (reference, amount) in MovingParts(subject, wasSent: true))
        {
            Append(new RefundPartReturned(subject, reference, now));
            Tell(new RefundReturned(Payment.Id, Payment.Reference, subject, CardPart(reference, amount, wasSent: true), now));
        }
    }

    // Sent can be what has arrived and what has not; only what has not arrived comes back.
    private List<(string Reference, long Amount)> MovingParts(Guid subject, bool wasSent)
    {
        var surplus = Payment.Surpluses.Where(found => found.Id == subject && found.PendingReference is not null && found.GivenBackAt is null && found.WasSent == wasSent)
            .Select(static found => (found.PendingReference!, found.Amount));
        var parts = Payment.Refunds.Where(refund => refund.Id == subject).SelectMany(static refund => refund.Parts)
            .Where(part => part.WasSent == wasSent && !Payment.Tenders[part.Tender].IsGiftCard && (part.Reference is null || !wasSent) && (part.Reference ?? part.PendingReference) is not null)
            .Select(static part => (part.Reference ?? part.PendingReference!, part.Amount));
        return [.. surplus, .. parts];
    }
}
