using System.Text.Json.Nodes;

namespace ModularMonolith.EndToEnd.Tests.Payments;

/// <summary>Several tenders and repeated requests over HTTP with the real adapter: each card is charged what it should be, once, and the ledger agrees with the provider.</summary>
public sealed class TenderTests(SimulatedShop shop) : IClassFixture<SimulatedShop>
{
    [Fact]
    public async Task A_capture_and_a_refund_that_are_asked_for_twice_are_made_once()
    {
        var (payment, capture, refund) = (await shop.RequestAsync(5_000), Guid.NewGuid(), Guid.NewGuid());
        await shop.BecomesAsync(payment, "authorised");
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => shop.CaptureAsync(payment, 3_000, isFinal: false, capture)));
        await shop.BecomesAsync(payment, "partiallyCaptured");
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => shop.RefundAsync(payment, 1_000, refund)));
        await shop.BecomesAsync(payment, "partiallyRefunded");

        // More than what is left is refused and takes nothing.
        await shop.CaptureAsync(payment, 2_001);
        await shop.RefundAsync(payment, 2_001);
        await shop.ShowsAsync(payment, static shown => shown["captures"]!.AsArray().Count == 2 && shown["refunds"]!.AsArray().Count == 2);

        Assert.Equal(new Simulator.Charged(payment.OrderId.ToString(), "eur", 1, 2_000, 1, 3_000, 1_000), await shop.ChargedAsync(payment));
        Assert.Equal((1, 1), (await shop.ToldAsync(payment, "payments.payment-captured"), await shop.ToldAsync(payment, "payments.payment-refunded")));
        await shop.AgreesAsync();
    }

    [Fact]
    public async Task When_one_of_two_cards_is_declined_neither_is_charged_and_nothing_stays_held()
    {
        var payment = await shop.RequestAsync(3_000, [new("card", "pm_card_visa", 1_200), new("card", "pm_card_visa_chargeDeclined")]);

        await shop.BecomesAsync(payment, "declined");

        var charged = await shop.ChargedAsync(payment);
        Assert.Equal((0L, 0L), (charged.Authorised, charged.Captured));
        Assert.Equal(0, await shop.ToldAsync(payment, "payments.payment-authorised"));
        await shop.AgreesAsync();
    }

    [Fact]
    public async Task Of_two_cards_each_gives_and_gets_back_its_part()
    {
        var payment = await shop.RequestAsync(3_000, [new("card", "pm_sim_first", 1_200), new("card", "pm_sim_second")]);
        await shop.BecomesAsync(payment, "authorised");
        await shop.CaptureAsync(payment, 2_000, isFinal: false);
        await shop.BecomesAsync(payment, "partiallyCaptured");
        await shop.CaptureAsync(payment, 1_000);
        await shop.BecomesAsync(payment, "captured");
        await shop.RefundAsync(payment, 1_500);
        await shop.BecomesAsync(payment, "partiallyRefunded");

        var byCard = (await shop.Provider.ChargedAsync()).ToDictionary(static charged => charged.Reference);
        Assert.Equal((1_200, 1_200), (byCard["pm_sim_first"].Captured, byCard["pm_sim_first"].Refunded));
        Assert.Equal((1_800, 300), (byCard["pm_sim_second"].Captured, byCard["pm_sim_second"].Refunded));
        await shop.InvoiceAsync(payment, 3_000);
        await shop.CreditAsync(payment, 1_500);
        await shop.SettledAsync(payment);
        await shop.AgreesAsync();
    }

    [Fact]
    public async Task A_gift_card_gives_first_and_gets_back_last_also_while_the_provider_loses_its_answers()
    {
        await shop.Provider.FaultAsync("lost-response", "capture", next: 1);
        await shop.Provider.FaultAsync("lost-response", "refund", next: 1);
        var card = (await shop.Staff.PostAsync("/api/payments/gift-cards", new { amount = new { amount = 1_000, currency = "EUR" }, reason = "sold" }, ("Idempotency-Key", Guid.NewGuid().ToString()))).Expect(201);
        var id = (string)card.Json["card"]!["id"]!;
        var payment = await shop.RequestAsync(4_000, [new("card", "pm_card_visa"), new("gift-card", id, 1_000)]);
        await shop.BecomesAsync(payment, "authorised");
        Assert.Equal((1_000, 1_000), await OnCardAsync(id));
        await shop.CaptureAsync(payment, 4_000);
        await shop.BecomesAsync(payment, "captured");
        Assert.Equal((0, 0), await OnCardAsync(id));
        await shop.RefundAsync(payment, 3_400);
        await shop.BecomesAsync(payment, "partiallyRefunded");

        Assert.Equal((400, 0), await OnCardAsync(id));
        Assert.Equal(new Simulator.Charged(payment.OrderId.ToString(), "eur", 1, 0, 1, 3_000, 3_000), await shop.ChargedAsync(payment));
        await shop.InvoiceAsync(payment, 4_000);
        await shop.CreditAsync(payment, 3_400);
        await shop.SettledAsync(payment);
        await shop.AgreesAsync();
    }

    [Fact]
    public async Task One_gift_card_does_not_pay_for_two_orders_at_once()
    {
        var card = (await shop.Staff.PostAsync("/api/payments/gift-cards", new { amount = new { amount = 1_000, currency = "EUR" }, reason = "sold" }, ("Idempotency-Key", Guid.NewGuid().ToString()))).Expect(201);
        var id = (string)card.Json["card"]!["id"]!;

        var payments = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => shop.RequestAsync(700, [new("gift-card", id)])));

        var statuses = new List<string>();
        foreach (var payment in payments)
        {
            statuses.Add((string)(await shop.ShowsAsync(payment, static shown => (string)shown["status"]! is "authorised" or "declined"))["status"]!);
        }

        Assert.Single(statuses, static status => status == "authorised");
        Assert.Equal((1_000, 700), await OnCardAsync(id));
    }

    [Fact]
    public async Task What_the_provider_answers_is_told_on_behalf_of_whoever_asked_for_it()
    {
        var origin = new { actor = "somebody", correlationId = Guid.NewGuid().ToString("N"), traceparent = $"00-{Guid.NewGuid():N}-00f067aa0ba902b7-01" };
        var payment = await shop.RequestAsync(700, [new("card", "pm_card_authenticationRequired")], headers: origin);
        await shop.Provider.AnswerAsync(await shop.ActionAsync(payment), succeeds: true);
        await shop.BecomesAsync(payment, "authorised");

        var headers = await shop.HeadersAsync(payment, "payments.payment-authorised");

        Assert.Equal((origin.actor, origin.correlationId, origin.traceparent.Split('-')[1]), ((string)headers["actor"]!, (string)headers["correlationId"]!, ((string)headers["traceparent"]!).Split('-')[1]));
    }

    [Fact]
    public async Task Calls_without_an_outcome_are_listed_for_the_staff_and_asked_about_when_it_says_so()
    {
        await shop.Provider.FaultAsync("error-before", "create");
        var payment = await shop.RequestAsync(800);
        var listed = await Eventually.Async(
            async () => (await shop.Staff.GetAsync("/api/payments/operations?limit=100")).Expect(200).Json["items"]!.AsArray().FirstOrDefault(item => (string)item!["paymentId"]! == payment.Id.ToString()),
            static item => item is not null && (int)item["attempts"]! >= 4, TimeSpan.FromSeconds(60));
        await shop.Provider.ClearFaultsAsync();

        (await shop.Staff.PostAsync($"/api/payments/payments/{payment.Id}/operations/{listed!["id"]}/retry", null)).Expect(204);

        await shop.BecomesAsync(payment, "authorised");
        Assert.NotNull((await shop.Staff.GetAsync("/health/ready")).Expect(200).Json["checks"]!["payments"]);
    }

    private async Task<(int Balance, int Held)> OnCardAsync(string id)
    {
        var card = (await shop.Staff.GetAsync("/api/payments/gift-cards/" + id)).Expect(200).Json;
        return (Cents(card["balance"]), Cents(card["held"]));
    }

    private static int Cents(JsonNode? money) => (int)money!["amount"]!;
}
