using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ModularMonolith.Payments.Contracts;
using ModularMonolith.Payments.Operations;
using ModularMonolith.Payments.Providers;
using ModularMonolith.Platform.Testing;

namespace ModularMonolith.Payments.Tests;

/// <summary>Each on hosts and a provider of its own, because clocks are set and hosts stopped.</summary>
public sealed class ProviderFaultTests
{
    private readonly ScriptedProvider _provider = new();

    [Fact]
    public async Task While_the_provider_is_down_payments_wait_and_then_finish_by_themselves()
    {
        _provider.Answer = static (operation, before) => Task.FromResult(before < 3 ? new WasNotDone("Down.") : Decisions.Succeed(operation));
        await using var host = await _provider.StartAsync();

        var ids = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => host.RequestAsync(100, PaymentsHost.Visa)));

        foreach (var id in ids)
        {
            await host.ToldAsync<PaymentAuthorised>(id);
            Assert.Single(_provider.Calls.Where(call => call.PaymentId == id).Select(static call => call.Id).Distinct());
        }
    }

    [Fact]
    public async Task A_call_that_throws_is_made_again_under_the_same_key()
    {
        _provider.Answer = static (operation, before) => before == 0 ? throw new IOException("The connection broke.") : Task.FromResult(Decisions.Succeed(operation));
        await using var host = await _provider.StartAsync();

        var id = await host.AuthorisedAsync(100);
        await host.CaptureAsync(id, 100);
        await host.ToldAsync<PaymentCaptured>(id);

        Assert.Equal((2, 2), (_provider.CountOf(OperationKind.Authorise, id), _provider.CountOf(OperationKind.Capture, id)));
        Assert.Equal(2, _provider.Calls.Select(static call => call.Id).Distinct().Count());
    }

    [Fact]
    public async Task Two_hosts_make_each_call_once()
    {
        await using var host = await _provider.StartAsync();
        await using var other = await host.StartAnotherAsync();

        var ids = await Task.WhenAll(Enumerable.Range(0, 20).Select(index => (index % 2 == 0 ? host : other).RequestAsync(100, PaymentsHost.Visa)));

        foreach (var id in ids)
        {
            await host.ToldAsync<PaymentAuthorised>(id);
            Assert.Equal(1, _provider.CountOf(OperationKind.Authorise, id));
        }
    }

    [Fact]
    public async Task What_a_host_does_not_bring_to_an_end_another_one_does_and_it_counts_once()
    {
        var hangs = new TaskCompletionSource<ProviderOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        _provider.Answer = (operation, before) => before == 0 && operation.Kind == OperationKind.Authorise ? hangs.Task : Task.FromResult(Decisions.Succeed(operation));
        await using var host = await _provider.StartAsync();
        var id = await host.RequestAsync(100, PaymentsHost.Visa);
        await Eventually.TrueAsync(() => Task.FromResult(_provider.CountOf(OperationKind.Authorise, id) == 1));
        await using var other = await host.StartAnotherAsync();

        // The lease ends as if the first host had been killed in the middle of the call.
        host.Time.Advance(TimeSpan.FromMinutes(1));
        await host.ToldAsync<PaymentAuthorised>(id);
        hangs.SetResult(Decisions.Succeed(_provider.Calls.First()));
        await host.CaptureAsync(id, 100);
        await host.ToldAsync<PaymentCaptured>(id);

        Assert.Equal(2, _provider.CountOf(OperationKind.Authorise, id));
        Assert.Single(_provider.Calls.Where(static call => call.Kind == OperationKind.Authorise).Select(static call => call.Id).Distinct());
        await host.ToldAsync<PaymentAuthorised>(id);
    }

    [Fact]
    public async Task A_host_that_stops_finishes_its_calls_and_leaves_the_rest_to_the_next()
    {
        var first = new TaskCompletionSource<ProviderOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        _provider.Answer = (operation, _) => _provider.Calls.Count == 1 ? first.Task : Task.FromResult(Decisions.Succeed(operation));
        await using var host = await _provider.StartAsync(("payments:Parallelism", "1"));
        var begun = await host.RequestAsync(100, PaymentsHost.Visa);
        await Eventually.TrueAsync(() => Task.FromResult(_provider.Calls.Count == 1));
        var waiting = await host.RequestAsync(100, PaymentsHost.Visa);
        await Eventually.Async(() => host.ShowAsync(waiting), static shown => shown is not null);
        var stopping = host.BackgroundService<OperationWorker>().StopAsync(CancellationToken.None);
        first.SetResult(Decisions.Succeed(_provider.Calls.First()));
        await stopping;
        Assert.Single(await host.AllToldAsync<PaymentAuthorised>(begun));
        Assert.Equal(0, _provider.CountOf(OperationKind.Authorise, waiting));

        await using var next = await host.StartAnotherAsync();

        await next.ToldAsync<PaymentAuthorised>(waiting);
        Assert.Equal((1, 1), (_provider.CountOf(OperationKind.Authorise, begun), _provider.CountOf(OperationKind.Authorise, waiting)));
    }

    [Fact]
    public async Task What_turns_out_to_be_authorised_after_the_payment_expired_is_given_back()
    {
        var isKnown = false;
        _provider.Answer = (operation, _) => Task.FromResult(operation.Kind == OperationKind.Authorise && !Volatile.Read(ref isKnown) ? new IsUnknown("No answer.") : Decisions.Succeed(operation));
        await using var host = await _provider.StartAsync();
        var id = await host.RequestAsync(100, PaymentsHost.Visa);
        await Eventually.TrueAsync(() => Task.FromResult(_provider.CountOf(OperationKind.Authorise, id) >= 1));

        host.Time.Advance(TimeSpan.FromHours(2));
        Assert.Equal("expired", (await host.ToldAsync<PaymentDeclined>(id)).Code);
        Volatile.Write(ref isKnown, true);

        await Eventually.TrueAsync(async () => (await host.ShowAsync(id))!.Value.GetProperty("pending").GetArrayLength() == 0);
        Assert.Equal(1, _provider.CountOf(OperationKind.Cancel, id));
        Assert.Equal("released", (await host.ShowAsync(id))!.Value.GetProperty("tenders")[0].GetProperty("status").GetString());
        Assert.Empty(await host.AllToldAsync<PaymentAuthorised>(id));
    }

    [Fact]
    public async Task What_was_certainly_never_sent_is_not_sent_after_the_payment_expired()
    {
        _provider.Answer = static (_, _) => Task.FromResult<ProviderOutcome>(new WasNotDone("Down."));
        await using var host = await _provider.StartAsync();
        var id = await host.RequestAsync(100, PaymentsHost.Visa);
        await Eventually.TrueAsync(async () => (await host.ShowAsync(id))?.GetProperty("pending")[0].GetProperty("attempts").GetInt32() >= 1);

        host.Time.Advance(TimeSpan.FromHours(2));
        await host.ToldAsync<PaymentDeclined>(id);

        await Eventually.TrueAsync(async () => (await host.ShowAsync(id))!.Value.GetProperty("pending").GetArrayLength() == 0);
        Assert.Equal(0, _provider.CountOf(OperationKind.Cancel, id));
    }

    [Fact]
    public async Task An_outcome_that_nobody_learns_is_settled_by_the_staff()
    {
        _provider.Answer = static (operation, _) => Task.FromResult(operation.Kind == OperationKind.Capture ? new IsUnknown("No answer.") : Decisions.Succeed(operation));
        await using var host = await _provider.StartAsync();
        var id = await host.AuthorisedAsync(100);
        var capture = await host.CaptureAsync(id, 100);
        await Eventually.TrueAsync(() => Task.FromResult(_provider.CountOf(OperationKind.Capture, id) >= 1));
        host.Time.Advance(TimeSpan.FromHours(25));
        await Eventually.TrueAsync(async () => (await host.ShowAsync(id))!.Value.GetProperty("pending")[0].GetProperty("isStuck").GetBoolean());
        var operationId = (await host.ShowAsync(id))!.Value.GetProperty("pending")[0].GetProperty("operationId").GetGuid();

        Assert.Equal(HttpStatusCode.Conflict, await SettleAsync(host, id, operationId, happened: true, reference: null));
        Assert.Equal(HttpStatusCode.NoContent, await SettleAsync(host, id, operationId, happened: true, reference: "ch_1"));

        var captured = await host.ToldAsync<PaymentCaptured>(id);
        Assert.Equal((capture, "ch_1"), (captured.CaptureId, captured.Parts[0].ProviderReference));
        Assert.Equal(HttpStatusCode.Conflict, await SettleAsync(host, id, operationId, happened: false, reference: null));
        await host.WaitForAsync(id, "captured");
    }

    private static async Task<HttpStatusCode> SettleAsync(ModuleHost host, Guid paymentId, Guid operationId, bool happened, string? reference)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/payments/payments/{paymentId}/settle")
        {
            Content = JsonContent.Create(new { operationId, happened, providerReference = reference, reason = "Seen on the provider's page" }, options: JsonSerializerOptions.Web),
            Headers = { { "Idempotency-Key", Guid.NewGuid().ToString() } },
        };
        using var response = await host.Client.SendAsync(request);
        return response.StatusCode;
    }
}
