using ModularMonolith.Payments.Contracts;
using ModularMonolith.Payments.Operations;
using ModularMonolith.Payments.Payments;
using ModularMonolith.Payments.Providers;
using static ModularMonolith.Payments.Tests.PaymentSteps;

namespace ModularMonolith.Payments.Tests;

/// <summary>Refunds that take their time, and money that is given back without anybody asking for it; without database and provider.</summary>
public sealed class MoneyOnTheWayTests
{
    [Fact]
    public void A_pending_refund_is_not_done_until_it_has_arrived()
    {
        var payment = Captured();
        payment.Refund(300);
        Assert.IsType<RefundSent>(Assert.Single(payment.Answer(static _ => new IsOnItsWay("re_1", true))));

        Assert.Equal((true, PaymentStatus.Captured, 0L), (payment.Payment.Refunds[0].IsPending, payment.Payment.Status, payment.Payment.Refunded));
        Assert.Equal((OperationKind.Check, "re_1"), (Assert.Single(payment.Operations).Kind, payment.Operations[0].Refund));

        var refunded = Assert.IsType<PaymentRefunded>(Assert.Single(payment.Answer()));
        Assert.Equal(new TenderPart("card", "test", "re_1", Eur(300), WasSent: true), Assert.Single(refunded.Parts));
        Assert.Equal((MovementState.Completed, PaymentStatus.PartiallyRefunded, 300L), (payment.Payment.Refunds[0].State, payment.Payment.Status, payment.Payment.Refunded));
    }

    [Fact]
    public void A_pending_refund_that_fails_is_told_and_can_be_asked_for_anew()
    {
        var payment = Captured();
        payment.Refund(1_000);
        payment.Answer(static _ => new IsOnItsWay("re_1", true));
        Assert.IsType<RefundFailed>(Assert.Single(payment.Refund(1)));

        var told = payment.Answer(static _ => new WasRefused("refund-refused", "No."));

        Assert.Equal([typeof(RefundReturned), typeof(RefundFailed)], told.Select(static item => item.GetType()));
        Assert.Equal((MovementState.Refused, PaymentStatus.Captured), (payment.Payment.Refunds[0].State, payment.Payment.Status));
        payment.Refund(1_000);
        payment.AnswerAll();
        Assert.Equal((PaymentStatus.Refunded, 1_000L), (payment.Payment.Status, payment.Payment.Refunded));
    }

    [Fact]
    public void What_has_not_left_the_account_is_not_told_as_sent()
    {
        var payment = Captured();
        payment.Refund(300);
        Assert.Empty(payment.Answer(static _ => new IsOnItsWay("re_1", false)));
        Assert.True(payment.Payment.Refunds[0].IsPending);

        Assert.IsType<RefundFailed>(Assert.Single(payment.Answer(static _ => new WasRefused("refund-refused", "No."))));
    }

    [Fact]
    public void When_the_second_part_of_a_refund_takes_its_time_the_first_is_told_as_sent()
    {
        var payment = TwoCards();
        payment.Capture(1_000);
        payment.AnswerAll();
        payment.Refund(900);
        payment.Answer();

        var told = payment.Answer(static _ => new IsOnItsWay("re_2", true)).Cast<RefundSent>().ToList();

        Assert.Equal([400L, 500L], told.Select(static sent => sent.Part.Amount.Amount));
        var refunded = Assert.IsType<PaymentRefunded>(Assert.Single(payment.Answer()));
        Assert.All(refunded.Parts, static part => Assert.True(part.WasSent));
    }

    [Fact]
    public void What_the_first_card_gave_to_a_capture_that_failed_is_told_as_taken_and_as_returned()
    {
        var payment = TwoCards();
        payment.Capture(1_000);
        payment.Answer();
        var told = payment.Answer(static _ => new WasRefused("capture-refused", "No."));

        var taken = Assert.Single(told.OfType<SurplusTaken>());
        Assert.Equal((400L, 0L), (taken.Part.Amount.Amount, payment.Payment.Captured));
        // It is on its way back already: nobody can have it refunded too.
        Assert.IsType<RefundFailed>(Assert.Single(payment.Refund(1)));
        var returned = Assert.IsType<SurplusReturned>(Assert.Single(payment.Answer()));
        Assert.Equal((taken.SurplusId, 400L), (returned.SurplusId, returned.Part.Amount.Amount));
        Assert.NotNull(Assert.Single(payment.Payment.Surpluses).GivenBackAt);
    }

