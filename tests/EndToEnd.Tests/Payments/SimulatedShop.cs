using System.Text.Json;
using System.Text.Json.Nodes;
using ModularMonolith.Postgres.Testing;
using Npgsql;

namespace ModularMonolith.EndToEnd.Tests.Payments;

/// <summary>A host that takes its payments through the simulator. What Ordering would tell Payments and Ledger is written into the log in its words.</summary>
public sealed class SimulatedShop : IAsyncLifetime
{
    private TestDatabase _database = null!;
    private HostSettings _settings = null!;
    private NpgsqlDataSource _log = null!;

    internal Simulator Provider { get; private set; } = null!;

    internal HostProcess Host { get; private set; } = null!;

    internal Api Staff { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Provider = await Simulator.StartAsync();
        _database = await (await TestServer.SharedAsync()).CreateDatabaseAsync();
        _log = NpgsqlDataSource.Create(_database.ConnectionString);
        _settings = HostSettings.On(_database.ConnectionString)
            .With("payments__Provider", "stripe")
            .With("payments__Stripe__Address", Provider.Address.ToString())
            .With("payments__Stripe__SecretKey", Simulator.ApiKey)
            .With("payments__Stripe__WebhookSecret", Simulator.WebhookSecret)
            .With("payments__Stripe__ReturnUrl", "https://shop.example/paid")
            .With("payments__DeadlineSeconds", "2");
        await StartHostAsync();
    }

    public async Task DisposeAsync()
    {
        Staff?.Dispose();
        await (Host?.DisposeAsync() ?? ValueTask.CompletedTask);
        await _log.DisposeAsync();
        await _database.DisposeAsync();
        await Provider.DisposeAsync();
    }

    /// <summary>As kill -9, and another host on the same database.</summary>
    internal async Task KillAndRestartAsync()
    {
        await Host.KillAsync();
        Staff.Dispose();
        await Host.DisposeAsync();
        await StartHostAsync();
    }

    internal Task<Payment> RequestAsync(long amount, string card = "pm_card_visa", int expiresInMinutes = 10) => RequestAsync(amount, [new Tender("card", card)], expiresInMinutes);

    internal async Task<Payment> RequestAsync(long amount, IReadOnlyList<Tender> tenders, int expiresInMinutes = 10, object? headers = null)
    {
        var payment = new Payment(Guid.NewGuid(), Guid.NewGuid(), amount);
        await TellAsync("payments.payment-requested", payment.Id, new
        {
            paymentId = payment.Id,
            reference = payment.OrderId.ToString(),
            amount = Eur(amount),
            tenders = tenders.Select(static tender => new { kind = tender.Kind, token = tender.Token, amount = tender.Amount is { } part ? Eur(part) : null }),
            expiresAt = DateTimeOffset.UtcNow.AddMinutes(expiresInMinutes),
        }, headers);
        return payment;
    }

    internal Task CaptureAsync(Payment payment, long amount, bool isFinal = true, Guid? captureId = null) => TellAsync(
        "payments.capture-requested", payment.Id, new { paymentId = payment.Id, captureId = captureId ?? Guid.NewGuid(), amount = Eur(amount), isFinal });

    internal Task VoidAsync(Payment payment) => TellAsync("payments.void-requested", payment.Id, new { paymentId = payment.Id, reason = "cancelled" });

    internal Task RefundAsync(Payment payment, long amount, Guid? refundId = null) => TellAsync(
        "payments.refund-requested", payment.Id, new { paymentId = payment.Id, refundId = refundId ?? Guid.NewGuid(), amount = Eur(amount), reason = "returned" });

    internal Task InvoiceAsync(Payment payment, long amount) => TellAsync("ordering.order-invoiced", payment.OrderId, new
    {
        orderId = payment.OrderId,
        invoiceId = Guid.NewGuid(),
        items = Eur(amount),
        shipping = Eur(0),
        tax = Eur(0),
        total = Eur(amount),
        invoicedAt = DateTimeOffset.UtcNow,
    });

    internal Task CreditAsync(Payment payment, long amount) => TellAsync("ordering.order-credited", payment.OrderId, new
    {
        orderId = payment.OrderId,
        creditId = Guid.NewGuid(),
        items = Eur(amount),
        shipping = Eur(0),
        tax = Eur(0),
        total = Eur(amount),
        creditedAt = DateTimeOffset.UtcNow,
    });

    /// <summary>Puts off for a day what the host would ask the provider about a payment by itself: whatever it learns before, it learns from a webhook.</summary>
    internal Task OnlyByWebhookAsync(Payment payment) => Eventually.TrueAsync(async () =>
    {
        await using var command = _log.CreateCommand("update payments.provider_operation set next_attempt_at = now() + interval '1 day' where payment_id = $1 and state = 'waiting' and not is_leased");
        command.Parameters.AddWithValue(payment.Id);
        return await command.ExecuteNonQueryAsync() == 1;
    });

