using ModularMonolith.Payments.Contracts;
using ModularMonolith.Payments.GiftCards;
using ModularMonolith.Payments.Operations;
using ModularMonolith.Payments.Payments;
using ModularMonolith.Payments.Providers;
using static ModularMonolith.Payments.Tests.PaymentSteps;

namespace ModularMonolith.Payments.Tests;

/// <summary>Several tenders, without database and provider.</summary>
public sealed class SplitTenderTests
{
    [Fact]
    public void A_capture_takes_gift_cards_first_and_a_refund_gives_to_cards_first()
    {
        var gift = Decisions.GiftCard(300);
        var payment = Decisions.Open(1_000, [new PaymentTender("card", "pm_card_visa"), new PaymentTender("gift-card", gift.Id.ToString(), Eur(300))], gift);
        payment.AnswerAll();

        payment.Capture(500);
        payment.AnswerAll();
        payment.Refund(350);
        payment.AnswerAll();

        Assert.Equal([("gift-card", 300L), ("card", 200L)], Assert.Single(payment.Told.OfType<PaymentCaptured>()).Parts.Select(static part => (part.Kind, part.Amount.Amount)));
        Assert.Equal([("card", 200L), ("gift-card", 150L)], Assert.Single(payment.Told.OfType<PaymentRefunded>()).Parts.Select(static part => (part.Kind, part.Amount.Amount)));
        Assert.Equal((150, 0), (payment.Book[gift.Id].Balance, payment.Book[gift.Id].Held));
    }

    [Fact]
    public void When_one_card_is_declined_the_others_are_given_back()
    {
        var gift = Decisions.GiftCard(300);
        var payment = Decisions.Open(
            1_000, [new PaymentTender("gift-card", gift.Id.ToString(), Eur(300)), new PaymentTender("card", "pm_card_visa", Eur(400)), new PaymentTender("card", "pm_card_mastercard")], gift);
        Assert.Equal(300, payment.Book[gift.Id].Held);
        payment.Answer();
        payment.Answer(static _ => new WasRefused("card-declined", "Declined."));

        Assert.Single(payment.Told.OfType<PaymentDeclined>());
        Assert.Equal((300, 0), (payment.Book[gift.Id].Balance, payment.Book[gift.Id].Held));
        Assert.Equal(OperationKind.Cancel, Assert.Single(payment.Operations).Kind);
        payment.AnswerAll();
        Assert.All(payment.Payment.Tenders, static tender => Assert.True(tender.Status is TenderStatus.Released or TenderStatus.Declined));
        Assert.Empty(payment.Told.OfType<PaymentAuthorised>());
    }

    [Fact]
    public void A_card_that_is_authorised_after_the_decline_of_another_is_given_back_too()
    {
        var payment = Decisions.Open(1_000, [new PaymentTender("card", "pm_card_visa", Eur(400)), new PaymentTender("card", "pm_card_mastercard")]);
        var late = payment.Operations[0];
        payment.Operations.RemoveAt(0);
        payment.Answer(static _ => new WasRefused("card-declined", "Declined."));

        payment.Do(change => change.Record(late.Id, Decisions.Succeed(late)));

        Assert.Equal((OperationKind.Cancel, "pi_" + late.Id), (Assert.Single(payment.Operations).Kind, payment.Operations[0].Intent));
        Assert.Single(payment.Told);
    }

    [Fact]
    public void When_the_second_card_refuses_a_capture_the_first_one_gets_its_part_back()
    {
        var payment = Decisions.Open(1_000, [new PaymentTender("card", "pm_card_visa", Eur(400)), new PaymentTender("card", "pm_card_mastercard")]);
        payment.AnswerAll();
        payment.Capture(1_000);
        payment.Answer();
        payment.Answer(static _ => new WasRefused("capture-refused", "No."));

        Assert.Single(payment.Told.OfType<CaptureFailed>());
        Assert.Empty(payment.Told.OfType<PaymentCaptured>());
        Assert.Equal((OperationKind.Refund, 400), (Assert.Single(payment.Operations).Kind, payment.Operations[0].Amount.Amount));
        payment.AnswerAll();
        Assert.Equal(0, payment.Payment.Captured);
    }

    [Fact]
    public void A_refund_of_which_a_part_was_given_cannot_be_refused()
    {
        var payment = Decisions.Open(1_000, [new PaymentTender("card", "pm_card_visa", Eur(400)), new PaymentTender("card", "pm_card_mastercard")]);
        payment.AnswerAll();
        payment.Capture(1_000);
        payment.AnswerAll();
        payment.Refund(900);
        payment.Answer();

        payment.Do(change => Assert.False(change.CanRefuse(change.Payment.Pending.Single())));

        payment.AnswerAll();
        Assert.Equal(Eur(900), Assert.Single(payment.Told.OfType<PaymentRefunded>()).Amount);
    }

