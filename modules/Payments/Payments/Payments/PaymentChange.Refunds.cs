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
        || FindGivenBack(operation.SubjectId) is not null
        || Payment.Refunds.FirstOrDefault(refund => refund.Id == operation.SubjectId) is { } refund
            && (refund.State == MovementState.Completed || refund.Parts.All(static part => part.Reference is null));

    /// <summary>Whether an operation is about what was given back already, and asks only whether it has come back.</summary>
    public bool IsRecheck(PendingOperation operation) =>
        FindGivenBack(operation.SubjectId) is not null || Payment.Refunds.Any(refund => refund.Id == operation.SubjectId && refund.State == MovementState.Completed);

    /// <summary>Has the provider asked about what was given back: it may have come back.</summary>
    /// <param name="reference">The provider's id of the refund.</param>
    /// <returns>Whether it is asked, now or already; false where nothing was given back under it, or it has come back.</returns>
    public bool Recheck(string reference)
    {
        var refunds = Payment.Refunds.Where(static refund => refund.State == MovementState.Completed)
            .SelectMany(static refund => refund.Parts, static (refund, part) => (refund.Id, part.Tender, part.Intent, part.Amount, Reference: part.IsOutside ? null : part.Reference))
            .Where(part => !Payment.Tenders[part.Tender].IsGiftCard);
        var surpluses = Payment.Surpluses.Select(static surplus => (surplus.Id, surplus.Tender, Intent: (string?)surplus.Intent, surplus.Amount, surplus.Reference));
        var given = refunds.Concat(surpluses).Where(part => part.Reference == reference).ToList();
        foreach (var (subject, tender, intent, amount, _) in given)
        {
            if (!Payment.Pending.Any(pending => pending.SubjectId == subject && pending.Tender == tender && pending.Intent == intent))
            {
                Start(OperationKind.Check, Payment.Tenders[tender], amount, subject, intent, false, reference);
            }
        }

        return given.Count > 0;
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
            case WasRefunded or WasRefused when FindGivenBack(subject) is { } given:
                RecordRecheck(operation, given, outcome as WasRefused);
                break;
            case WasRefunded { IsOutside: true } outside when MovingParts(subject, wasSent: true).Count > 0:
                // Instead of by the provider, so it is with the provider again.
                TellReturned(subject);
                RecordRefund(operation, outside);
                break;
            case WasRefunded refunded when Payment.Surpluses.FirstOrDefault(found => found.Id == subject) is { } surplus:
                var part = refunded.IsOutside ? OutsidePart(refunded.Reference, operation.Amount) : CardPart(refunded.Reference, operation.Amount, surplus.WasSent);
                Append(new SurplusGivenBack(subject, operation.Tender, operation.Id, operation.Intent!, refunded.Reference, operation.Amount, now, refunded.IsOutside));
                Tell(new SurplusReturned(Payment.Id, Payment.Reference, subject, part, now));
                break;
            case WasRefunded refunded:
                Append(new TenderRefunded(subject, operation.Tender, operation.Id, operation.Intent!, refunded.Reference, operation.Amount, now, refunded.IsOutside));
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
        Tell(refund.Parts.Count == 1
            ? new RefundFailed(Payment.Id, Payment.Reference, refund.Id, refused.Code, refused.Reason)
            : new RefundShortened(Payment.Id, Payment.Reference, refund.Id, Of(part.Amount), refused.Code, refused.Reason, now));
    }

    // To give it back at once would most likely bring it back again, and again: somebody has to find out how the customer gets it.
    private void RecordRecheck(PendingOperation operation, Surplus surplus, WasRefused? refused)
    {
        var now = time.GetUtcNow();
        if (refused is null)
        {
            Append(new OperationDropped(operation.Id, now));
            return;
        }

        var next = Guid.CreateVersion7(now);
        Append(new SurplusBounced(surplus.Id, next, surplus.Tender, operation.Id, surplus.Intent, surplus.Reference!, surplus.Amount, refused.Code, refused.Reason, now));
        Tell(new RefundReturned(Payment.Id, Payment.Reference, surplus.Id, CardPart(surplus.Reference!, surplus.Amount), now));
        Start(OperationKind.Refund, Payment.Tenders[surplus.Tender], surplus.Amount, next, surplus.Intent, false, leftBecause: "It had been given back and has come back: " + refused.Reason);
    }

    private Surplus? FindGivenBack(Guid? subject) => Payment.Surpluses.FirstOrDefault(surplus => surplus.Id == subject && surplus is { GivenBackAt: not null, Reference: not null });

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
            .Where(part => part.WasSent == wasSent && !part.IsOutside && !Payment.Tenders[part.Tender].IsGiftCard && (part.Reference is null || !wasSent) && (part.Reference ?? part.PendingReference) is not null)
            .Select(static part => (part.Reference ?? part.PendingReference!, part.Amount));
        return [.. surplus, .. parts];
    }
}
