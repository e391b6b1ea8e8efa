using ModularMonolith.Payments.Contracts;
using ModularMonolith.Payments.Operations;
using ModularMonolith.Payments.Payments;
using ModularMonolith.Payments.Providers;
using static ModularMonolith.Payments.Tests.PaymentSteps;

namespace ModularMonolith.Payments.Tests;

/// <summary>Money that had been given back and comes back, in parts and without having been asked for, and what the staff gives back in another way; without database and provider.</summary>
public sealed class CameBackTests
{
    private static readonly WasRefused Refused = new("refund-refused", "No.");

    [Fact]
    public void A_part_of_a_refund_that_comes_back_is_told_with_its_amount_and_can_be_asked_for_anew()
    {
        var payment = Refunded(TwoCards(), 900);

        var told = ComesBack(payment, "re_1");

        Assert.Equal([typeof(RefundReturned), typeof(RefundShortened)], told.Select(static item => item.GetType()));
        var (refund, shortened) = (payment.Payment.Refunds[0], (RefundShortened)told[1]);
        Assert.Equal((refund.Id, Eur(400), "refund-refused"), (shortened.RefundId, shortened.Missing, shortened.Code));
        Assert.Equal((MovementState.Completed, 400L, PaymentStatus.PartiallyRefunded, 500L), (refund.State, refund.CameBack, payment.Payment.Status, payment.Payment.Refunded));
        payment.Refund(500);
        payment.AnswerAll();
        Assert.Equal((PaymentStatus.Refunded, 1_000L), (payment.Payment.Status, payment.Payment.Refunded));
    }

    [Fact]
    public void When_the_second_part_comes_back_too_nothing_is_given_back()
    {
        var payment = Refunded(TwoCards(), 900);
        ComesBack(payment, "re_1");

        var told = ComesBack(payment, "re_2");

        Assert.Equal(Eur(500), Assert.Single(told.OfType<RefundShortened>()).Missing);
        Assert.Equal((MovementState.Refused, 0L, PaymentStatus.Captured), (payment.Payment.Refunds[0].State, payment.Payment.Refunded, payment.Payment.Status));
        Assert.False(Rechecks(payment, "re_1"));
    }

    [Fact]
    public void Both_parts_of_a_refund_are_asked_about_at_the_same_time_and_each_once()
    {
        var payment = Refunded(TwoCards(), 900);
        foreach (var reference in new[] { "re_1", "re_2", "re_1" })
        {
            Assert.True(Rechecks(payment, reference));
        }

        Assert.Equal(["re_1", "re_2"], payment.Operations.Select(static operation => operation.Refund));
        Assert.Empty(payment.Answer());
        Assert.Equal(Eur(500), Assert.Single(payment.Answer(static _ => Refused).OfType<RefundShortened>()).Missing);
    }

    [Fact]
    public void A_surplus_that_comes_back_is_left_to_the_staff_as_another_surplus()
    {
        var payment = SurplusGivenBack("re_1");

        var told = ComesBack(payment, "re_1");

        var returned = Assert.IsType<RefundReturned>(Assert.Single(told));
        Assert.Equal((new TenderPart("card", "test", "re_1", Eur(1_000)), payment.Told.OfType<SurplusReturned>().Single().SurplusId), (returned.Part, returned.RefundId));
        var operation = Assert.Single(payment.Operations);
        Assert.Equal((OperationKind.Refund, 1_000L, true), (operation.Kind, operation.Amount.Amount, operation.LeftBecause!.Contains("come back", StringComparison.Ordinal)));
        Assert.False(Rechecks(payment, "re_1"));

        // The staff has it given back once more, and the ledger books that as another one.
        var given = Assert.IsType<SurplusReturned>(Assert.Single(payment.Answer(static _ => new WasRefunded("re_2"))));
        Assert.NotEqual(returned.RefundId, given.SurplusId);
        Assert.Equal([("re_1", 0L), ("re_2", -1_000L)], BookedOf(payment, "re_1", "re_2"));
        Assert.Single(ComesBack(payment, "re_2").OfType<RefundReturned>());
    }

    [Fact]
    public void A_surplus_that_has_not_come_back_stays_given_back()
    {
        var payment = SurplusGivenBack("re_1");
        Rechecks(payment, "re_1");

        Assert.Empty(payment.Answer());

        Assert.Empty(payment.Payment.Pending);
        Assert.NotNull(payment.Payment.Surpluses.Single().GivenBackAt);
    }

