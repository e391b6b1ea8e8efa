namespace ModularMonolith.EndToEnd.Tests.Payments;

/// <summary>The whole host with the real HTTP adapter, and a provider that fails: in the end each card was charged what it should be, once, and the ledger agrees to the cent.</summary>
public sealed class SimulatorTests(SimulatedShop shop) : IClassFixture<SimulatedShop>, IAsyncLifetime
{
    public Task InitializeAsync() => shop.Provider.ClearFaultsAsync();

    public Task DisposeAsync() => shop.Provider.ClearFaultsAsync();

    [Fact]
    public async Task Two_parcels_are_captured_one_by_one_and_a_part_is_given_back()
    {
        var payment = await shop.RequestAsync(10_000);
        await shop.BecomesAsync(payment, "authorised");
        await shop.CaptureAsync(payment, 6_000, isFinal: false);
        await shop.BecomesAsync(payment, "partiallyCaptured");
        await shop.CaptureAsync(payment, 3_500);
        await shop.BecomesAsync(payment, "captured");
        await shop.RefundAsync(payment, 1_000);
        await shop.BecomesAsync(payment, "partiallyRefunded");
        await shop.InvoiceAsync(payment, 9_500);
        await shop.CreditAsync(payment, 1_000);

        Assert.Equal(new Simulator.Charged(payment.OrderId.ToString(), "eur", 1, 0, 2, 9_500, 1_000), await shop.ChargedAsync(payment));
        await shop.SettledAsync(payment);
        await shop.AgreesAsync();
    }

    [Theory]
    [InlineData("lost-response")]
    [InlineData("timeout")]
    [InlineData("error-before")]
    [InlineData("error-after")]
    [InlineData("error-kept")]
    [InlineData("rate-limit")]
    [InlineData("latency")]
    [InlineData("down")]
    public async Task Whatever_happens_to_a_call_the_money_moves_once(string fault)
    {
        foreach (var operation in new[] { "create", "capture", "refund" })
        {
            await shop.Provider.FaultAsync(fault, operation, next: 1, milliseconds: fault == "latency" ? 3_000 : null);
        }

        var payment = await shop.RequestAsync(4_200);
        await shop.BecomesAsync(payment, "authorised");
        await shop.CaptureAsync(payment, 4_200);
        await shop.BecomesAsync(payment, "captured");
        await shop.RefundAsync(payment, 1_700);
        await shop.BecomesAsync(payment, "partiallyRefunded");
        await shop.InvoiceAsync(payment, 4_200);
        await shop.CreditAsync(payment, 1_700);

        Assert.Equal(new Simulator.Charged(payment.OrderId.ToString(), "eur", 1, 0, 1, 4_200, 1_700), await shop.ChargedAsync(payment));
        await shop.SettledAsync(payment);
        await shop.AgreesAsync();
    }

    [Fact]
    public async Task A_declined_card_is_not_charged()
    {
        var payment = await shop.RequestAsync(500, "pm_card_visa_chargeDeclinedInsufficientFunds");

        var declined = await shop.BecomesAsync(payment, "declined");

        Assert.Equal("insufficient-funds", (string)declined["code"]!);
        Assert.Equal((0L, 0L), await shop.ChargedAsync(payment) is var charged ? (charged.Authorised, charged.Captured) : default);
    }

    [Theory]
    [InlineData(true, "authorised", 900)]
    [InlineData(false, "declined", 0)]
    public async Task A_customer_who_has_to_authenticate_is_waited_for(bool succeeds, string status, int authorised)
    {
        var payment = await shop.RequestAsync(900, "pm_card_authenticationRequired");
        await shop.Provider.AnswerAsync(await shop.ActionAsync(payment), succeeds);

        await shop.BecomesAsync(payment, status);
        Assert.Equal((authorised, 0), await shop.ChargedAsync(payment) is var charged ? (charged.Authorised, charged.Captured) : default);
    }

    [Fact]
    public async Task Webhooks_that_come_twice_late_in_disorder_or_never_change_nothing()
    {
        await shop.Provider.FaultAsync("webhook-duplicate", probability: 0.5);
        await shop.Provider.FaultAsync("webhook-reorder", probability: 0.3);
        await shop.Provider.FaultAsync("webhook-delay", probability: 0.2, milliseconds: 500);
        await shop.Provider.FaultAsync("webhook-lost", probability: 0.2);
        await shop.Provider.FaultAsync("lost-response", probability: 0.2);
        var payments = await Task.WhenAll(Enumerable.Range(0, 12).Select(number => shop.RequestAsync(1_000 + number)));

        await PayAllAsync(payments);

        await shop.AgreesAsync();
    }

    [Fact]
    public async Task While_the_provider_is_down_payments_wait_and_then_finish_by_themselves()
    {
        await shop.Provider.FaultAsync("down", milliseconds: 8_000);
        var payments = await Task.WhenAll(Enumerable.Range(0, 12).Select(number => shop.RequestAsync(2_000 + number)));

        await PayAllAsync(payments);

        await shop.AgreesAsync();
    }

    [Fact]
    public async Task A_host_that_is_killed_between_the_call_and_its_record_charges_nobody_twice()
    {
        await shop.Provider.FaultAsync("latency", probability: 0.7, milliseconds: 700);
        var payments = await Task.WhenAll(Enumerable.Range(0, 16).Select(number => shop.RequestAsync(3_000 + number)));
        // Some are authorised by now, and for some the provider has done what the host will never hear of.
        await Eventually.Async(async () => (await shop.Provider.ChargedAsync("reference")).Count(charged => payments.Any(payment => payment.OrderId.ToString() == charged.Reference)), static count => count >= 4);

        await shop.KillAndRestartAsync();
        await PayAllAsync(payments);

        await shop.AgreesAsync();
    }

    [Fact]
    public async Task One_cent_that_only_the_provider_knows_of_is_an_alert()
    {
        await shop.AgreesAsync();
        await shop.Provider.AddTransactionAsync(1, "EUR", source: "ch_nobody");

        var drift = await shop.ReconcileAsync();

        Assert.Equal(("drift", 1), ((string)drift["status"]!, (int)drift["differenceCount"]!));
        Assert.Equal(("missingInLedger", "ch_nobody", 1), ((string)drift["differences"]![0]!["kind"]!, (string)drift["differences"]![0]!["providerReference"]!, (int)drift["differences"]![0]!["reported"]!["amount"]!));
        Assert.Equal("degraded", (string)(await shop.Staff.GetAsync("/health/ready")).Expect(200).Json["checks"]!["ledger"]!["status"]!);
        await shop.Provider.AddTransactionAsync(-1, "EUR", source: "ch_nobody");
    }

    private async Task PayAllAsync(IReadOnlyList<SimulatedShop.Payment> payments)
    {
        foreach (var payment in payments)
        {
            await shop.BecomesAsync(payment, "authorised", TimeSpan.FromSeconds(90));
            await shop.CaptureAsync(payment, payment.Amount);
        }

        foreach (var payment in payments)
        {
            await shop.BecomesAsync(payment, "captured", TimeSpan.FromSeconds(90));
            await shop.InvoiceAsync(payment, payment.Amount);
            Assert.Equal(new Simulator.Charged(payment.OrderId.ToString(), "eur", 1, 0, 1, payment.Amount, 0), await shop.ChargedAsync(payment));
        }

        await shop.Provider.ClearFaultsAsync();
        foreach (var payment in payments)
        {
            await shop.SettledAsync(payment);
        }
    }
}
