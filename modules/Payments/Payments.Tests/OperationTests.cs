using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using ModularMonolith.Payments.Contracts;
using ModularMonolith.Payments.Operations;
using ModularMonolith.Payments.Providers;
using ModularMonolith.Platform.Testing;
using Npgsql;

namespace ModularMonolith.Payments.Tests;

/// <summary>What operators see of calls without an outcome, and do with them. Each on a host and a provider of its own.</summary>
public sealed class OperationTests
{
    private readonly ScriptedProvider _provider = new();
    private volatile bool _answers;

    [Fact]
    public async Task Calls_without_an_outcome_are_listed_measured_and_seen_by_the_health_check()
    {
        await using var host = await StartAsync();
        var id = await CapturingAsync(host);
        Assert.Equal(HealthStatus.Healthy, await HealthAsync(host));
        Assert.Equal((1, 0, 0), Measured(host).Counts);

        host.Time.Advance(TimeSpan.FromMinutes(16));

        Assert.Equal(HealthStatus.Degraded, await HealthAsync(host));
        Assert.InRange(Measured(host).Age, 16 * 60, 18 * 60);
        var listed = Assert.Single(await ListAsync(host));
        Assert.Equal((id, "capture", true), (listed.GetProperty("paymentId").GetGuid(), listed.GetProperty("kind").GetString(), listed.GetProperty("mayHaveArrived").GetBoolean()));
        Assert.Empty(await ListAsync(host, "?status=stuck"));

        _answers = true;
        Assert.Equal(HttpStatusCode.NoContent, await RetryAsync(host, id, listed.GetProperty("id").GetGuid()));
        await host.ToldAsync<PaymentCaptured>(id);
        Assert.Equal(HealthStatus.Healthy, await HealthAsync(host));
        Assert.Empty(await ListAsync(host));
        Assert.Equal(((0, 0, 0), 0), Measured(host));
    }

    [Fact]
    public async Task What_waits_for_a_customer_is_nothing_to_worry_about()
    {
        _provider.Answer = static (operation, _) => Task.FromResult<ProviderOutcome>(
            operation.Kind == OperationKind.Authorise ? new NeedsAction("pi_1", "https://bank.example") : new IsUndecided("pi_1"));
        await using var host = await _provider.StartAsync();
        var id = await host.RequestAsync(100, PaymentsHost.Visa);
        await host.ToldAsync<PaymentActionRequired>(id);

        host.Time.Advance(TimeSpan.FromMinutes(30));

        Assert.Equal(HealthStatus.Healthy, await HealthAsync(host));
        Assert.Equal((0, 1, 0), Measured(host).Counts);
    }

    [Fact]
    public async Task What_nobody_asks_about_any_more_is_asked_about_again_when_the_staff_says_so()
    {
        await using var host = await StartAsync();
        var id = await CapturingAsync(host);
        host.Time.Advance(TimeSpan.FromHours(25));
        await Eventually.TrueAsync(async () => (await ListAsync(host, "?status=stuck")).Count == 1);
        Assert.Equal((HealthStatus.Degraded, (0, 0, 1)), (await HealthAsync(host), Measured(host).Counts));
        var operation = (await ListAsync(host))[0].GetProperty("id").GetGuid();

        _answers = true;
        Assert.Equal(HttpStatusCode.NotFound, await RetryAsync(host, Guid.NewGuid(), operation));
        Assert.Equal(HttpStatusCode.Conflict, await RetryAsync(host, id, Guid.NewGuid()));
        Assert.Equal(HttpStatusCode.NoContent, await RetryAsync(host, id, operation));

        await host.ToldAsync<PaymentCaptured>(id);
        // Under the key of the first attempt.
        Assert.Single(_provider.Calls.Where(static call => call.Kind == OperationKind.Capture).Select(static call => call.Id).Distinct());
    }

    [Fact]
    public async Task The_list_goes_on_where_it_ended()
    {
        await using var host = await StartAsync();
        for (var index = 0; index < 3; index++)
        {
            await CapturingAsync(host);
        }

        var first = await host.Client.GetFromJsonAsync<JsonElement>("/api/payments/operations?limit=2");
        var second = await ListAsync(host, "?limit=2&cursor=" + Uri.EscapeDataString(first.GetProperty("next").GetString()!));

        var ids = first.GetProperty("items").EnumerateArray().Concat(second).Select(static item => item.GetProperty("id").GetGuid()).ToList();
        Assert.Equal(3, ids.Distinct().Count());
        Assert.Equal(ids.Order(), ids);
        Assert.Equal(HttpStatusCode.BadRequest, (await host.Client.GetAsync("/api/payments/operations?status=1")).StatusCode);
    }