    /// <summary>Waits until a payment has come to a status with nothing under way.</summary>
    internal async Task<JsonNode> BecomesAsync(Payment payment, string status, TimeSpan? within = null)
    {
        var found = await Eventually.Async(
            async () => await Staff.GetAsync("/api/payments/payments/" + payment.Id),
            answer => answer.Code == 200 && ((string)answer.Json["status"]!).Equals(status, StringComparison.OrdinalIgnoreCase) && answer.Json["pending"]!.AsArray().Count == 0,
            within ?? TimeSpan.FromSeconds(60));
        return found.Json;
    }

    /// <summary>Waits until the customer of a payment is to do something.</summary>
    /// <returns>Where.</returns>
    internal async Task<Uri> ActionAsync(Payment payment)
    {
        var address = await Eventually.Async(
            async () =>
            {
                await using var command = _log.CreateCommand("select payload ->> 'actionUrl' from integration.message where name = 'payments.payment-action-required' and key = $1");
                command.Parameters.AddWithValue(payment.Id.ToString());
                return (string?)await command.ExecuteScalarAsync();
            },
            static found => found is not null);
        return new Uri(address!);
    }

    /// <summary>Waits until a payment shows something.</summary>
    internal async Task<JsonNode> ShowsAsync(Payment payment, Predicate<JsonNode> isShown) => (await Eventually.Async(
        async () => await Staff.GetAsync("/api/payments/payments/" + payment.Id), answer => answer.Code == 200 && isShown(answer.Json), TimeSpan.FromSeconds(60))).Json;

    /// <summary>How often the others were told something about a payment.</summary>
    internal async Task<int> ToldAsync(Payment payment, string name)
    {
        await using var command = _log.CreateCommand("select count(*)::int from integration.message where name = $1 and key = $2");
        command.Parameters.AddWithValue(name);
        command.Parameters.AddWithValue(payment.Id.ToString());
        return (int)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>On whose behalf the others were told something about a payment.</summary>
    internal async Task<JsonNode> HeadersAsync(Payment payment, string name)
    {
        await using var command = _log.CreateCommand("select headers::text from integration.message where name = $1 and key = $2");
        command.Parameters.AddWithValue(name);
        command.Parameters.AddWithValue(payment.Id.ToString());
        return JsonNode.Parse((string)(await command.ExecuteScalarAsync())!)!;
    }

    /// <summary>Waits until what is owed for an order, and by it, is nothing.</summary>
    internal async Task SettledAsync(Payment payment, int accounts = 3) => await Eventually.Async(
        async () => await Staff.GetAsync("/api/ledger/orders/" + payment.OrderId),
        answer => answer.Code == 200 && (bool)answer.Json["isSettled"]! && answer.Json["accounts"]!.AsArray().Count >= accounts, TimeSpan.FromSeconds(60));

    /// <summary>Waits until the ledger agrees with the provider; it comes a moment after the payment.</summary>
    internal async Task AgreesAsync()
    {
        var agreed = await Eventually.Async(ReconcileAsync, static ended => (string)ended["status"]! == "balanced", TimeSpan.FromSeconds(60));
        Assert.Equal(0, (int)agreed["differenceCount"]!);
        Assert.True((bool)(await Staff.GetAsync("/api/ledger/verification")).Expect(200).Json["isSound"]!);
    }

    /// <summary>What the provider has really done for an order.</summary>
    internal async Task<Simulator.Charged> ChargedAsync(Payment payment) =>
        Assert.Single(await Provider.ChargedAsync("reference"), charged => charged.Reference == payment.OrderId.ToString());

    /// <summary>Compares the ledger with the provider.</summary>
    internal async Task<JsonNode> ReconcileAsync()
    {
        var body = new { from = DateTimeOffset.UtcNow.AddHours(-2), to = DateTimeOffset.UtcNow.AddHours(2) };
        var started = (await Staff.PostAsync("/api/ledger/reconciliations", body, ("Idempotency-Key", Guid.NewGuid().ToString()))).Expect(202);
        var ended = await Eventually.Async(
            async () => (await Staff.GetAsync("/api/ledger/reconciliations/" + started["id"])).Expect(200), static answer => answer["status"] != "running", TimeSpan.FromSeconds(60));
        return ended.Json;
    }

    private async Task StartHostAsync()
    {
        Host = await HostProcess.StartAsync(_settings);
        Staff = Host.Callers.Admin();
        await Provider.SendWebhooksToAsync(Host.Address);
    }

    private static object Eur(long amount) => new { amount, currency = "EUR" };

    private async Task TellAsync(string name, Guid key, object payload, object? headers = null)
    {
        await using var command = _log.CreateCommand("insert into integration.message (id, name, version, key, payload, headers) values ($1, $2, 1, $3, $4::jsonb, $5::jsonb)");
        command.Parameters.AddWithValue(Guid.CreateVersion7());
        command.Parameters.AddWithValue(name);
        command.Parameters.AddWithValue(key.ToString());
        command.Parameters.AddWithValue(JsonSerializer.Serialize(payload));
        command.Parameters.AddWithValue(JsonSerializer.Serialize(headers ?? new { }));
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>With what a part is paid; without an amount, what the others leave.</summary>
    internal sealed record Tender(string Kind, string Token, long? Amount = null);

    internal sealed record Payment(Guid Id, Guid OrderId, long Amount);
}
