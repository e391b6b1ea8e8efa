using System.Net;

namespace ModularMonolith.PaymentSimulator.Tests;

public sealed class IdempotencyTests : IAsyncLifetime
{
    private const string Pay = "amount=2000&currency=eur&payment_method=pm_card_visa&confirm=true&metadata[order]=17";

    private Simulator _simulator = null!;

    public async Task InitializeAsync() => _simulator = await Simulator.StartAsync();

    public Task DisposeAsync() => _simulator.DisposeAsync().AsTask();

    [Fact]
    public async Task The_same_request_with_its_key_is_done_once()
    {
        var first = await _simulator.DoAsync("/v1/payment_intents", Pay, "key");
        using var second = await _simulator.PostAsync("/v1/payment_intents", Pay, "key");

        Assert.Equal(first.ToJsonString(), (await Simulator.ReadAsync(second)).ToJsonString());
        Assert.Equal("true", second.Headers.GetValues("Idempotent-Replayed").Single());
        Assert.Equal(2_000, (int)Assert.Single(await _simulator.LedgerAsync("order"))!["captured"]!);
    }

    [Fact]
    public async Task A_decline_is_repeated_too()
    {
        const string Declined = "amount=2000&currency=eur&payment_method=pm_card_chargeDeclined&confirm=true&metadata[order]=17";
        var first = await _simulator.RefusedAsync(402, "/v1/payment_intents", Declined, "key");
        var second = await _simulator.RefusedAsync(402, "/v1/payment_intents", Declined, "key");

        Assert.Equal(first.ToJsonString(), second.ToJsonString());
        Assert.Equal(1, (int)Assert.Single(await _simulator.LedgerAsync("order"))!["intents"]!);
    }

    [Theory]
    [InlineData("/v1/payment_intents", "amount=2001&currency=eur")]
    [InlineData("/v1/refunds", Pay)]
    public async Task Another_request_with_the_key_is_refused(string path, string form)
    {
        await _simulator.DoAsync("/v1/payment_intents", Pay, "key");

        var error = await _simulator.RefusedAsync(400, path, form, "key");

        Assert.Equal("idempotency_error", (string)error["type"]!);
    }

    [Fact]
    public async Task While_the_first_is_in_progress_the_second_is_a_conflict_and_the_work_is_done_once()
    {
        await _simulator.FaultAsync(new { kind = "latency", operation = "create", next = 1, milliseconds = 1_000 });
        var running = Enumerable.Range(0, 8).Select(_ => _simulator.PostAsync("/v1/payment_intents", Pay, "key")).ToList();

        var answers = await Task.WhenAll(running);

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.Conflict], answers.Select(static answer => answer.StatusCode).Distinct().Order());
        Assert.Equal(2_000, (int)Assert.Single(await _simulator.LedgerAsync("order"))!["captured"]!);
        foreach (var answer in answers)
        {
            answer.Dispose();
        }
    }
}
