using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using ModularMonolith.Platform.Testing;

namespace ModularMonolith.PaymentSimulator.Tests;

public sealed class FaultTests : IAsyncLifetime
{
    private const string Pay = "amount=2000&currency=eur&payment_method=pm_card_visa&confirm=true&metadata[order]=17";

    private Simulator _simulator = null!;

    public async Task InitializeAsync() => _simulator = await Simulator.StartAsync();

    public Task DisposeAsync() => _simulator.DisposeAsync().AsTask();

    [Fact]
    public async Task A_lost_response_has_charged_the_card_and_its_key_tells()
    {
        await _simulator.FaultAsync(new { kind = "lost-response", operation = "create", next = 1 });

        await Assert.ThrowsAsync<HttpRequestException>(() => _simulator.PostAsync("/v1/payment_intents", Pay, "key"));

        await ChargedOnceAsync();
    }

    [Fact]
    public async Task A_timeout_comes_after_the_work()
    {
        await _simulator.FaultAsync(new { kind = "timeout", next = 1 });
        using var patience = new CancellationTokenSource();

        var waiting = _simulator.PostAsync("/v1/payment_intents", Pay, "key", patience.Token);
        await Eventually.Async(() => _simulator.LedgerAsync("order"), static ledger => ledger.Count == 1);
        Assert.False(waiting.IsCompleted);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        await ChargedOnceAsync();
    }

    [Fact]
    public async Task An_error_after_the_work_has_charged_the_card_and_its_key_tells()
    {
        await _simulator.FaultAsync(new { kind = "error-after", next = 1 });

        Assert.Equal("api_error", (string)(await _simulator.RefusedAsync(500, "/v1/payment_intents", Pay, "key"))["type"]!);

        await ChargedOnceAsync();
    }

    [Fact]
    public async Task An_error_that_is_kept_is_told_again_and_only_asking_tells_the_truth()
    {
        await _simulator.FaultAsync(new { kind = "error-kept", next = 1 });

        await _simulator.RefusedAsync(500, "/v1/payment_intents", Pay, "key");
        await _simulator.RefusedAsync(500, "/v1/payment_intents", Pay, "key");

        var intent = Assert.Single((await _simulator.GetAsync("/v1/payment_intents"))["data"]!.AsArray())!;
        Assert.Equal(("succeeded", "17"), ((string)intent["status"]!, (string)intent["metadata"]!["order"]!));
    }

    [Fact]
    public async Task An_error_before_the_work_and_a_full_house_have_charged_nothing()
    {
        await _simulator.FaultAsync(new { kind = "error-before", next = 1 });
        await _simulator.FaultAsync(new { kind = "rate-limit", next = 1 });

        Assert.Equal("rate_limit", (string)(await _simulator.RefusedAsync(429, "/v1/payment_intents", Pay, "key"))["code"]!);
        await _simulator.RefusedAsync(500, "/v1/payment_intents", Pay, "key");

        Assert.Empty(await _simulator.LedgerAsync("order"));
        await _simulator.DoAsync("/v1/payment_intents", Pay, "key");
    }

    [Fact]
    public async Task While_it_is_down_nobody_is_served_and_afterwards_all_is_as_before()
    {
        await _simulator.DoAsync("/v1/payment_intents", Pay, "key");
        await _simulator.FaultAsync(new { kind = "down", milliseconds = 600_000 });
        await Assert.ThrowsAsync<HttpRequestException>(() => _simulator.GetAsync("/v1/payment_intents"));

        // What is ordered meanwhile is the same time down.
        await _simulator.FaultAsync(new { kind = "down", milliseconds = 599_000 });
        var outage = await _simulator.GetAsync("/_simulator/outage");
        Assert.Equal((1, true), ((int)outage["refused"]!, (DateTimeOffset)outage["until"]! > (DateTimeOffset)outage["since"]!));
        (await _simulator.Http.DeleteAsync("/_simulator/faults/down")).EnsureSuccessStatusCode();

        await ChargedOnceAsync();
    }

    [Fact]
    public async Task Who_waits_for_the_end_of_a_time_down_is_answered_then()
    {
        await _simulator.FaultAsync(new { kind = "down", milliseconds = 500 });

        var outage = await _simulator.GetAsync("/_simulator/outage/end");

        Assert.InRange(((DateTimeOffset)outage["until"]! - (DateTimeOffset)outage["since"]!).TotalMilliseconds, 499, 501);
        Assert.Empty((await _simulator.GetAsync("/v1/payment_intents"))["data"]!.AsArray());
    }

    [Fact]
    public async Task A_decline_is_for_the_operation_that_was_named()
    {
        await _simulator.FaultAsync(new { kind = "decline", operation = "confirm", next = 1 });

        var intent = await _simulator.DoAsync("/v1/payment_intents", "amount=2000&currency=eur&payment_method=pm_card_visa");
        await _simulator.RefusedAsync(402, $"/v1/payment_intents/{intent["id"]}/confirm", string.Empty);
        await _simulator.DoAsync($"/v1/payment_intents/{intent["id"]}/confirm", "payment_method=pm_card_visa");
    }

    [Fact]
    public async Task A_probability_hits_some_and_clearing_ends_it()
    {
        await _simulator.FaultAsync(new { kind = "error-before", operation = "retrieve", probability = 0.5 });
        var answers = new List<HttpStatusCode>();
        for (var index = 0; index < 60; index++)
        {
            using var response = await _simulator.Http.GetAsync("/v1/payment_intents");
            answers.Add(response.StatusCode);
        }

        Assert.InRange(answers.Count(static answer => answer == HttpStatusCode.OK), 15, 45);
        Assert.Equal("error-before", (string)Assert.Single((await _simulator.Http.GetFromJsonAsync<JsonArray>("/_simulator/faults"))!)!["kind"]!);
        (await _simulator.Http.DeleteAsync("/_simulator/faults")).EnsureSuccessStatusCode();
        await _simulator.GetAsync("/v1/payment_intents");
    }

    [Theory]
    [InlineData("{\"kind\":\"earthquake\"}")]
    [InlineData("{\"kind\":\"decline\",\"next\":0}")]
    [InlineData("{\"kind\":\"decline\",\"probability\":1.1}")]
    public async Task A_fault_that_makes_no_sense_is_refused(string order)
    {
        using var response = await _simulator.Http.PostAsync("/_simulator/faults", new StringContent(order, new System.Net.Http.Headers.MediaTypeHeaderValue("application/json")));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    private async Task ChargedOnceAsync()
    {
        await _simulator.DoAsync("/v1/payment_intents", Pay, "key");
        var row = Assert.Single(await _simulator.LedgerAsync("order"))!;
        Assert.Equal((1, 2_000), ((int)row["intents"]!, (int)row["captured"]!));
    }
}
