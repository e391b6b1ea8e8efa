namespace ModularMonolith.EndToEnd.Tests.Payments;

/// <summary>Over HTTP with the real adapter: refunds that take their time, and money that is given back without anybody asking for it. The ledger agrees with the provider all the time.</summary>
public sealed class MoneyOnTheWayTests(SimulatedShop shop) : IClassFixture<SimulatedShop>
{
    [Fact]
    public async Task A_refund_that_takes_its_time_is_done_when_it_has_arrived()
    {
        var payment = await CapturedAsync("pm_card_pendingRefund");
        await shop.RefundAsync(payment, 1_000);
        await PendingAsync(payment, 1);
        Assert.Equal(0, await shop.ToldAsync(payment, "payments.payment-refunded"));
        await shop.AgreesAsync();
        await shop.OnlyByWebhookAsync(payment);

        Assert.Equal(1, await shop.Provider.FinishRefundsAsync(payment.OrderId.ToString(), succeeds: true));

        await shop.BecomesAsync(payment, "partiallyRefunded");
        Assert.Equal(1, await shop.ToldAsync(payment, "payments.payment-refunded"));
        await shop.InvoiceAsync(payment, payment.Amount);
        await shop.CreditAsync(payment, 1_000);
        await shop.SettledAsync(payment);
        await shop.AgreesAsync();
    }

    [Fact]
    public async Task A_refund_that_fails_in_the_end_is_told_and_given_anew_once()
    {
        var payment = await CapturedAsync("pm_card_pendingRefund");
        await shop.RefundAsync(payment, 4_000);
        await PendingAsync(payment, 1);
        await shop.OnlyByWebhookAsync(payment);

        await shop.Provider.FinishRefundsAsync(payment.OrderId.ToString(), succeeds: false);
        var shown = await shop.BecomesAsync(payment, "captured");
        Assert.Equal("refused", (string)shown["refunds"]![0]!["state"]!);
        Assert.Equal(1, await shop.ToldAsync(payment, "payments.refund-failed"));
        await shop.AgreesAsync();

        await shop.RefundAsync(payment, 4_000);
        await PendingAsync(payment, 2);
        await shop.OnlyByWebhookAsync(payment);
        await shop.Provider.FinishRefundsAsync(payment.OrderId.ToString(), succeeds: true);
        await shop.BecomesAsync(payment, "refunded");
        Assert.Equal(4_000, (await shop.ChargedAsync(payment)).Refunded);
        await shop.AgreesAsync();
    }

    [Fact]
    public async Task A_refund_that_comes_back_after_it_had_arrived_is_told_and_given_anew_once()
    {
        var payment = await CapturedAsync("pm_card_visa");
        await shop.RefundAsync(payment, 1_500);
        await shop.BecomesAsync(payment, "partiallyRefunded");

        Assert.Equal(1, await shop.Provider.FinishRefundsAsync(payment.OrderId.ToString(), succeeds: false, evenIfArrived: true));

        var shown = await shop.BecomesAsync(payment, "captured");
        Assert.Equal("refused", (string)shown["refunds"]![0]!["state"]!);
        Assert.Equal(1, await shop.ToldAsync(payment, "payments.refund-failed"));
        await shop.AgreesAsync();
        await shop.RefundAsync(payment, 1_500);
        await shop.BecomesAsync(payment, "partiallyRefunded");
        Assert.Equal(1_500, (await shop.ChargedAsync(payment)).Refunded);
        await shop.AgreesAsync();
    }

    [Fact]
    public async Task What_was_taken_by_hand_before_the_payment_was_given_up_is_given_back_and_booked()
    {
        var payment = await shop.RequestAsync(2_500);
        var authorised = await shop.BecomesAsync(payment, "authorised");
        await shop.Provider.CaptureByHandAsync((string)authorised["tenders"]![0]!["providerReferences"]![0]!);

        await shop.VoidAsync(payment);

        await shop.BecomesAsync(payment, "voided");
        Assert.Equal(new Simulator.Charged(payment.OrderId.ToString(), "eur", 1, 0, 1, 2_500, 2_500), await shop.ChargedAsync(payment));
        await shop.SettledAsync(payment, accounts: 2);
        await shop.AgreesAsync();
    }

