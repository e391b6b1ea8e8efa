using System.Text;
using ModularMonolith.Payments.Contracts;
using ModularMonolith.Payments.Operations;
using ModularMonolith.Payments.Payments;
using ModularMonolith.Payments.Providers;
using ModularMonolith.Platform.Testing;

namespace ModularMonolith.Payments.Tests;

/// <summary>Where a payment's status, which follows from its events, can go: everything is done in every order to payments of two cents, by one card, two cards, and a gift card with a card.</summary>
public sealed class PaymentStatesTests
{
    private static readonly (string How, Func<Decisions> Open)[] Beginnings =
    [
        ("request", static () => Decisions.Card(2)),
        ("request", static () => Decisions.Open(2, [new PaymentTender("card", "pm_card_visa", PaymentSteps.Eur(1)), new PaymentTender("card", "pm_card_mastercard")])),
        ("request", static () => WithGiftCard(1, new PaymentTender("card", "pm_card_visa"))),
        ("request by gift cards only", static () => WithGiftCard(2)),
        ("request that cannot be met", static () => Decisions.Open(2, [])),
    ];

    // A part of a capture that has failed in another part is taken back.
    private static readonly (string Name, Action<Decisions> Take)[] Steps =
    [
        ("authorised", static payment => Answer(payment, IsAuthorisation, Decisions.Succeed)),
        ("wants the customer", static payment => Answer(payment, static (_, operation) => operation.Kind == OperationKind.Authorise, static _ => new NeedsAction("pi", "https://bank.example"))),
        ("declined", static payment => Answer(payment, IsAuthorisation, Refuse)),
        ("captured", static payment => Answer(payment, IsCapture, Decisions.Succeed)),
        ("capture refused", static payment => Answer(payment, IsCapture, Refuse)),
        ("refunded", static payment => Answer(payment, static (payment, operation) => operation.Kind == OperationKind.Refund && !TakesBack(payment, operation), Decisions.Succeed)),
        ("taken back", static payment => Answer(payment, TakesBack, Decisions.Succeed)),
        ("given back", static payment => Answer(payment, static (_, operation) => operation.Kind == OperationKind.Cancel, Decisions.Succeed)),
        ("refund came back", ComeBack),
        ("captured", static payment => payment.Capture(1)),
        ("captured", static payment => payment.Capture(1, isFinal: true)),
        ("captured", static payment => payment.Capture(2)),
        ("refunded", static payment => payment.Refund(1)),
        ("refunded", static payment => payment.Refund(2)),
        ("void", static payment => payment.Void()),
        ("expire", static payment => payment.Do(static change => change.Expire())),
    ];

    private static readonly Lazy<IReadOnlyList<(Payment Before, string Step, Payment After)>> Everything = new(static () => [.. Beginnings.SelectMany(static beginning => Explore(beginning.Open))]);

    [Fact]
    public void The_page_shows_the_states_as_they_are()
    {
        var diagram = new StateDiagram("the states of a payment");
        foreach (var (how, open) in Beginnings)
        {
            diagram.Moves("[*]", how, open().Payment.Status.ToString());
        }

        foreach (var (before, step, after) in Everything.Value.Where(static move => move.Before.Status != move.After.Status))
        {
            diagram.Moves(before.Status.ToString(), step, after.Status.ToString());
        }

        diagram.CheckShownOn("docs/modules/payments.md");
    }

    [Fact]
    public void Whatever_happens_in_whatever_order_no_more_is_captured_than_asked_for_and_no_more_refunded_than_captured()
    {
        foreach (var (_, step, after) in Everything.Value)
        {
            Assert.True(after.Captured <= after.Amount.Amount, $"{after.Captured} of {after.Amount} are captured after '{step}'.");
            Assert.All(after.Tenders.SelectMany(static tender => tender.Intents), intent => Assert.True(intent.Refunded <= intent.Captured, $"{intent} after '{step}'."));
        }
    }

    // Breadth first, so that each situation is reached by as few steps as can be; a step that changes nothing leads to a situation that is known.
    private static List<(Payment Before, string Step, Payment After)> Explore(Func<Decisions> open)
    {
        var moves = new List<(Payment, string, Payment)>();
        var known = new HashSet<string> { Situation(open()) };
        var left = new Queue<Action<Decisions>[]>([[]]);
        while (left.TryDequeue(out var path))
        {
            foreach (var (name, step) in Steps)
            {
                var payment = open();
                Array.ForEach(path, taken => taken(payment));
                var before = payment.Payment;
                step(payment);
                if (payment.Payment != before)
                {
                    moves.Add((before, name, payment.Payment));
                }

                if (known.Add(Situation(payment)))
                {
                    left.Enqueue([.. path, step]);
                }
            }
        }

        return moves;
    }

    private static string Situation(Decisions payment)
    {
        var text = new StringBuilder().Append(payment.Payment.Status).Append(payment.Payment.IsClosing).Append(payment.Payment.VoidedAt is null);
        foreach (var tender in payment.Payment.Tenders)
        {
            text.Append('|').Append(tender.Status).Append(tender.Captured).Append(',').Append(tender.Refunded).Append(tender.IsSpent);
        }

        foreach (var movement in payment.Payment.Captures.Concat(payment.Payment.Refunds).Where(static movement => movement.State == MovementState.Started))
        {
            text.Append('/').Append(movement.Amount).Append(movement.IsFinal).Append(movement.Parts.Count(static part => part.Reference is not null));
        }

        foreach (var operation in payment.Operations)
        {
            text.Append('>').Append(operation.Kind).Append(operation.Tender).Append(operation.Amount.Amount);
        }

        return text.ToString();
    }

    private static void Answer(Decisions payment, Func<Payment, ProviderOperation, bool> isOf, Func<ProviderOperation, ProviderOutcome> outcome)
    {
        if (payment.Operations.FirstOrDefault() is { } first && isOf(payment.Payment, first))
        {
            payment.Answer(outcome);
        }
    }

    // The bank sends a refund back that had arrived.
    private static void ComeBack(Decisions payment)
    {
        if (payment.Operations.Count == 0
            && payment.Payment.Refunds.Where(static refund => refund.State == MovementState.Completed).SelectMany(static refund => refund.Parts)
                .FirstOrDefault(part => part.Reference is not null && !payment.Payment.Tenders[part.Tender].IsGiftCard) is { } part)
        {
            payment.Do(change => change.Recheck(part.Reference!));
            payment.Answer(Refuse);
        }
    }

    private static bool IsAuthorisation(Payment payment, ProviderOperation operation) => operation.Kind is OperationKind.Authorise or OperationKind.Check;

    private static bool IsCapture(Payment payment, ProviderOperation operation) => operation.Kind is OperationKind.Capture or OperationKind.Charge;

    private static bool TakesBack(Payment payment, ProviderOperation operation) =>
        operation.Kind == OperationKind.Refund && payment.Pending.FirstOrDefault(pending => pending.Id == operation.Id) is { } pending && payment.Surpluses.Any(surplus => surplus.Id == pending.SubjectId);

    private static WasRefused Refuse(ProviderOperation operation) => new("card-declined", "Declined.");

    private static Decisions WithGiftCard(long amount, params IReadOnlyList<PaymentTender> others)
    {
        var card = Decisions.GiftCard(amount);
        return Decisions.Open(2, [new PaymentTender("gift-card", card.Id.ToString(), PaymentSteps.Eur(amount)), .. others], card);
    }
}
