using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using ModularMonolith.Payments.Contracts;
using ModularMonolith.Payments.Operations;
using ModularMonolith.Payments.Providers;
using ModularMonolith.Platform.Testing;

namespace ModularMonolith.Payments.Tests;

/// <summary>Refunds that come back after they had arrived, without any webhook that would say so, and what the staff does then. Each on a host and a provider of its own.</summary>
public sealed class RecheckTests
{
    private readonly ScriptedProvider _provider = new();
    private volatile bool _comesBack;

    [Fact]
    public async Task A_refund_that_was_made_is_asked_about_for_thirty_days_at_growing_intervals()
    {
        await using var host = await StartAsync();
        var id = await RefundedAsync(host);
        var before = host.Time.GetUtcNow();

        foreach (var (round, day) in new[] { 1, 3, 7, 14, 30 }.Index())
        {
            await AskedAsync(host, id, round, before.AddDays(day).AddHours(-1));
            await AskedAsync(host, id, round + 1, before.AddDays(day).AddHours(1));
        }

        host.Time.Advance(TimeSpan.FromDays(365));
        await host.RefundAsync(id, 50);
        await host.ToldAsync<PaymentRefunded>(id, 2);
        Assert.Equal(5, ChecksOf(id).Count(static operation => operation.Refund == "re_1"));
    }

    [Fact]
    public async Task A_refund_that_came_back_without_a_webhook_is_found_by_asking()
    {
        await using var host = await StartAsync();
        var id = await RefundedAsync(host);
        _comesBack = true;

        await AdvanceUntilAsync(host, TimeSpan.FromHours(6), async () => (await host.AllToldAsync<RefundFailed>(id)).Count == 1);

        Assert.Single(await host.AllToldAsync<RefundReturned>(id));
        await host.WaitForAsync(id, "captured");
    }

