using ModularMonolith.Payments.Contracts;
using ModularMonolith.Payments.GiftCards;
using ModularMonolith.Payments.Operations;
using ModularMonolith.Payments.Payments;
using ModularMonolith.Payments.Providers;
using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Payments.Tests;

/// <summary>One payment without database and provider: decisions are applied as they are made, and the operations wait for their outcome.</summary>
internal sealed class Decisions
{
    private Decisions(Payment payment, GiftCardBook book)
    {
        Payment = payment;
        Book = book;
    }

    public Payment Payment { get; private set; }

    public GiftCardBook Book { get; }

    public List<ProviderOperation> Operations { get; } = [];

    public List<IIntegrationEvent> Told { get; } = [];

    public static Decisions Open(long amount, IReadOnlyList<PaymentTender> tenders, params IEnumerable<GiftCard> cards)
    {
        var book = new GiftCardBook(cards);
        var change = PaymentChange.Open(
            new PaymentRequested(Guid.CreateVersion7(), "order", PaymentSteps.Eur(amount), tenders, DateTimeOffset.MaxValue), book, "test", TimeProvider.System);
        var opened = new Decisions(change.Payment, book);
        opened.Take(change);
        return opened;
    }

    public static Decisions Card(long amount) => Open(amount, [new PaymentTender("card", "pm_card_visa")]);

    public static GiftCard GiftCard(long amount) =>
        ModularMonolith.Payments.GiftCards.GiftCard.Create(new CardIssued("hash", "LAST", PaymentSteps.Eur(amount), "sold", null, DateTimeOffset.UnixEpoch)) with { Id = Guid.CreateVersion7() };

    /// <summary>Decides something.</summary>
    /// <returns>What the others were told.</returns>
    public IReadOnlyList<IIntegrationEvent> Do(Action<PaymentChange> decide, out IReadOnlyList<object> steps)
    {
        var change = new PaymentChange(Payment, Book, "test", TimeProvider.System);
        decide(change);
        Payment = change.Payment;
        Take(change);
        steps = change.Steps;
        return change.Told;
    }

    public IReadOnlyList<IIntegrationEvent> Do(Action<PaymentChange> decide) => Do(decide, out _);

    public IReadOnlyList<IIntegrationEvent> Capture(long amount, bool isFinal = false) =>
        Do(change => change.Capture(new CaptureRequested(Payment.Id, Guid.CreateVersion7(), PaymentSteps.Eur(amount), isFinal)));

    public IReadOnlyList<IIntegrationEvent> Refund(long amount) => Do(change => change.Refund(new RefundRequested(Payment.Id, Guid.CreateVersion7(), PaymentSteps.Eur(amount), "Came back")));

    public IReadOnlyList<IIntegrationEvent> Void() => Do(change => change.Void(new VoidRequested(Payment.Id, "Cancelled")));

    /// <summary>Gives the operation that waits longest its outcome.</summary>
    public IReadOnlyList<IIntegrationEvent> Answer(Func<ProviderOperation, ProviderOutcome>? outcome = null)
    {
        var operation = Operations[0];
        Operations.RemoveAt(0);
        var answer = (outcome ?? Succeed)(operation);
        var pending = Payment.Pending.First(found => found.Id == operation.Id);
        return Do(change =>
        {
            if (answer is WasRefused && !change.CanRefuse(pending))
            {
                change.Leave(pending);
            }
            else
            {
                change.Record(operation.Id, answer);
            }
        });
    }

    public void AnswerAll()
    {
        while (Operations.Count > 0)
        {
            Answer();
        }
    }

    public static ProviderOutcome Succeed(ProviderOperation operation) => operation.Kind switch
    {
        OperationKind.Check when operation.Refund is { } refund => new WasRefunded(refund),
        OperationKind.Authorise or OperationKind.Check => new WasAuthorised("pi_" + operation.Id, DateTimeOffset.MaxValue, true),
        OperationKind.Capture => new WasCaptured(operation.Intent!, "ch_" + operation.Id),
        OperationKind.Charge => new WasCaptured("pi_" + operation.Id, "ch_" + operation.Id),
        OperationKind.Cancel => new WasCancelled(),
        _ => new WasRefunded("re_" + operation.Id),
    };

    private void Take(PaymentChange change)
    {
        Operations.RemoveAll(operation => change.Dropped.Contains(operation.Id));
        Operations.AddRange(change.Operations);
        Told.AddRange(change.Told);
    }
}