    [Fact]
    public void What_the_staff_gives_back_outside_is_told_as_no_movement_of_the_provider()
    {
        var payment = SurplusGivenBack("re_1");
        ComesBack(payment, "re_1");
        var surplus = SettleOutside(payment).OfType<SurplusReturned>().Single();
        Assert.Equal(new TenderPart("outside", "outside", "transfer 7", Eur(1_000)), surplus.Part);
        Assert.False(Rechecks(payment, "transfer 7"));

        var second = TwoCards();
        second.Capture(1_000);
        second.AnswerAll();
        second.Refund(900);
        second.Answer(static _ => new WasRefunded("re_1"));
        second.Answer(static _ => new IsOnItsWay("re_2", true));
        Assert.Empty(second.Answer(static _ => Refused).OfType<RefundFailed>());
        var refunded = SettleOutside(second).OfType<PaymentRefunded>().Single();
        Assert.Equal([("card", "re_1", 400L), ("outside", "transfer 7", 500L)], refunded.Parts.Select(static part => (part.Kind, part.ProviderReference, part.Amount.Amount)));
        Assert.Equal([("re_1", -400L), ("re_2", 0L)], BookedOf(second, "re_1", "re_2"));
    }

    [Fact]
    public void What_was_given_outside_never_left_the_provider_when_the_rest_takes_its_time()
    {
        var payment = TwoCards();
        payment.Capture(1_000);
        payment.AnswerAll();
        payment.Refund(900);
        SettleOutside(payment);

        var sent = Assert.IsType<RefundSent>(Assert.Single(payment.Answer(static _ => new IsOnItsWay("re_2", true))));

        Assert.Equal(("re_2", 500L), (sent.Part.ProviderReference, sent.Part.Amount.Amount));
        var refunded = Assert.IsType<PaymentRefunded>(Assert.Single(payment.Answer()));
        Assert.Equal([("outside", 400L, false), ("card", 500L, true)], refunded.Parts.Select(static part => (part.Kind, part.Amount.Amount, part.WasSent)));
    }

    [Fact]
    public void What_was_sent_and_never_arrived_is_with_the_provider_again_when_it_is_given_outside()
    {
        var payment = TwoCards();
        payment.Capture(400);
        payment.AnswerAll();
        payment.Refund(400);
        payment.Answer(static _ => new IsOnItsWay("re_1", true));

        var told = SettleOutside(payment);

        Assert.Equal([typeof(RefundReturned), typeof(PaymentRefunded)], told.Select(static item => item.GetType()));
        Assert.Equal([("re_1", 0L)], BookedOf(payment, "re_1"));
    }

    private static IReadOnlyList<Platform.Contracts.IIntegrationEvent> SettleOutside(Decisions payment)
    {
        var open = payment.Payment.Pending.Single();
        payment.Operations.Clear();
        return payment.Do(change => change.Settle(
            open, new WasRefunded("transfer 7", IsOutside: true), new OutcomeSettled(open.Id, true, "transfer 7", "Transferred", null, DateTimeOffset.UnixEpoch, IsOutside: true)));
    }

    private static bool Rechecks(Decisions payment, string reference)
    {
        var isAsked = false;
        payment.Do(change => isAsked = change.Recheck(reference));
        return isAsked;
    }

    private static IReadOnlyList<Platform.Contracts.IIntegrationEvent> ComesBack(Decisions payment, string reference)
    {
        Assert.True(Rechecks(payment, reference));
        return payment.Answer(static _ => Refused);
    }

    // What the ledger would hold on the provider's account under each reference.
    private static List<(string Reference, long Amount)> BookedOf(Decisions payment, params string[] references) =>
    [
        .. references.Select(reference => (reference, payment.Told.SelectMany(static item => item switch
        {
            PaymentRefunded refunded => refunded.Parts.Where(static part => !part.WasSent).Select(static part => (part, Sign: -1)),
            RefundSent sent => [(sent.Part, -1)],
            RefundReturned returned => [(returned.Part, 1)],
            SurplusReturned { Part.WasSent: false } given => [(given.Part, -1)],
            _ => [],
        }).Where(moved => moved.part.Provider == "test" && moved.part.ProviderReference == reference).Sum(static moved => moved.Sign * moved.part.Amount.Amount))),
    ];

    private static Decisions SurplusGivenBack(string reference)
    {
        var payment = Decisions.Card(1_000);
        payment.AnswerAll();
        payment.Void();
        payment.Answer(static _ => new WasTaken("ch_late", 1_000));
        payment.Answer(_ => new WasRefunded(reference));
        return payment;
    }

    private static Decisions Refunded(Decisions payment, long amount)
    {
        payment.Capture(1_000);
        payment.AnswerAll();
        payment.Refund(amount);
        payment.Answer(static _ => new WasRefunded("re_1"));
        payment.Answer(static _ => new WasRefunded("re_2"));
        return payment;
    }

    private static Decisions TwoCards()
    {
        var payment = Decisions.Open(1_000, [new PaymentTender("card", "pm_card_visa", Eur(400)), new PaymentTender("card", "pm_card_mastercard")]);
        payment.AnswerAll();
        return payment;
    }
}