    [Fact]
    public void What_was_taken_after_the_payment_was_given_up_is_given_back_and_told()
    {
        var payment = Decisions.Card(1_000);
        payment.AnswerAll();
        payment.Void();

        var told = payment.Answer(static _ => new WasTaken("ch_late", 1_000));

        Assert.Equal([typeof(SurplusTaken), typeof(PaymentVoided)], told.Select(static item => item.GetType()));
        Assert.Equal((OperationKind.Refund, 1_000L), (Assert.Single(payment.Operations).Kind, payment.Operations[0].Amount.Amount));
        Assert.IsType<SurplusReturned>(Assert.Single(payment.Answer()));
        Assert.Equal(PaymentStatus.Voided, payment.Payment.Status);
    }

    [Fact]
    public void A_surplus_whose_return_is_refused_stays_open_for_the_staff()
    {
        var payment = Decisions.Card(1_000);
        payment.AnswerAll();
        payment.Void();
        payment.Answer(static _ => new WasTaken("ch_late", 1_000));

        Assert.Empty(payment.Answer(static _ => new WasRefused("refund-refused", "No.")));

        var open = Assert.Single(payment.Payment.Pending);
        payment.Do(change => change.Settle(open, new WasRefunded("by hand"), new OutcomeSettled(open.Id, true, "by hand", "Transferred", null, DateTimeOffset.UnixEpoch)));
        Assert.Single(payment.Told.OfType<SurplusReturned>());
        Assert.Empty(payment.Payment.Pending);
    }

    [Fact]
    public void A_card_that_gave_to_a_failed_capture_is_charged_anew_for_the_next()
    {
        var payment = TwoCards();
        payment.Capture(600);
        payment.Answer();
        payment.Answer(static _ => new WasRefused("capture-refused", "No."));
        payment.AnswerAll();

        payment.Capture(600, isFinal: true);

        Assert.Equal((OperationKind.Charge, 400L), (Assert.Single(payment.Operations).Kind, payment.Operations[0].Amount.Amount));
        payment.Answer();
        Assert.Equal((OperationKind.Capture, 200L), (Assert.Single(payment.Operations).Kind, payment.Operations[0].Amount.Amount));
    }

    [Fact]
    public void A_capture_after_a_failed_one_knows_what_the_intent_has_given_before()
    {
        var payment = Decisions.Open(1_000, [new PaymentTender("card", "pm_card_visa", Eur(400)), new PaymentTender("card", "pm_card_mastercard")]);
        payment.AnswerAll();
        payment.Capture(100);
        payment.Answer();
        payment.Capture(700);
        payment.Answer();
        payment.Answer(static _ => new WasRefused("capture-refused", "No."));
        Assert.Equal((100L, 400L), (payment.Payment.Tenders[0].Captured, payment.Payment.Tenders[0].Taken));
        payment.AnswerAll();

        payment.Void();

        // The first card has nothing left to be given back; of the second all is.
        Assert.Equal([(1, 0L)], payment.Operations.Select(static operation => (operation.Tender, operation.Amount.Amount)));
    }

    [Fact]
    public void A_refund_that_comes_back_after_it_had_arrived_is_told_and_can_be_asked_for_anew()
    {
        var payment = Captured();
        payment.Refund(1_000);
        payment.Answer(static _ => new WasRefunded("re_1"));
        payment.Do(static change => change.Recheck("re_other"));
        Assert.Empty(payment.Operations);
        payment.Do(static change => change.Recheck("re_1"));
        payment.Do(static change => change.Recheck("re_1"));
        Assert.Equal("re_1", Assert.Single(payment.Operations).Refund);

        var told = payment.Answer(static _ => new WasRefused("refund-refused", "No."));

        Assert.Equal([typeof(RefundReturned), typeof(RefundFailed)], told.Select(static item => item.GetType()));
        Assert.Equal((MovementState.Refused, PaymentStatus.Captured, 0L), (payment.Payment.Refunds[0].State, payment.Payment.Status, payment.Payment.Refunded));
        payment.Do(static change => change.Recheck("re_1"));
        Assert.Empty(payment.Operations);
        payment.Refund(1_000);
        payment.AnswerAll();
        Assert.Equal((PaymentStatus.Refunded, 1_000L), (payment.Payment.Status, payment.Payment.Refunded));
    }

    [Fact]
    public void What_only_a_webhook_says_to_have_come_back_is_asked_about_and_not_believed()
    {
        var payment = Captured();
        payment.Refund(1_000);
        payment.Answer(static _ => new WasRefunded("re_1"));
        payment.Do(static change => change.Recheck("re_1"));

        Assert.Empty(payment.Answer());

        Assert.Equal((PaymentStatus.Refunded, 0), (payment.Payment.Status, payment.Payment.Pending.Count));
    }