    [Fact]
    public async Task What_the_first_of_two_cards_gave_to_a_capture_that_failed_is_given_back_and_booked()
    {
        var payment = await shop.RequestAsync(3_000, [new("card", "pm_card_visa", 1_200), new("card", "pm_sim_captureFails")]);
        await shop.BecomesAsync(payment, "authorised");

        await shop.CaptureAsync(payment, 3_000);

        await shop.ShowsAsync(payment, static shown => shown["captures"]!.AsArray().Count == 1 && shown["pending"]!.AsArray().Count == 0);
        Assert.Equal((1, 0), (await shop.ToldAsync(payment, "payments.capture-failed"), await shop.ToldAsync(payment, "payments.payment-captured")));
        var charged = await shop.ChargedAsync(payment);
        Assert.Equal((2, 1_200, 1_200), (charged.Intents, charged.Captured, charged.Refunded));
        await shop.SettledAsync(payment, accounts: 2);
        await shop.AgreesAsync();
    }

    [Fact]
    public async Task A_refund_to_two_cards_that_comes_back_is_told_part_by_part_and_given_anew()
    {
        var payment = await shop.RequestAsync(3_000, [new("card", "pm_card_visa", 1_200), new("card", "pm_card_mastercard")]);
        await shop.BecomesAsync(payment, "authorised");
        await shop.CaptureAsync(payment, 3_000);
        await shop.BecomesAsync(payment, "captured");
        await shop.RefundAsync(payment, 3_000);
        await shop.BecomesAsync(payment, "refunded");

        Assert.Equal(2, await shop.Provider.FinishRefundsAsync(payment.OrderId.ToString(), succeeds: false, evenIfArrived: true));

        await shop.BecomesAsync(payment, "captured");
        Assert.Equal((2, 0), (await shop.ToldAsync(payment, "payments.refund-shortened"), await shop.ToldAsync(payment, "payments.refund-failed")));
        await shop.AgreesAsync();
        await shop.RefundAsync(payment, 3_000);
        await shop.BecomesAsync(payment, "refunded");
        Assert.Equal(3_000, (await shop.ChargedAsync(payment)).Refunded);
        await shop.AgreesAsync();
    }

    [Fact]
    public async Task A_surplus_that_comes_back_is_given_back_outside_by_the_staff_and_the_ledger_agrees_with_the_provider()
    {
        var payment = await shop.RequestAsync(2_500);
        var authorised = await shop.BecomesAsync(payment, "authorised");
        await shop.Provider.CaptureByHandAsync((string)authorised["tenders"]![0]!["providerReferences"]![0]!);
        await shop.VoidAsync(payment);
        await shop.BecomesAsync(payment, "voided");

        await shop.Provider.FinishRefundsAsync(payment.OrderId.ToString(), succeeds: false, evenIfArrived: true);
        var shown = await shop.ShowsAsync(payment, static shown => shown["pending"] is { } pending && pending.AsArray() is [{ } one] && (bool)one["isStuck"]!);
        await shop.AgreesAsync();
        var settled = new { operationId = (string)shown["pending"]![0]!["operationId"]!, happened = true, isOutside = true, providerReference = "transfer 7", reason = "Transferred" };
        (await shop.Staff.PostAsync($"/api/payments/payments/{payment.Id}/settle", settled, ("Idempotency-Key", Guid.NewGuid().ToString()))).Expect(204);

        await shop.BecomesAsync(payment, "voided");
        await shop.SettledAsync(payment);
        await shop.AgreesAsync();
        var balances = (await shop.Staff.GetAsync("/api/ledger/orders/" + payment.OrderId)).Expect(200).Json["accounts"]!.AsArray();
        Assert.Equal(-2_500, (long)Assert.Single(balances, static account => (string?)account!["account"] == "settled-outside")!["balance"]!["amount"]!);
        Assert.Equal(0, (await shop.ChargedAsync(payment)).Refunded);
    }

    private async Task<SimulatedShop.Payment> CapturedAsync(string card)
    {
        var payment = await shop.RequestAsync(4_000, card);
        await shop.BecomesAsync(payment, "authorised");
        await shop.CaptureAsync(payment, 4_000);
        await shop.BecomesAsync(payment, "captured");
        return payment;
    }

    private async Task PendingAsync(SimulatedShop.Payment payment, int refunds) => await shop.ShowsAsync(
        payment, shown => shown["refunds"] is { } found && found.AsArray().Count == refunds && (bool)found[refunds - 1]!["isPending"]!);
}