    [Fact]
    public async Task What_is_asked_for_while_a_call_is_under_way_is_done_when_the_call_has_ended()
    {
        var first = new TaskCompletionSource<ProviderOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        _provider.Answer = (operation, before) => operation.Kind switch
        {
            OperationKind.Authorise => Task.FromResult<ProviderOutcome>(new NeedsAction("pi_1", "https://bank.example")),
            OperationKind.Check when before == 0 => first.Task,
            _ => Task.FromResult(Decisions.Succeed(operation)),
        };
        await using var host = await _provider.StartAsync();
        var id = await host.RequestAsync(100, PaymentsHost.Visa);
        await host.ToldAsync<PaymentActionRequired>(id);
        var operation = (await ListAsync(host))[0].GetProperty("id").GetGuid();
        await RetryAsync(host, id, operation);
        await Eventually.TrueAsync(() => Task.FromResult(_provider.CountOf(OperationKind.Check, id) == 1));
        Assert.Equal("underWay", (await ListAsync(host))[0].GetProperty("status").GetString());

        // The customer confirms after the provider has made up its answer, and before it is recorded.
        Assert.Equal(HttpStatusCode.NoContent, await RetryAsync(host, id, operation));
        // What is put off is not due any more, so nobody asks once more but at once.
        host.Time.Stop();
        first.SetResult(new IsUndecided("pi_1"));

        await host.ToldAsync<PaymentAuthorised>(id);
    }

