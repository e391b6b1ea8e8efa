using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using ModularMonolith.Ledger.Contracts;
using ModularMonolith.Ledger.Reconciliations;
using ModularMonolith.Payments.Contracts;
using ModularMonolith.Platform.Testing;
using static ModularMonolith.Ledger.Tests.LedgerHost;

namespace ModularMonolith.Ledger.Tests;

/// <summary>Each test compares a year of its own, in which nothing else happens.</summary>
public sealed class ReconciliationTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly LedgerHost _ledger = new();

    private ScriptedProvider Provider => _ledger.Provider;

    public Task InitializeAsync() => _ledger.InitializeAsync();

    public Task DisposeAsync() => _ledger.DisposeAsync();

    [Fact]
    public async Task Equal_to_the_unit_is_balanced_and_books_the_fees_and_payouts_once()
    {
        var order = Guid.NewGuid();
        var capture = await _ledger.PaidAsync(order, 10_000, Noon);
        Provider.Captured(capture, 10_000, Noon.AddSeconds(2), fee: 175);
        Provider.PaidOut(9_825, Noon.AddHours(1));

        var first = await ReconcileAsync();
        var second = await ReconcileAsync();

        Assert.All(new[] { first, second }, static ended => Assert.Equal(("balanced", 2, 0), (Status(ended), ended.GetProperty("transactions").GetInt32(), ended.GetProperty("differenceCount").GetInt32())));
        var total = Assert.Single(first.GetProperty("totals").EnumerateArray());
        Assert.Equal((10_000, 10_000), (Amount(total, "recorded"), Amount(total, "reported")));
        var accounts = (await _ledger.GetAsync("accounts")).GetProperty("items").EnumerateArray().ToDictionary(static item => item.GetProperty("account").GetString()!, static item => Amount(item, "balance"));
        Assert.Equal((175, 9_825, 0), (accounts["fees"], accounts["bank"], accounts["provider:test"]));
        Assert.Contains("provider-fee", (await _ledger.GetAsync("entries?reference=" + order)).GetProperty("items").EnumerateArray().Select(static entry => entry.GetProperty("kind").GetString()));
        Assert.Equal(HealthStatus.Healthy, await HealthAsync());
        Assert.Equal(0L, await _ledger.ScalarAsync("select count(*) from reported_transaction"));
        await _ledger.AssertSoundAsync();
    }

    [Fact]
    public async Task One_cent_of_drift_is_found_told_measured_and_seen_by_the_health_check()
    {
        var (right, wrong) = (await _ledger.PaidAsync(Guid.NewGuid(), 5_000, Noon), await _ledger.PaidAsync(Guid.NewGuid(), 7_000, Noon));
        Provider.Captured(right, 5_000, Noon);
        Provider.Captured(wrong, 6_999, Noon);

        var drift = await ReconcileAsync();

        Assert.Equal(("drift", 1), (Status(drift), drift.GetProperty("differenceCount").GetInt32()));
        var difference = Assert.Single(drift.GetProperty("differences").EnumerateArray());
        Assert.Equal(("differentAmount", wrong, 7_000, 6_999), Shown(difference));
        var told = Assert.Single(await _ledger.Host.PublishedAsync<DriftFound>());
        Assert.Equal((drift.GetProperty("id").GetGuid(), "test", Eur(12_000), Eur(11_999)), (told.ReconciliationId, told.Provider, told.Recorded, told.Reported));
        Assert.Equal(HealthStatus.Degraded, await HealthAsync());
        Assert.Equal(1L, MeasuredDrift());

        // What the provider corrects is found to be right, and the alarm ends.
        Provider.Captured(wrong, 1, Noon.AddMinutes(5));
        Assert.Equal("balanced", Status(await ReconcileAsync()));
        Assert.Equal((HealthStatus.Healthy, 0L), (await HealthAsync(), MeasuredDrift()));
    }

    [Fact]
    public async Task What_only_one_side_has_and_what_the_provider_has_twice_are_found()
    {
        var (lost, twice, fine) = (await _ledger.PaidAsync(Guid.NewGuid(), 100, Noon), await _ledger.PaidAsync(Guid.NewGuid(), 200, Noon), await _ledger.PaidAsync(Guid.NewGuid(), 300, Noon));
        Provider.Captured(twice, 200, Noon);
        Provider.Captured(twice, 200, Noon.AddSeconds(1));
        Provider.Captured(fine, 300, Noon);
        Provider.Captured("ch_unknown", 400, Noon);

        var drift = await ReconcileAsync();

        Assert.Equal(
            new[] { ("duplicateAtProvider", twice, (int?)200, (int?)400), ("missingAtProvider", lost, 100, null), ("missingInLedger", "ch_unknown", null, 400) }.OrderBy(static item => item.Item1),
            drift.GetProperty("differences").EnumerateArray().Select(Shown).OrderBy(static item => item.Item1));
    }

    [Fact]
    public async Task Differences_that_cancel_each_other_out_are_no_balance()
    {
        var (more, less) = (await _ledger.PaidAsync(Guid.NewGuid(), 100, Noon), await _ledger.PaidAsync(Guid.NewGuid(), 100, Noon));
        Provider.Captured(more, 101, Noon);
        Provider.Captured(less, 99, Noon);

        Assert.Equal(2, (await ReconcileAsync()).GetProperty("differenceCount").GetInt32());
    }

    [Fact]
    public async Task A_capture_in_parts_and_its_refund_are_compared_by_their_sums()
    {
        var (order, reference) = (Guid.NewGuid(), "ch_" + Guid.NewGuid().ToString("N"));
        await _ledger.PublishAsync(
            Captured(600), Captured(400), new PaymentRefunded(Guid.NewGuid(), order.ToString(), Guid.NewGuid(), Eur(300), [new TenderPart("card", "test", "re_" + order, Eur(300))], Noon));
        await _ledger.BookedAsync(order.ToString(), 3);
        Provider.Captured(reference, 400, Noon);
        Provider.Captured(reference, 600, Noon);
        Provider.Refunded("re_" + order, 300, Noon);

        var balanced = await ReconcileAsync();

        Assert.Equal("balanced", Status(balanced));
        Assert.Equal(700, Amount(balanced.GetProperty("totals")[0], "recorded"));

        PaymentCaptured Captured(long amount) => new(Guid.NewGuid(), order.ToString(), Guid.NewGuid(), Eur(amount), [new TenderPart("card", "test", reference, Eur(amount))], Noon);
    }

    [Fact]
    public async Task What_moves_at_an_end_of_the_time_is_left_to_the_next_reconciliation()
    {
        // Ours before midnight, the provider's behind it.
        var midnight = new DateTimeOffset(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);
        var capture = await _ledger.PaidAsync(Guid.NewGuid(), 100, midnight.AddSeconds(-1));
        Provider.Captured(capture, 100, midnight.AddSeconds(1));

        var day = await _ledger.ReconcileAsync(midnight.AddDays(-1), midnight);
        var next = await _ledger.ReconcileAsync(midnight.AddDays(-1), midnight.AddDays(1));

        Assert.Equal(("balanced", 1), (Status(day), day.GetProperty("undecided").GetInt32()));
        Assert.Equal(("balanced", 0, 100), (Status(next), next.GetProperty("undecided").GetInt32(), Amount(next.GetProperty("totals")[0], "reported")));
    }

    [Fact]
    public async Task A_long_report_is_read_page_by_page_in_several_steps()
    {
        Provider.PageSize = 3;
        var reference = await _ledger.PaidAsync(Guid.NewGuid(), 130, Noon);
        for (var part = 0; part < 130; part++)
        {
            Provider.Captured(reference, 1, Noon);
        }

        var ended = await ReconcileAsync();

        Assert.Equal(("balanced", 130, 44), (Status(ended), ended.GetProperty("transactions").GetInt32(), Provider.Asked));
    }

    [Fact]
    public async Task A_provider_that_does_not_answer_is_asked_again_and_in_the_end_given_up()
    {
        Provider.Captured(await _ledger.PaidAsync(Guid.NewGuid(), 100, Noon), 100, Noon);
        Provider.Fail(2);
        Assert.Equal("balanced", Status(await ReconcileAsync(patient: true)));

        Provider.Fail(100);
        Assert.Equal("failed", Status(await ReconcileAsync(patient: true)));

        Assert.Equal(HealthStatus.Degraded, await HealthAsync());
        Assert.Empty(await _ledger.Host.PublishedAsync<DriftFound>());
        Provider.Fail(0);
        Assert.Equal("balanced", Status(await ReconcileAsync()));
        Assert.Equal(HealthStatus.Healthy, await HealthAsync());
    }

    [Fact]
    public async Task An_explained_drift_raises_no_alarm_and_only_a_drift_can_be_explained()
    {
        Provider.Captured("ch_unknown", 400, Noon);
        var drift = await ReconcileAsync();
        var address = $"/api/ledger/reconciliations/{drift.GetProperty("id").GetGuid()}/acknowledge";

        using var explained = await _ledger.Client.PostAsJsonAsync(address, new { note = "A test of the provider's." });
        using var again = await _ledger.Client.PostAsJsonAsync(address, new { note = "Another note." });

        Assert.Equal("A test of the provider's.", (await again.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("acknowledged").GetProperty("note").GetString());
        Assert.Equal(HealthStatus.Healthy, await HealthAsync());
        Provider.Clear();
        var balanced = await ReconcileAsync();
        using var refused = await _ledger.Client.PostAsJsonAsync($"/api/ledger/reconciliations/{balanced.GetProperty("id").GetGuid()}/acknowledge", new { note = "Nothing." });
        Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
    }

    [Fact]
    public async Task The_nightly_run_compares_the_last_two_days()
    {
        await _ledger.Host.SendAsync(new ReconcileNightly());

        var started = Assert.Single((await _ledger.GetAsync("reconciliations")).GetProperty("items").EnumerateArray());
        var midnight = new DateTimeOffset(_ledger.Host.Time.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero);
        Assert.Equal((midnight.AddDays(-2), midnight), (started.GetProperty("from").GetDateTimeOffset(), started.GetProperty("to").GetDateTimeOffset()));
        Assert.Equal("balanced", Status(await _ledger.EndedAsync(started.GetProperty("id").GetGuid())));
    }

    private async Task<JsonElement> ReconcileAsync(bool patient = false)
    {
        var id = await _ledger.StartAsync(Noon.AddDays(-1), Noon.AddDays(1));
        var ended = _ledger.EndedAsync(id);
        if (patient)
        {
            await Eventually.TrueAsync(() =>
            {
                // The pauses between two attempts are minutes long.
                _ledger.Host.Time.Advance(TimeSpan.FromMinutes(15));
                return Task.FromResult(ended.IsCompleted);
            });
        }

        return await ended;
    }

    private async Task<HealthStatus> HealthAsync() =>
        (await _ledger.Host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(static check => check.Name == "ledger")).Status;

    private long MeasuredDrift()
    {
        var measured = 0L;
        var meter = _ledger.Host.Services.GetRequiredService<DriftMetrics>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, listening) =>
            {
                if (instrument == meter.Instrument)
                {
                    listening.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((_, measurement, _, _) => measured += measurement);
        listener.Start();
        listener.RecordObservableInstruments();
        return measured;
    }

    private static string Status(JsonElement reconciliation) => reconciliation.GetProperty("status").GetString()!;

    private static int Amount(JsonElement holder, string name) => holder.GetProperty(name).GetProperty("amount").GetInt32();

    private static (string Kind, string Reference, int? Recorded, int? Reported) Shown(JsonElement difference) => (
        difference.GetProperty("kind").GetString()!, difference.GetProperty("providerReference").GetString()!, Maybe(difference, "recorded"), Maybe(difference, "reported"));

    private static int? Maybe(JsonElement holder, string name) => holder.TryGetProperty(name, out var found) && found.ValueKind != JsonValueKind.Null ? found.GetProperty("amount").GetInt32() : null;
}