    [Fact]
    public async Task A_refund_of_which_nobody_learns_what_became_is_left_to_the_staff_in_the_end()
    {
        await using var host = await StartAsync(static operation => operation.Kind switch
        {
            OperationKind.Refund => new IsOnItsWay("re_1", true),
            OperationKind.Check => new IsUndecided("pi"),
            _ => null,
        });
        var id = await CapturedAsync(host);
        await host.RefundAsync(id, 100);
        await host.ToldAsync<RefundSent>(id);
        var asked = ChecksOf(id).Count;
        host.Time.Advance(TimeSpan.FromDays(59));
        await Eventually.TrueAsync(() => Task.FromResult(ChecksOf(id).Count > asked));
        await Eventually.TrueAsync(async () => (await ListAsync(host))[0].GetProperty("attempts").GetInt32() > asked);
        Assert.Equal(HealthStatus.Healthy, await HealthAsync(host));

        host.Time.Advance(TimeSpan.FromDays(2));

        var stuck = await StuckAsync(host);
        Assert.Contains("60 days", stuck.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Equal(HealthStatus.Degraded, await HealthAsync(host));
        Assert.Equal(HttpStatusCode.NoContent, await SettleAsync(host, id, stuck, new { happened = true, isOutside = true, providerReference = "transfer 7", reason = "Transferred" }));
        Assert.Equal(["card:re_1", "outside:transfer 7"], (await host.AllToldAsync<RefundReturned>(id)).Select(static told => told.Part)
            .Concat((await host.ToldAsync<PaymentRefunded>(id)).Parts).Select(static part => $"{part.Kind}:{part.ProviderReference}"));
    }

    [Fact]
    public async Task A_surplus_that_comes_back_waits_for_the_staff_who_have_it_given_back_again()
    {
        await using var host = await StartAsync(static operation => operation.Kind == OperationKind.Cancel ? new WasTaken("ch_late", 100) : null);
        var id = await SurplusCameBackAsync(host);
        var stuck = await StuckAsync(host);
        Assert.Equal((id, "refund", 0, false), (stuck.GetProperty("paymentId").GetGuid(), stuck.GetProperty("kind").GetString(), stuck.GetProperty("attempts").GetInt32(), stuck.GetProperty("mayHaveArrived").GetBoolean()));
        Assert.Equal(HealthStatus.Degraded, await HealthAsync(host));

        // Nobody gives it back by himself: it would most likely come back again.
        host.Time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(1, _provider.CountOf(OperationKind.Refund, id));
        _comesBack = false;
        using (var response = await host.Client.PostAsync($"/api/payments/payments/{id}/operations/{stuck.GetProperty("id").GetGuid()}/retry", null))
        {
            Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        }

        await host.ToldAsync<SurplusReturned>(id, 2);
        Assert.Equal(2, (await host.AllToldAsync<SurplusReturned>(id)).Select(static told => told.SurplusId).Distinct().Count());
        Assert.Equal(HealthStatus.Healthy, await HealthAsync(host));
    }

    [Fact]
    public async Task What_the_staff_has_given_back_outside_is_settled_without_the_provider()
    {
        await using var host = await StartAsync(static operation => operation.Kind == OperationKind.Cancel ? new WasTaken("ch_late", 100) : null);
        var id = await SurplusCameBackAsync(host);
        var stuck = await StuckAsync(host);
        Assert.Equal(HttpStatusCode.BadRequest, await SettleAsync(host, id, stuck, new { happened = false, isOutside = true, reason = "Transferred" }));

        Assert.Equal(HttpStatusCode.NoContent, await SettleAsync(host, id, stuck, new { happened = true, isOutside = true, reason = "Handed over at the counter" }));

        var returned = await host.ToldAsync<SurplusReturned>(id, 2);
        Assert.Equal(new TenderPart("outside", "outside", stuck.GetProperty("id").GetString()!, PaymentSteps.Eur(100)), returned.Part);
        Assert.Equal(1, _provider.CountOf(OperationKind.Refund, id));
        Assert.Equal(HealthStatus.Healthy, await HealthAsync(host));
    }

    [Theory]
    [InlineData("Capture")]
    [InlineData("Refund")]
    public async Task What_is_not_given_back_or_may_arrive_yet_is_not_settled_outside(string name)
    {
        var kind = Enum.Parse<OperationKind>(name);
        await using var host = await StartAsync(operation => operation.Kind switch
        {
            OperationKind.Capture when kind == OperationKind.Capture => new IsUnknown("No answer."),
            OperationKind.Refund => new IsOnItsWay("re_1", true),
            OperationKind.Check => new IsUndecided("pi"),
            _ => null,
        });
        var id = await host.AuthorisedAsync(100);
        await host.CaptureAsync(id, 100);
        if (kind == OperationKind.Refund)
        {
            await host.ToldAsync<PaymentCaptured>(id);
            await host.RefundAsync(id, 100);
            await host.ToldAsync<RefundSent>(id);
        }

        // A host may be asking at this moment, which is another refusal.
        var answer = await Eventually.Async(
            async () => (await ListAsync(host)) is [var operation] ? await SettledAsync(host, id, operation, new { happened = true, isOutside = true, reason = "Transferred" }) : string.Empty,
            static found => found.Contains("illegal-state", StringComparison.Ordinal));

        Assert.Contains(kind == OperationKind.Capture ? "given back can be given back outside" : "may get it from there", answer, StringComparison.Ordinal);
    }

    private Task<ModuleHost> StartAsync(Func<ProviderOperation, ProviderOutcome?>? answer = null)
    {
        _provider.Answer = (operation, _) => Task.FromResult(
            answer?.Invoke(operation) ?? (operation.Kind == OperationKind.Check && operation.Refund is not null && _comesBack ? new WasRefused("refund-refused", "No.")
                : operation.Kind == OperationKind.Refund ? new WasRefunded("re_" + (1 + _provider.Calls.Where(call => call.Kind == OperationKind.Refund && call.Id != operation.Id).DistinctBy(static call => call.Id).Count()))
                : Decisions.Succeed(operation)));
        return _provider.StartAsync();
    }

    private static async Task<Guid> CapturedAsync(ModuleHost host)
    {
        var id = await host.AuthorisedAsync(100);
        await host.CaptureAsync(id, 100);
        await host.ToldAsync<PaymentCaptured>(id);
        return id;
    }

    private static async Task<Guid> RefundedAsync(ModuleHost host)
    {
        var id = await CapturedAsync(host);
        await host.RefundAsync(id, 50);
        await host.ToldAsync<PaymentRefunded>(id);
        return id;
    }

    private async Task<Guid> SurplusCameBackAsync(ModuleHost host)
    {
        var id = await host.AuthorisedAsync(100);
        await host.PublishAsync(new VoidRequested(id, "Cancelled"));
        await host.ToldAsync<SurplusReturned>(id);
        _comesBack = true;
        await AdvanceUntilAsync(host, TimeSpan.FromHours(6), async () => (await host.AllToldAsync<RefundReturned>(id)).Count == 1);
        return id;
    }

    private List<ProviderOperation> ChecksOf(Guid id) => [.. _provider.Calls.Where(call => call.Kind == OperationKind.Check && call.PaymentId == id)];

    // The question itself is asked a little after its timer.
    private async Task AskedAsync(ModuleHost host, Guid id, int times, DateTimeOffset at)
    {
        host.Time.Advance(at - host.Time.GetUtcNow());
        if (ChecksOf(id).Count < times)
        {
            await AdvanceUntilAsync(host, TimeSpan.FromSeconds(15), () => Task.FromResult(ChecksOf(id).Count >= times));
        }

        Assert.Equal(times, ChecksOf(id).Count);
        await Eventually.TrueAsync(async () => (await ListAsync(host)).Count == 0);
    }

    private static Task AdvanceUntilAsync(ModuleHost host, TimeSpan step, Func<Task<bool>> condition) => Eventually.TrueAsync(async () =>
    {
        if (await condition())
        {
            return true;
        }

        host.Time.Advance(step);
        return false;
    });

    private static async Task<JsonElement> StuckAsync(ModuleHost host) => (await Eventually.Async(() => ListAsync(host, "?status=stuck"), static found => found.Count == 1))[0];

    private static async Task<IReadOnlyList<JsonElement>> ListAsync(ModuleHost host, string query = "") =>
        [.. (await host.Client.GetFromJsonAsync<JsonElement>("/api/payments/operations" + query)).GetProperty("items").EnumerateArray()];

    private static async Task<HttpStatusCode> SettleAsync(ModuleHost host, Guid paymentId, JsonElement operation, object body)
    {
        using var response = await SendAsync(host, paymentId, operation, body);
        return response.StatusCode;
    }

    private static async Task<string> SettledAsync(ModuleHost host, Guid paymentId, JsonElement operation, object body)
    {
        using var response = await SendAsync(host, paymentId, operation, body);
        return await response.Content.ReadAsStringAsync();
    }

    private static async Task<HttpResponseMessage> SendAsync(ModuleHost host, Guid paymentId, JsonElement operation, object body)
    {
        var settled = JsonSerializer.SerializeToNode(body)!.AsObject();
        settled["operationId"] = operation.GetProperty("id").GetGuid();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/payments/payments/{paymentId}/settle")
        {
            Content = JsonContent.Create(settled),
            Headers = { { "Idempotency-Key", Guid.NewGuid().ToString() } },
        };
        return await host.Client.SendAsync(request);
    }

    private static async Task<HealthStatus> HealthAsync(ModuleHost host) =>
        (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(static check => check.Name == "payments")).Status;
}
