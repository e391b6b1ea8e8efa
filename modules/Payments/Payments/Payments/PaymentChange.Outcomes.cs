using ModularMonolith.Payments.Contracts;
using ModularMonolith.Payments.Operations;
using ModularMonolith.Payments.Providers;

namespace ModularMonolith.Payments.Payments;

/// <content>What the provider has answered.</content>
internal sealed partial class PaymentChange
{
    /// <summary>Takes note of what came of an operation.</summary>
    /// <returns>False when it is not waited for any more: it was recorded before, or is not needed.</returns>
    /// <exception cref="InvalidOperationException">The outcome is none of such an operation.</exception>
    public bool Record(Guid operationId, ProviderOutcome outcome)
    {
        if (Payment.Pending.FirstOrDefault(pending => pending.Id == operationId) is not { } operation)
        {
            return false;
        }

        switch (operation.Kind)
        {
            case OperationKind.Authorise or OperationKind.Check when !operation.IsOfRefund:
                RecordAuthorisation(operation, outcome);
                break;
            case OperationKind.Capture or OperationKind.Charge:
                RecordCapture(operation, outcome);
                break;
            case OperationKind.Cancel:
                RecordCancellation(operation, outcome);
                break;
            default:
                RecordRefund(operation, outcome);
                break;
        }

        Advance();
        return true;
    }

    /// <summary>Takes note of what somebody has found out about an operation.</summary>
    public void Settle(PendingOperation operation, ProviderOutcome outcome, OutcomeSettled settled)
    {
        Append(settled);
        Record(operation.Id, outcome);
    }

    private void RecordAuthorisation(PendingOperation operation, ProviderOutcome outcome)
    {
        var now = time.GetUtcNow();
        switch (outcome)
        {
            case WasAuthorised authorised:
                Append(new TenderAuthorised(operation.Tender, operation.Id, authorised.Intent, authorised.ValidUntil, authorised.CanCaptureAgain, now));
                break;
            case NeedsAction action:
                Append(new TenderActionRequired(operation.Tender, operation.Id, action.Intent, action.ActionUrl, now));
                if (Payment.IsWaiting)
                {
                    Start(OperationKind.Check, Payment.Tenders[operation.Tender], operation.Amount, null, action.Intent, false);
                    Tell(new PaymentActionRequired(Payment.Id, Payment.Reference, action.ActionUrl));
                }

                break;
            case WasRefused refused:
                Append(new TenderDeclined(operation.Tender, operation.Id, refused.Intent, refused.Code, refused.Reason, now));
                if (Payment.IsWaiting)
                {
                    Decline(refused.Code, refused.Reason);
                }

                break;
            default:
                throw Misfit(operation, outcome);
        }
    }

    private void RecordCapture(PendingOperation operation, ProviderOutcome outcome)
    {
        var now = time.GetUtcNow();
        var capture = Payment.Captures.First(found => found.Id == operation.SubjectId);
        switch (outcome)
        {
            case WasCaptured captured:
                var tender = Payment.Tenders[operation.Tender];
                var ends = operation.Kind == OperationKind.Charge || !tender.CanCaptureAgain || EndsIntent(operation, tender, capture);
                Append(new TenderCaptured(capture.Id, operation.Tender, operation.Id, captured.Intent, captured.Reference, operation.Amount, ends, now));
                break;
            case WasRefused refused:
                Append(new OperationDropped(operation.Id, now));
                Append(new CaptureRefused(capture.Id, capture.Amount, refused.Code, refused.Reason, now));
                Tell(new CaptureFailed(Payment.Id, Payment.Reference, capture.Id, refused.Code, refused.Reason));
                foreach (var part in capture.Parts.Where(static part => part.Reference is not null))
                {
                    ReturnSurplus(new SurplusFound(Guid.CreateVersion7(now), part.Tender, null, part.Intent!, part.Reference!, part.Amount, true, now), part.At ?? now);
                }

                break;
            default:
                throw Misfit(operation, outcome);
        }
    }

    private static bool EndsIntent(PendingOperation operation, Tender tender, Movement capture) => capture.IsFinal || tender.Taken + operation.Amount == tender.Amount;

    private void RecordCancellation(PendingOperation operation, ProviderOutcome outcome)
    {
        var now = time.GetUtcNow();
        switch (outcome)
        {
            case WasTaken taken:
                ReturnSurplus(new SurplusFound(Guid.CreateVersion7(now), operation.Tender, operation.Id, operation.Intent!, taken.Reference, taken.Surplus, false, now), now);
                Append(new TenderReleased(operation.Tender, null, now));
                break;
            // Refused: there is nothing that could be given back any more.
            case WasCancelled or WasRefused:
                Append(new TenderReleased(operation.Tender, operation.Id, now));
                break;
            default:
                throw Misfit(operation, outcome);
        }
    }

    private static InvalidOperationException Misfit(PendingOperation operation, ProviderOutcome outcome) => new($"{outcome.GetType().Name} is no outcome of the operation {operation.Kind} {operation.Id}.");
}
