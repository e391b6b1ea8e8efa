using ModularMonolith.Payments.Contracts;
using ModularMonolith.Payments.GiftCards;
using ModularMonolith.Payments.Operations;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.IntegrationLog;

namespace ModularMonolith.Payments.Payments;

/// <summary>
/// A decision about one payment: what happens to it (<see cref="Steps"/>), what the provider has to be asked to do (<see cref="Operations"/>) and what the others are told. Nothing here
/// reads or writes anything.
/// </summary>
internal sealed partial class PaymentChange(Payment payment, GiftCardBook giftCards, string providerName, TimeProvider time)
{
    /// <summary>Captures and refunds of one payment at most, each.</summary>
    public const int MostMovements = 100;

    public Payment Payment { get; private set; } = payment;

    /// <summary>What happens to the payment, each with on whose behalf.</summary>
    public List<(object Step, EventHeaders Origin)> Decided { get; } = [];

    public IReadOnlyList<object> Steps => [.. Decided.Select(static decided => decided.Step)];

    public List<ProviderOperation> Operations { get; } = [];

    public List<Guid> Dropped { get; } = [];

    /// <summary>Authorisations that are not needed any more should not be sent unless they may have been.</summary>
    public bool AbandonsAuthorisations { get; private set; }

    /// <summary>What the others are told, each with on whose behalf.</summary>
    public List<(IIntegrationEvent Event, EventHeaders Origin)> Telling { get; } = [];

    public IReadOnlyList<IIntegrationEvent> Told => [.. Telling.Select(static told => told.Event)];

    /// <summary>On whose behalf what is decided next is done: steps, operations and what is told carry it.</summary>
    public EventHeaders Origin { get; set; } = EventHeaders.None;

    /// <summary>Asks for a payment.</summary>
    public static PaymentChange Open(PaymentRequested request, GiftCardBook giftCards, string providerName, TimeProvider time, EventHeaders? origin = null)
    {
        var now = time.GetUtcNow();
        var tenders = Resolve(request, out var fault);
        var opened = new PaymentOpened(request.Reference, request.Amount, tenders, request.ExpiresAt, now);
        var change = new PaymentChange(Payment.Create(opened) with { Id = request.PaymentId }, giftCards, providerName, time) { Origin = origin ?? EventHeaders.None };
        change.Decided.Add((opened, change.Origin));
        change.Authorise(fault, now);
        return change;
    }

    /// <summary>Answers a request about a payment that does not exist.</summary>
    public static IIntegrationEvent Unknown(IIntegrationEvent request, DateTimeOffset now) => request switch
    {
        CaptureRequested capture => new CaptureFailed(capture.PaymentId, string.Empty, capture.CaptureId, "unknown-payment", "There is no such payment."),
        RefundRequested refund => new RefundFailed(refund.PaymentId, string.Empty, refund.RefundId, "unknown-payment", "There is no such payment."),
        VoidRequested voided => new PaymentVoided(voided.PaymentId, string.Empty, now),
        _ => throw new ArgumentException($"{request.GetType().Name} is no request about a payment.", nameof(request)),
    };

    /// <summary>Takes a part of what is authorised.</summary>
    public void Capture(CaptureRequested request)
    {
        if (Payment.Captures.Any(capture => capture.Id == request.CaptureId))
        {
            return;
        }

        var now = time.GetUtcNow();
        if (WhyNoCapture(request) is var (code, reason))
        {
            Append(new CaptureRefused(request.CaptureId, request.Amount.Amount, code, reason, now));
            Tell(new CaptureFailed(Payment.Id, Payment.Reference, request.CaptureId, code, reason));
            return;
        }

        Append(new CaptureStarted(request.CaptureId, request.Amount.Amount, request.IsFinal, Allocation.Capture(Payment, request.Amount.Amount), now));
        Advance();
    }

    /// <summary>Gives back a part of what was captured.</summary>
    public void Refund(RefundRequested request)
    {
        if (Payment.Refunds.Any(refund => refund.Id == request.RefundId))
        {
            return;
        }

        var now = time.GetUtcNow();
        if (WhyNoRefund(request) is var (code, reason))
        {
            Append(new RefundRefused(request.RefundId, request.Amount.Amount, code, reason, now));
            Tell(new RefundFailed(Payment.Id, Payment.Reference, request.RefundId, code, reason));
            return;
        }

        Append(new RefundStarted(request.RefundId, request.Amount.Amount, request.Reason, Allocation.Refund(Payment, request.Amount.Amount), now));
        Advance();
    }

    /// <summary>Gives back what is authorised and not captured; gives up a payment that waits.</summary>
    public void Void(VoidRequested request)
    {
        if (Payment.IsVoidRequested && Payment.VoidedAt is null)
        {
            return;
        }

        if (Payment.DeclinedAt is not null || Payment.IsClosing)
        {
            Tell(new PaymentVoided(Payment.Id, Payment.Reference, Payment.VoidedAt ?? time.GetUtcNow()));
            return;
        }

        Append(new VoidStarted(request.Reason, time.GetUtcNow()));
        AbandonsAuthorisations = true;
        Advance();
    }