    public static TheoryData<int> Seeds()
    {
        var seeds = new TheoryData<int>();
        seeds.AddRange([.. Enumerable.Range(1, 200)]);
        return seeds;
    }

    // What is told, added up for each of the provider's references, is what the provider's report would list.
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Whatever_happens_what_is_told_is_what_has_moved(int seed)
    {
        var random = new Random(seed);
        var report = new Dictionary<string, long>(StringComparer.Ordinal);
        var payment = TwoCards();
        for (var step = 0; step < 80; step++)
        {
            switch (random.Next(10))
            {
                case < 6 when payment.Operations.Count > 0:
                    payment.Answer(operation => Play(random, operation, report));
                    break;
                case < 8:
                    payment.Capture(random.Next(1, 500), random.Next(6) == 0);
                    break;
                case 8:
                    payment.Refund(random.Next(1, 500));
                    break;
                case 9 when random.Next(8) == 0:
                    payment.Void();
                    break;
                case 9 when report.Keys.FirstOrDefault(key => key.StartsWith("re_", StringComparison.Ordinal) && random.Next(3) == 0) is { } refund:
                    payment.Do(change => change.Recheck(refund));
                    break;
                default:
                    break;
            }
        }

        payment.Void();
        while (payment.Operations.Count > 0)
        {
            payment.Answer(operation => Play(random, operation, report, isEnding: true));
        }

        // What is refused although it is owed waits for the staff, and until then what a refund has given before is told as sent.
        Assert.Equal(
            report.Where(static entry => entry.Value != 0).OrderBy(static entry => entry.Key, StringComparer.Ordinal),
            Booked(payment.Told).Where(static entry => entry.Value != 0).OrderBy(static entry => entry.Key, StringComparer.Ordinal));
    }

    private static ProviderOutcome Play(Random random, ProviderOperation operation, Dictionary<string, long> report, bool isEnding = false)
    {
        var outcome = (operation.Kind, isEnding ? 99 : random.Next(10)) switch
        {
            (OperationKind.Capture, 0) => new WasRefused("no", "No."),
            (OperationKind.Cancel, 0 or 1) => new WasTaken("ch_" + operation.Id, 50),
            (OperationKind.Refund, 0) => new WasRefused("no", "No."),
            (OperationKind.Refund, < 5) => new IsOnItsWay("re_" + operation.Id, true),
            (OperationKind.Check, < 4) => new WasRefused("no", "No."),
            _ => Decisions.Succeed(operation),
        };
        var (reference, amount) = outcome switch
        {
            WasCaptured captured => (captured.Reference, operation.Amount.Amount),
            WasTaken taken => (taken.Reference, taken.Surplus),
            IsOnItsWay begun => (begun.Reference, -operation.Amount.Amount),
            WasRefunded refunded when operation.Kind == OperationKind.Refund => (refunded.Reference, -operation.Amount.Amount),
            WasRefused when operation.Kind == OperationKind.Check => (operation.Refund!, operation.Amount.Amount),
            _ => (string.Empty, 0L),
        };
        report[reference] = report.GetValueOrDefault(reference) + amount;
        return outcome;
    }

    private static Dictionary<string, long> Booked(IEnumerable<object> told)
    {
        var booked = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (var (part, sign) in told.SelectMany(static item => item switch
        {
            PaymentCaptured captured => captured.Parts.Select(static part => (part, 1)),
            PaymentRefunded refunded => refunded.Parts.Where(static part => !part.WasSent).Select(static part => (part, -1)),
            RefundSent sent => [(sent.Part, -1)],
            RefundReturned returned => [(returned.Part, 1)],
            SurplusTaken taken => [(taken.Part, 1)],
            SurplusReturned { Part.WasSent: false } given => [(given.Part, -1)],
            _ => Enumerable.Empty<(TenderPart, int)>(),
        }))
        {
            booked[part.ProviderReference] = booked.GetValueOrDefault(part.ProviderReference) + (sign * part.Amount.Amount);
        }

        return booked;
    }

    private static Decisions Captured()
    {
        var payment = Decisions.Card(1_000);
        payment.AnswerAll();
        payment.Capture(1_000);
        payment.AnswerAll();
        return payment;
    }

    private static Decisions TwoCards()
    {
        var payment = Decisions.Open(1_000, [new PaymentTender("card", "pm_card_visa", Eur(400)), new PaymentTender("card", "pm_card_mastercard")]);
        payment.AnswerAll();
        return payment;
    }
}
