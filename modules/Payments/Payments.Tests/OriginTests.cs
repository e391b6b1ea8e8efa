using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Payments.Contracts;
using ModularMonolith.Payments.GiftCards;
using ModularMonolith.Payments.Operations;
using ModularMonolith.Payments.Payments;
using ModularMonolith.Payments.Providers;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.IntegrationLog;
using ModularMonolith.Platform.Testing;
using static ModularMonolith.Payments.Tests.PaymentSteps;

namespace ModularMonolith.Payments.Tests;

/// <summary>What the provider answers is told on behalf of whoever has asked for it, in the trace of that request.</summary>
public sealed class OriginTests : IAsyncLifetime
{
    private readonly ScriptedProvider _provider = new();
    private ModuleHost _host = null!;

    public async Task InitializeAsync() => _host = await _provider.StartAsync();

    public Task DisposeAsync() => _host.DisposeAsync().AsTask();

    [Fact]
    public async Task An_outcome_belongs_to_the_request_that_made_the_call_necessary()
    {
        var (customer, staff) = (Origin("customer"), Origin("staff"));
        var id = await RequestAsync(customer);
        var authorised = await HeadersAsync<PaymentAuthorised>(id);
        await _host.PublishAsync(new CaptureRequested(id, Guid.CreateVersion7(), Eur(100), true), staff);
        var captured = await HeadersAsync<PaymentCaptured>(id);

        AssertOf(customer, authorised);
        AssertOf(staff, captured);
        // Caused by the message that asked for it.
        Assert.Equal((await _host.HeadersAsync<PaymentRequested>(id.ToString()))!.Value.Id.ToString(), authorised.CausationId);
    }

    [Fact]
    public async Task Of_many_outcomes_that_are_recorded_at_once_each_belongs_to_its_own_request()
    {
        var all = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _provider.Answer = async (operation, _) =>
        {
            await all.Task;
            return Decisions.Succeed(operation);
        };
        var origins = Enumerable.Range(0, 12).Select(number => Origin("customer " + number)).ToList();
        var ids = await Task.WhenAll(origins.Select(RequestAsync));
        await Eventually.TrueAsync(() => Task.FromResult(_provider.Calls.Count == ids.Length));
        all.SetResult();

        foreach (var (id, origin) in ids.Zip(origins))
        {
            var told = await HeadersAsync<PaymentAuthorised>(id);
            AssertOf(origin, told);
            await using var session = _host.Services.GetRequiredService<IPaymentsStore>().QuerySession();
            var stored = await session.Events.FetchStreamAsync(id);
            Assert.Equal([nameof(PaymentOpened), nameof(OperationStarted), nameof(TenderAuthorised), nameof(AuthorisationCompleted)], stored.Select(static item => item.EventType.Name));
            Assert.All(stored, item => Assert.Equal((origin.Actor, origin.CorrelationId, told.CausationId), (item.UserName, item.CorrelationId, item.CausationId)));
        }
    }

    [Fact]
    public async Task What_is_held_on_gift_cards_for_many_payments_at_once_belongs_to_each_payments_request()
    {
        var card = (await _host.SendAsync(new IssueGiftCard(Eur(1_000), "sold", null))).Id;
        var asked = Enumerable.Range(0, 12).Select(number => (Id: Guid.CreateVersion7(), Origin: Origin("customer " + number))).ToList();

        await _host.PublishAsync([.. asked.Select(one => (
            (IIntegrationEvent)new PaymentRequested(one.Id, "order-" + one.Id, Eur(10), [new PaymentTender("gift-card", card.ToString())], _host.Time.GetUtcNow().AddHours(1)), one.Origin))]);

        foreach (var (id, _) in asked)
        {
            await _host.ToldAsync<PaymentAuthorised>(id);
        }

        await using var session = _host.Services.GetRequiredService<IPaymentsStore>().QuerySession();
        var held = (await session.Events.FetchStreamAsync(card)).Where(static item => item.Data is CardHeld).ToDictionary(static item => ((CardHeld)item.Data).Key, StringComparer.Ordinal);
        Assert.All(asked, one => Assert.Equal((one.Origin.Actor, one.Origin.CorrelationId), (held[Tender.HoldKey(one.Id, 0)].UserName, held[Tender.HoldKey(one.Id, 0)].CorrelationId)));
    }

    [Fact]
    public async Task What_follows_from_a_customers_consent_and_from_the_end_of_time_belongs_to_the_request_too()
    {
        _provider.Answer = static (operation, _) => Task.FromResult<ProviderOutcome>(operation.Kind == OperationKind.Authorise ? new NeedsAction("pi_1", "https://bank.example")
            : operation.Kind == OperationKind.Check ? new IsUndecided("pi_1") : new WasCancelled());
        var customer = Origin("customer");
        var id = await RequestAsync(customer);
        AssertOf(customer, await HeadersAsync<PaymentActionRequired>(id));

        _host.Time.Advance(TimeSpan.FromHours(2));

        AssertOf(customer, await HeadersAsync<PaymentDeclined>(id));
    }

    [Fact]
    public async Task A_call_is_shown_in_the_trace_of_its_request()
    {
        var calls = new System.Collections.Concurrent.ConcurrentBag<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name.Contains("payments", StringComparison.OrdinalIgnoreCase),
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = calls.Add,
        };
        ActivitySource.AddActivityListener(listener);
        var customer = Origin("customer");
        var id = await RequestAsync(customer);

        var authorised = await HeadersAsync<PaymentAuthorised>(id);

        var call = await Eventually.Async(() => Task.FromResult(calls.FirstOrDefault(call => call.OperationName == "provider Authorise" && call.GetTagItem("modularmonolith.payments.payment") is Guid of && of == id)), static found => found is not null);
        Assert.Equal(customer.TraceParent!.Split('-')[1], call!.TraceId.ToString());
        AssertOf(customer, authorised);
    }

    private static EventHeaders Origin(string actor) => new()
    {
        Actor = actor,
        CorrelationId = Guid.NewGuid().ToString("N"),
        TraceParent = $"00-{Guid.NewGuid():N}-00f067aa0ba902b7-01",
    };

    private static void AssertOf(EventHeaders origin, EventHeaders told) =>
        Assert.Equal((origin.Actor, origin.CorrelationId, origin.TraceParent!.Split('-')[1]), (told.Actor, told.CorrelationId, told.TraceParent?.Split('-')[1]));

    private async Task<Guid> RequestAsync(EventHeaders origin)
    {
        var id = Guid.CreateVersion7();
        await _host.PublishAsync(new PaymentRequested(id, "order-" + id, Eur(100), [new PaymentTender("card", PaymentsHost.Visa)], _host.Time.GetUtcNow().AddHours(1)), origin);
        return id;
    }

    private async Task<EventHeaders> HeadersAsync<TEvent>(Guid paymentId)
        where TEvent : class, IIntegrationEvent
    {
        await _host.ToldAsync<TEvent>(paymentId);
        return (await _host.HeadersAsync<TEvent>(paymentId.ToString()))!.Value.Headers;
    }
}