    [Fact]
    public async Task What_a_host_is_just_asking_the_provider_is_not_settled_by_the_staff()
    {
        var call = new TaskCompletionSource<ProviderOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        _provider.Answer = (operation, _) => operation.Kind == OperationKind.Capture ? call.Task : Task.FromResult(Decisions.Succeed(operation));
        await using var host = await _provider.StartAsync();
        var id = await host.AuthorisedAsync(100);
        await host.CaptureAsync(id, 100);
        await Eventually.TrueAsync(() => Task.FromResult(_provider.CountOf(OperationKind.Capture, id) == 1));
        var operation = (await ListAsync(host))[0].GetProperty("id").GetGuid();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/payments/payments/{id}/settle")
        {
            Content = JsonContent.Create(new { operationId = operation, happened = false, reason = "Not there" }),
            Headers = { { "Idempotency-Key", Guid.NewGuid().ToString() } },
        };

        using var refused = await host.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
        Assert.Contains("operation-under-way", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        call.SetResult(Decisions.Succeed(_provider.Calls.Last()));
        await host.ToldAsync<PaymentCaptured>(id);
    }

    [Fact]
    public async Task An_attempt_whose_lease_has_ended_does_not_touch_what_another_host_has_taken()
    {
        var call = new TaskCompletionSource<ProviderOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        _provider.Answer = (_, _) => call.Task;
        await using var host = await _provider.StartAsync();
        var id = await host.RequestAsync(100, PaymentsHost.Visa);
        await Eventually.TrueAsync(() => Task.FromResult(_provider.CountOf(OperationKind.Authorise, id) == 1));
        var table = host.Services.GetRequiredService<OperationTable>();
        var late = new LeasedOperation(_provider.Calls.First(), host.Time.GetUtcNow().AddMinutes(-1), false, false, 0);

        await table.PostponeAsync(late, TimeSpan.Zero, mayHaveArrived: false, null, "Late", isStuck: false, default);
        await table.ReleaseAsync([late], default);

        await using var source = NpgsqlDataSource.Create(host.ConnectionString);
        await using var command = source.CreateCommand("select is_leased and may_have_arrived and error = '' from payments.provider_operation");
        Assert.True((bool)(await command.ExecuteScalarAsync())!);
        call.SetResult(Decisions.Succeed(late.Operation));
        await host.ToldAsync<PaymentAuthorised>(id);
    }

    [Fact]
    public async Task A_refund_that_is_on_its_way_is_asked_about_until_it_has_arrived()
    {
        var hasArrived = false;
        var isAway = false;
        _provider.Answer = (operation, _) => Task.FromResult<ProviderOutcome>(
            operation.Kind == OperationKind.Refund ? new IsOnItsWay("re_1", true)
            : operation.Refund is null || Volatile.Read(ref hasArrived) ? Decisions.Succeed(operation)
            : Volatile.Read(ref isAway) ? new IsUnknown("Away.") : new IsUndecided("pi_1"));
        await using var host = await _provider.StartAsync();
        var id = await host.AuthorisedAsync(100);
        await host.CaptureAsync(id, 100);
        await host.ToldAsync<PaymentCaptured>(id);
        await host.RefundAsync(id, 100);
        await host.ToldAsync<RefundSent>(id);
        Assert.True((await host.ShowAsync(id))!.Value.GetProperty("refunds")[0].GetProperty("isPending").GetBoolean());

        // Weeks are no reason to give it up, and the health of nobody suffers.
        host.Time.Advance(TimeSpan.FromDays(20));
        await Eventually.TrueAsync(() => Task.FromResult(_provider.CountOf(OperationKind.Check, id) >= 1));
        Assert.Equal(HealthStatus.Healthy, await HealthAsync(host));
        Assert.Empty(await host.AllToldAsync<PaymentRefunded>(id));

        // Nor is a provider that is away for a moment.
        Volatile.Write(ref isAway, true);
        await Eventually.TrueAsync(async () =>
        {
            host.Time.Advance(TimeSpan.FromMinutes(10));
            return (await ListAsync(host))[0].GetProperty("error").ValueKind == JsonValueKind.String;
        });
        Assert.Empty(await ListAsync(host, "?status=stuck"));
        Volatile.Write(ref hasArrived, true);
        await Eventually.TrueAsync(async () =>
        {
            host.Time.Advance(TimeSpan.FromMinutes(10));
            return (await host.AllToldAsync<PaymentRefunded>(id)).Count == 1;
        });

        Assert.Equal(1, _provider.CountOf(OperationKind.Refund, id));
        await host.WaitForAsync(id, "refunded");
    }

    private Task<ModuleHost> StartAsync()
    {
        _provider.Answer = (operation, _) => Task.FromResult(operation.Kind == OperationKind.Capture && !_answers ? new IsUnknown("No answer.") : Decisions.Succeed(operation));
        return _provider.StartAsync();
    }

    private async Task<Guid> CapturingAsync(ModuleHost host)
    {
        var id = await host.AuthorisedAsync(100);
        await host.CaptureAsync(id, 100);
        await Eventually.TrueAsync(async () => (await ListAsync(host)).Any(item => item.GetProperty("paymentId").GetGuid() == id && item.GetProperty("attempts").GetInt32() > 0));
        return id;
    }

    private static async Task<IReadOnlyList<JsonElement>> ListAsync(ModuleHost host, string query = "") =>
        [.. (await host.Client.GetFromJsonAsync<JsonElement>("/api/payments/operations" + query)).GetProperty("items").EnumerateArray()];

    private static async Task<HttpStatusCode> RetryAsync(ModuleHost host, Guid paymentId, Guid operationId)
    {
        using var response = await host.Client.PostAsync($"/api/payments/payments/{paymentId}/operations/{operationId}/retry", null);
        return response.StatusCode;
    }

    private static async Task<HealthStatus> HealthAsync(ModuleHost host) =>
        (await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(static check => check.Name == "payments")).Status;

    private static ((long Unfinished, long Undecided, long Stuck) Counts, double Age) Measured(ModuleHost host)
    {
        host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(static check => check.Name == "payments").GetAwaiter().GetResult();
        var metrics = host.Services.GetRequiredService<OperationMetrics>();
        var (counts, age) = (new Dictionary<string, long>(StringComparer.Ordinal), 0.0);
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument == metrics.Count || instrument == metrics.Age)
                {
                    listening.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, measurement, tags, _) => counts[(string)tags[0].Value!] = measurement);
        listener.SetMeasurementEventCallback<double>((_, measurement, _, _) => age = measurement);
        listener.Start();
        listener.RecordObservableInstruments();
        return ((counts["unfinished"], counts["undecided"], counts["stuck"]), age);
    }
}
