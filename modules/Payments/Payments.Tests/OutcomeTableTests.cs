using ModularMonolith.Payments.Contracts;
using ModularMonolith.Payments.Operations;
using ModularMonolith.Payments.Payments;
using ModularMonolith.Payments.Providers;
using static ModularMonolith.Payments.Tests.PaymentSteps;

namespace ModularMonolith.Payments.Tests;

/// <summary>What each answer of a provider makes of each question.</summary>
public sealed class OutcomeTableTests
{
    // "!": the provider cannot have meant that, and nothing is recorded. "left": it is left to the staff.
    private const string Table = """
        Question       WasAuthorised     NeedsAction           WasCaptured     WasCancelled    WasTaken      WasRefunded       IsOnItsWay     WasRefused
        Authorise      TenderAuthorised  TenderActionRequired  !               !               !             !                 !              TenderDeclined
        Check          TenderAuthorised  TenderActionRequired  !               !               !             !                 !              TenderDeclined
        Capture        !                 !                     TenderCaptured  !               !             !                 !              CaptureRefused
        Charge         !                 !                     TenderCaptured  !               !             !                 !              CaptureRefused
        Cancel         !                 !                     !               TenderReleased  SurplusFound  !                 !              TenderReleased
        Refund         !                 !                     !               !               !             TenderRefunded    RefundPending  RefundRefused
        SecondRefund   !                 !                     !               !               !             TenderRefunded    RefundPending  left
        RefundCheck    !                 !                     !               !               !             TenderRefunded    !              RefundRefused
        Recheck        !                 !                     !               !               !             OperationDropped  !              RefundBounced
        Surplus        !                 !                     !               !               !             SurplusGivenBack  RefundPending  left
        SurplusAgain   !                 !                     !               !               !             OperationDropped  !              SurplusBounced
        """;

    private static readonly string[] Questions = [.. Table.Split('\n').Skip(1).Select(static row => row.Split(' ', StringSplitOptions.RemoveEmptyEntries)[0])];

    public static TheoryData<string, string, string> Cells()
    {
        var rows = Table.Split('\n').Select(static row => row.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).ToList();
        var cells = new TheoryData<string, string, string>();
        foreach (var row in rows.Skip(1))
        {
            foreach (var (outcome, effect) in rows[0].Skip(1).Zip(row.Skip(1)))
            {
                cells.Add(row[0], outcome, effect);
            }
        }

        return cells;
    }

    [Fact]
    public void The_table_has_every_answer_to_every_question()
    {
        var outcomes = typeof(ProviderOutcome).Assembly.GetTypes().Where(static type => type.IsSubclassOf(typeof(ProviderOutcome))).ToList();
        var passing = outcomes.Where(static type => type == typeof(IsUndecided) || type == typeof(WasNotDone) || type == typeof(IsUnknown)).ToList();

        Assert.Equal(outcomes.Except(passing).Select(static type => type.Name).Order(), Cells().Select(static cell => (string)cell[1]).Distinct().Order());
        Assert.Empty(Enum.GetNames<OperationKind>().Except(Questions));
        Assert.Equal(Questions.Length * (outcomes.Count - passing.Count), Cells().Count);
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void An_answer_has_the_effect_of_the_table(string question, string outcome, string effect)
    {
        var payment = Asked(question);
        var operation = payment.Operations[0];
        ProviderOutcome answer = outcome switch
        {
            "WasAuthorised" => new WasAuthorised("pi", DateTimeOffset.MaxValue, true),
            "NeedsAction" => new NeedsAction("pi", "https://bank.example"),
            "WasCaptured" => new WasCaptured("pi", "ch"),
            "WasCancelled" => new WasCancelled(),
            "WasTaken" => new WasTaken("ch", 10),
            "WasRefunded" => new WasRefunded("re"),
            "IsOnItsWay" => new IsOnItsWay("re", true),
            _ => new WasRefused("no", "No."),
        };
        var pending = payment.Payment.Pending.Single(found => found.Id == operation.Id);
        if (effect == "left")
        {
            Assert.False(new PaymentChange(payment.Payment, payment.Book, "test", TimeProvider.System).CanRefuse(pending));
            return;
        }

        if (effect == "!")
        {
            var before = payment.Payment;
            Assert.Throws<InvalidOperationException>(() => payment.Do(change => change.Record(operation.Id, answer)));
            Assert.Same(before, payment.Payment);
            return;
        }

        payment.Do(change => change.Record(operation.Id, answer), out var steps);

        Assert.Equal(effect, (steps.FirstOrDefault(static step => step is not (OperationDropped or RefundPartReturned)) ?? steps[0]).GetType().Name);
        Assert.DoesNotContain(payment.Payment.Pending, found => found.Id == operation.Id);
    }

    private static Decisions Asked(string question)
    {
        var payment = question == "SecondRefund"
            ? Decisions.Open(1_000, [new PaymentTender("card", "pm_card_one", Eur(400)), new PaymentTender("card", "pm_card_two")])
            : Decisions.Card(1_000);
        switch (question)
        {
            case "Authorise":
                return payment;
            case "Check":
                payment.Answer(static _ => new NeedsAction("pi", "https://bank.example"));
                return payment;
            default:
                // An intent that gives once, so that a second capture charges anew.
                payment.Answer(operation => question == "Charge" ? new WasAuthorised("pi", DateTimeOffset.MaxValue, false) : Decisions.Succeed(operation));
                payment.AnswerAll();
                break;
        }

        if (question is "Cancel" or "Surplus" or "SurplusAgain")
        {
            payment.Void();
            if (question != "Cancel")
            {
                payment.Answer(static _ => new WasTaken("ch", 10));
            }

            if (question == "SurplusAgain")
            {
                payment.Answer(static _ => new WasRefunded("re"));
                payment.Do(static change => change.Recheck("re"));
            }

            return payment;
        }

        payment.Capture(question is "Charge" or "Capture" ? 100 : 1_000);
        if (question == "Capture")
        {
            return payment;
        }

        payment.AnswerAll();
        if (question == "Charge")
        {
            payment.Capture(100);
            return payment;
        }

        payment.Refund(1_000);
        if (question == "Recheck")
        {
            payment.Answer(static _ => new WasRefunded("re"));
            payment.Do(static change => change.Recheck("re"));
        }
        else if (question != "Refund")
        {
            payment.Answer(operation => question == "RefundCheck" ? new IsOnItsWay("re", true) : Decisions.Succeed(operation));
        }

        return payment;
    }
}
