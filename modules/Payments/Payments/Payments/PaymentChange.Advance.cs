using ModularMonolith.Payments.Contracts;
using ModularMonolith.Payments.Operations;

namespace ModularMonolith.Payments.Payments;

/// <content>What follows from the state by itself.</content>
internal sealed partial class PaymentChange
{
    private void Advance()
    {
        CompleteAuthorisation();
        while (AdvanceCapture() || AdvanceRefund())
        {
        }

        ReleaseWhatIsNotNeeded();
        if (Payment.IsVoidRequested && Payment.VoidedAt is null && Payment.Tenders.All(IsReleased))
        {
            var now = time.GetUtcNow();
            Append(new VoidCompleted(now));
            Tell(new PaymentVoided(Payment.Id, Payment.Reference, now));
        }
    }

    private void CompleteAuthorisation()
    {
        if (!Payment.IsWaiting || Payment.Tenders.Any(static tender => tender.Status != TenderStatus.Authorised))
        {
            return;
        }

        var now = time.GetUtcNow();
        var validUntil = Payment.Tenders.Min(static tender => tender.ValidUntil);
        Append(new AuthorisationCompleted(validUntil, now));
        Tell(new PaymentAuthorised(Payment.Id, Payment.Reference, Payment.Amount, now, validUntil ?? DateTimeOffset.MaxValue));
    }

    // One capture after the other, and of one capture one card after the other: whether an intent can be captured again is known only when it was captured.
    private bool AdvanceCapture()
    {
        if (Payment.Captures.FirstOrDefault(static capture => capture.State == MovementState.Started) is not { } capture || Payment.Pending.Any(operation => operation.SubjectId == capture.Id))
        {
            return false;
        }

        if (capture.Parts.FirstOrDefault(part => part.Reference is null && !Payment.Tenders[part.Tender].IsGiftCard) is { } next)
        {
            StartCapture(capture, next);
            return false;
        }

        // Gift cards cannot refuse what they hold, so they give their part when all cards have.
        var now = time.GetUtcNow();
        foreach (var part in capture.Parts.Where(static part => part.Reference is null))
        {
            var token = Payment.Tenders[part.Tender].Token;
            giftCards.Charge(token, Payment.Id, part.Tender, part.Amount, now);
            Append(new TenderCaptured(capture.Id, part.Tender, null, token, token, part.Amount, false, now));
        }

        Append(new CaptureCompleted(capture.Id, now));
        Tell(new PaymentCaptured(Payment.Id, Payment.Reference, capture.Id, Of(capture.Amount), PartsOf(Payment.Captures.First(other => other.Id == capture.Id)), now));
        return true;
    }

    private void StartCapture(Movement capture, MovementPart part)
    {
        var tender = Payment.Tenders[part.Tender];
        if (tender.IsSpent)
        {
            Start(OperationKind.Charge, tender, part.Amount, capture.Id, null, true);
            return;
        }

        var takesAll = tender.Taken + part.Amount == tender.Amount;
        Start(OperationKind.Capture, tender, part.Amount, capture.Id, tender.Intents[^1].Reference, takesAll || capture.IsFinal || !tender.CanCaptureAgain);
    }

    private bool AdvanceRefund()
    {
        if (Payment.Refunds.FirstOrDefault(static refund => refund.State == MovementState.Started) is not { } refund || Payment.Pending.Any(operation => operation.SubjectId == refund.Id))
        {
            return false;
        }

        if (refund.Parts.FirstOrDefault(part => part.Reference is null && !Payment.Tenders[part.Tender].IsGiftCard) is { } next)
        {
            Start(OperationKind.Refund, Payment.Tenders[next.Tender], next.Amount, refund.Id, next.Intent, false);
            return false;
        }

        var now = time.GetUtcNow();
        foreach (var part in refund.Parts.Where(static part => part.Reference is null))
        {
            giftCards.Refund(part.Intent!, Payment.Id, part.Tender, part.Amount, now);
            Append(new TenderRefunded(refund.Id, part.Tender, null, part.Intent!, part.Intent!, part.Amount, now));
        }

        Append(new RefundCompleted(refund.Id, now));
        Tell(new PaymentRefunded(Payment.Id, Payment.Reference, refund.Id, Of(refund.Amount), PartsOf(Payment.Refunds.First(other => other.Id == refund.Id)), now));
        return true;
    }

    private List<TenderPart> PartsOf(Movement movement) =>
    [
        .. movement.Parts.Select(part => part.IsOutside ? OutsidePart(part.Reference!, part.Amount)
            : Payment.Tenders[part.Tender] is { IsGiftCard: true } ? new TenderPart(Tender.GiftCard, Tender.GiftCard, part.Reference!, Of(part.Amount))
            : CardPart(part.Reference!, part.Amount, part.WasSent)),
    ];

    private TenderPart CardPart(string reference, long amount, bool wasSent = false) => new(Tender.Card, providerName, reference, Of(amount), wasSent);

    private TenderPart OutsidePart(string reference, long amount) => new(Tender.Outside, Tender.Outside, reference, Of(amount));

    private void ReleaseWhatIsNotNeeded()
    {
        if ((Payment.DeclinedAt is null && !Payment.IsClosing) || Payment.Captures.Any(static capture => capture.State == MovementState.Started))
        {
            return;
        }

        foreach (var tender in Payment.Tenders)
        {
            Release(tender);
        }
    }

    private void Release(Tender tender)
    {
        var now = time.GetUtcNow();
        var pending = Payment.Pending.Where(operation => operation.Tender == tender.Number && !operation.IsOfRefund).ToList();
        if (IsReleased(tender) || pending.Any(static operation => operation.Kind != OperationKind.Check))
        {
            return;
        }

        foreach (var check in pending)
        {
            Append(new OperationDropped(check.Id, now));
            Dropped.Add(check.Id);
        }

        var rest = tender.Amount - tender.Captured;
        if (tender is { IsGiftCard: true, Status: TenderStatus.Authorised })
        {
            giftCards.Release(tender.Token, Payment.Id, tender.Number, rest, now);
            Append(new TenderReleased(tender.Number, null, now));
        }
        else if (tender.Intents.Count == 0 || tender.IsSpent)
        {
            Append(new TenderReleased(tender.Number, null, now));
        }
        else
        {
            // A declined intent too: with its secret somebody could confirm it once more.
            Start(OperationKind.Cancel, tender, tender.Taken, null, tender.Intents[^1].Reference, false);
        }
    }

    private static bool IsReleased(Tender tender) =>
        tender.Status == TenderStatus.Released
        || (tender.Status == TenderStatus.Authorised && tender.Captured == tender.Amount)
        || (tender.Status == TenderStatus.Declined && tender.Intents.Count == 0);
}