    [Theory]
    [InlineData("two that pay the rest")]
    [InlineData("too little")]
    [InlineData("too much")]
    [InlineData("nothing")]
    [InlineData("unknown kind")]
    [InlineData("another currency")]
    public void Tenders_that_do_not_make_up_the_amount_decline_the_payment(string fault)
    {
        PaymentTender[] tenders = fault switch
        {
            "two that pay the rest" => [new("card", "a"), new("card", "b")],
            "too little" => [new("card", "a", Eur(999))],
            "too much" => [new("card", "a", Eur(1_001)), new("card", "b")],
            "nothing" => [],
            "unknown kind" => [new("cash", "a")],
            _ => [new("card", "a", new(1_000, "USD"))],
        };

        var payment = Decisions.Open(1_000, tenders);

        Assert.Equal("invalid-tenders", Assert.IsType<PaymentDeclined>(Assert.Single(payment.Told)).Code);
        Assert.Empty(payment.Operations);
    }

    [Fact]
    public void One_gift_card_that_is_named_twice_does_not_pay_twice()
    {
        var gift = Decisions.GiftCard(300);
        var payment = Decisions.Open(500, [new PaymentTender("gift-card", gift.Id.ToString(), Eur(250)), new PaymentTender("gift-card", gift.Id.ToString())], gift);

        Assert.Equal("insufficient-gift-card-balance", Assert.IsType<PaymentDeclined>(Assert.Single(payment.Told)).Code);
        Assert.Equal(0, payment.Book[gift.Id].Held);
    }

    public static TheoryData<int> Seeds()
    {
        var seeds = new TheoryData<int>();
        seeds.AddRange([.. Enumerable.Range(1, 150)]);
        return seeds;
    }

    // Whatever is asked for and whatever the provider answers, in any order: no unit is lost or made.
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Whatever_happens_the_amounts_add_up_to_the_unit(int seed)
    {
        var random = new Random(seed);
        var cards = Enumerable.Range(0, random.Next(0, 3)).Select(_ => Decisions.GiftCard(random.Next(50, 400))).ToList();
        var payment = Decisions.Open(1_000, Tenders(random, cards), cards);
        for (var step = 0; step < 60; step++)
        {
            Move(random, payment);
            AssertSound(payment, cards);
        }

        payment.AnswerAll();
        AssertSound(payment, cards);
        payment.Void();
        payment.AnswerAll();
        Assert.Empty(payment.Payment.Pending);
        Assert.Equal(payment.Told.OfType<PaymentCaptured>().Sum(static told => told.Amount.Amount), payment.Payment.Captured);
        Assert.Equal(payment.Told.OfType<PaymentRefunded>().Sum(static told => told.Amount.Amount), payment.Payment.Refunded);
        Assert.All(cards, card => Assert.Equal(0, payment.Book[card.Id].Held));
    }

    private static List<PaymentTender> Tenders(Random random, List<GiftCard> gifts)
    {
        var tenders = gifts.Select(card => new PaymentTender("gift-card", card.Id.ToString(), Eur(random.Next(1, (int)card.Balance)))).ToList();
        if (random.Next(2) == 0)
        {
            tenders.Add(new PaymentTender("card", "pm_card_one", Eur(random.Next(1, 200))));
        }

        tenders.Insert(random.Next(tenders.Count + 1), new PaymentTender("card", "pm_card_rest"));
        return tenders;
    }

    private static void Move(Random random, Decisions payment)
    {
        switch (random.Next(10))
        {
            case < 5 when payment.Operations.Count > 0:
                // In any order, and some are refused.
                var index = random.Next(payment.Operations.Count);
                (payment.Operations[0], payment.Operations[index]) = (payment.Operations[index], payment.Operations[0]);
                var refuses = random.Next(12) == 0;
                payment.Answer(operation => refuses && operation.Kind is OperationKind.Authorise or OperationKind.Capture ? new WasRefused("no", "No.") : Decisions.Succeed(operation));
                break;
            case < 7:
                payment.Capture(random.Next(1, 400), random.Next(6) == 0);
                break;
            case < 9:
                payment.Refund(random.Next(1, 300));
                break;
            case 9 when random.Next(12) == 0:
                payment.Void();
                break;
            default:
                break;
        }
    }

    private static void AssertSound(Decisions decisions, List<GiftCard> cards)
    {
        var payment = decisions.Payment;
        Assert.All(payment.Tenders, tender =>
        {
            Assert.InRange(tender.Captured + payment.InCapture(tender.Number), 0, tender.Amount);
            Assert.All(tender.Intents, intent => Assert.InRange(intent.Refunded + payment.InRefund(tender.Number, intent.Reference), 0, intent.Captured));
        });
        Assert.All(payment.Captures.Concat(payment.Refunds).Where(static movement => movement.Parts.Count > 0), static movement => Assert.Equal(movement.Amount, movement.Parts.Sum(static part => part.Amount)));
        Assert.All(decisions.Told.OfType<PaymentCaptured>(), static told => Assert.Equal(told.Amount.Amount, told.Parts.Sum(static part => part.Amount.Amount)));
        Assert.All(decisions.Told.OfType<PaymentRefunded>(), static told => Assert.Equal(told.Amount.Amount, told.Parts.Sum(static part => part.Amount.Amount)));
        Assert.InRange(payment.Refunded, 0, payment.Captured);
        Assert.InRange(payment.Captured, 0, payment.Amount.Amount);
        Assert.All(cards, card => Assert.InRange(decisions.Book[card.Id].Held, 0, decisions.Book[card.Id].Balance));
    }
}