    /// <summary>The time to authorise it is over.</summary>
    public void Expire()
    {
        if (Payment.IsWaiting)
        {
            Decline("expired", "The payment was not authorised in time.");
            Advance();
        }
    }

    private (string Code, string Reason)? WhyNoCapture(CaptureRequested request) =>
        request.Amount.Currency != Payment.Amount.Currency || request.Amount.Amount <= 0 ? ("invalid-amount", $"An amount of more than nothing in {Payment.Amount.Currency} can be captured.")
        : Payment.AuthorisedAt is null ? ("not-authorised", "The payment is not authorised.")
        : Payment.IsClosing || Payment.Captures.Any(static capture => capture is { IsFinal: true, State: MovementState.Started }) ? ("closed", "What was not captured has been given back.")
        : Payment.Captures.Count >= MostMovements ? ("too-many", $"A payment has at most {MostMovements} captures.")
        : request.Amount.Amount > Allocation.Capturable(Payment) ? ("exceeds-authorisation", "It is more than what is authorised and not captured.")
        : null;

    private (string Code, string Reason)? WhyNoRefund(RefundRequested request) =>
        request.Amount.Currency != Payment.Amount.Currency || request.Amount.Amount <= 0 ? ("invalid-amount", $"An amount of more than nothing in {Payment.Amount.Currency} can be refunded.")
        : Payment.Refunds.Count >= MostMovements ? ("too-many", $"A payment has at most {MostMovements} refunds.")
        : request.Amount.Amount > Allocation.Refundable(Payment) ? ("exceeds-captured", "It is more than what is captured and not refunded.")
        : null;

    private void Authorise((string Code, string Reason)? fault, DateTimeOffset now)
    {
        var cards = Payment.Tenders.Where(static tender => tender.IsGiftCard).GroupBy(static tender => tender.Token);
        var refused = fault ?? cards.Select(card => giftCards.WhyNot(card.Key, Of(card.Sum(static tender => tender.Amount)), now)).FirstOrDefault(static found => found is not null);
        if (refused is var (code, reason))
        {
            Decline(code, reason);
            return;
        }

        foreach (var tender in Payment.Tenders)
        {
            if (tender.IsGiftCard)
            {
                giftCards.Hold(tender.Token, Payment.Id, tender.Number, tender.Amount, now);
                Append(new TenderAuthorised(tender.Number, null, tender.Token, null, true, now));
            }
            else
            {
                Start(OperationKind.Authorise, tender, tender.Amount, null, null, false);
            }
        }

        Advance();
    }

    private void Decline(string code, string reason)
    {
        var now = time.GetUtcNow();
        Append(new AuthorisationRefused(code, reason, now));
        AbandonsAuthorisations = true;
        Tell(new PaymentDeclined(Payment.Id, Payment.Reference, code, reason, now));
    }

    // What is left for the one tender without an amount; a tender for which nothing is left is none.
    private static List<OpenedTender> Resolve(PaymentRequested request, out (string Code, string Reason)? fault)
    {
        var given = request.Tenders.Where(static tender => tender.Amount is not null).Aggregate(Int128.Zero, static (sum, tender) => sum + tender.Amount!.Value.Amount);
        var rest = request.Amount.Amount - given;
        var isSound = request.Amount.Amount > 0
            && request.Tenders.Count is >= 1 and <= 5
            && request.Tenders.All(static tender => tender.Kind is Tender.Card or Tender.GiftCard && tender.Token is { Length: > 0 and <= 200 })
            && request.Tenders.All(tender => tender.Amount is not { } amount || (amount.Amount > 0 && amount.Currency == request.Amount.Currency))
            && rest >= 0
            && request.Tenders.Count(static tender => tender.Amount is null) is var open && (open == 1 || (open == 0 && rest == 0));
        fault = isSound ? null : ("invalid-tenders", "The parts of the payment do not make up its amount, or are of a kind that is not known.");
        return isSound
            ? [.. request.Tenders.Select(tender => new OpenedTender(tender.Kind, tender.Token, tender.Amount?.Amount ?? (long)rest)).Where(static tender => tender.Amount > 0)]
            : [];
    }

    private void Tell(IIntegrationEvent told) => Telling.Add((told, Origin));

    private Money Of(long amount) => new(amount, Payment.Amount.Currency);

    private void Append(IPaymentStep step)
    {
        Decided.Add((step, Origin));
        Payment = Payment.Apply(step);
    }

    private void Start(OperationKind kind, Tender tender, long amount, Guid? subjectId, string? intent, bool isFinal, string? refund = null, string? leftBecause = null)
    {
        var now = time.GetUtcNow();
        var captured = tender.Intents.FirstOrDefault(known => known.Reference == intent)?.Taken ?? 0;
        var operation = new ProviderOperation(Guid.CreateVersion7(now), Payment.Id, kind, tender.Number, tender.Token, Payment.Reference, Of(amount), intent, isFinal, now, captured, refund, Origin) { LeftBecause = leftBecause };
        Append(new OperationStarted(operation.Id, kind, tender.Number, amount, subjectId, intent, now));
        Operations.Add(operation);
    }
}
