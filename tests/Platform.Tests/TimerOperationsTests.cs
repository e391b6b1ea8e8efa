using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Platform.Testing;
using ModularMonolith.Platform.Tests.Notes;
using Npgsql;

namespace ModularMonolith.Platform.Tests;

/// <summary>What operators see of timers and jobs and do with them. Each test has a host of its own, whose list it knows whole.</summary>
public sealed class TimerOperationsTests : IAsyncLifetime
{
    private ModuleHost _host = null!;
    private NpgsqlDataSource _source = null!;

    public async Task InitializeAsync()
    {
        _host = await ModuleHost.StartAsync(typeof(NotesModule).Assembly);
        _source = NpgsqlDataSource.Create(_host.ConnectionString);
    }

    public async Task DisposeAsync()
    {
        await _source.DisposeAsync();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task A_parked_timer_is_shown_with_its_errors_sent_again_once_and_sent_when_its_cause_is_gone()
    {
        using var counted = new TimerCounts();
        var id = Guid.NewGuid();
        var broken = true;
        _host.Services.GetRequiredService<ProbeFaults>().ByKey["broken"] = _ =>
            Volatile.Read(ref broken) ? throw new InvalidOperationException("as the test wants it") : Task.CompletedTask;
        await _host.SendAsync(new PlanReminder(id, _host.Time.GetUtcNow().AddHours(1), "broken"));
        // Before it is due, or the first failure would write over it.
        await SetAttemptsAsync(id, 8);
        _host.Time.Advance(TimeSpan.FromHours(1));

        var parked = await Eventually.Async(
            () =>
            {
                // Over the pauses between the attempts.
                _host.Time.Advance(TimeSpan.FromSeconds(1));
                return ShowAsync(id);
            },
            static shown => State(shown) == "parked");
        Assert.Equal(10, parked.GetProperty("summary").GetProperty("attempts").GetInt32());
        Assert.Contains("as the test wants it", parked.GetProperty("summary").GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Equal("broken", parked.GetProperty("payload").GetProperty("text").GetString());
        Assert.Equal(JsonValueKind.Object, parked.GetProperty("headers").ValueKind);
        var errors = parked.GetProperty("errors").EnumerateArray().ToList();
        Assert.Equal(10, errors[^1].GetProperty("attempt").GetInt32());
        Assert.True(errors[^1].GetProperty("at").GetDateTimeOffset() <= _host.Time.GetUtcNow());
        Assert.Contains("as the test wants it", errors[^1].GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Contains("1 timers wait for an operator", await HealthAsync(), StringComparison.Ordinal);

        await PostAsync($"{id}/replay", "perhaps");
        var again = await Eventually.Async(() => ShowAsync(id), static shown => State(shown) == "parked" && shown.GetProperty("errors").GetArrayLength() >= 2);
        Assert.Equal(11, again.GetProperty("summary").GetProperty("attempts").GetInt32());
        Assert.Equal(["replay: perhaps"], Audit(again));

        Volatile.Write(ref broken, false);
        await PostAsync($"{id}/replay", "repaired");
        await Eventually.Async(() => ScalarAsync("select count(*) from notes.note_audit where text = 'broken'"), static count => count is 1L);
        await PostAsync($"{id}/replay", "gone", HttpStatusCode.NotFound);
        Assert.Equal(2L, await ScalarAsync("select count(*) from notes.log_audit where timer_id = $1 and timer = 'remind' and subscription is null", id));
        Assert.DoesNotContain("timers wait", await HealthAsync(), StringComparison.Ordinal);
        await Eventually.Async(() => Task.FromResult(counted.Of("fired")), static fired => fired >= 1);
        Assert.True(counted.Of("failed") >= 2 && counted.Of("parked") >= 2, counted.ToString());
    }

    [Fact]
    public async Task A_discarded_timer_is_not_sent_and_says_who_gave_it_up()
    {
        var (id, other) = (Guid.NewGuid(), Guid.NewGuid());
        var due = _host.Time.GetUtcNow().AddMinutes(5);
        await _host.SendAsync(new PlanReminder(id, due, "discarded"));
        await _host.SendAsync(new PlanReminder(other, due, "kept"));

        await PostAsync($"{id}/discard", "hopeless");
        await PostAsync($"{id}/discard", "twice", HttpStatusCode.NotFound);
        await PostAsync($"{id}/replay", "too late", HttpStatusCode.NotFound);
        await PostAsync($"{other}/replay", "it has not failed", HttpStatusCode.NotFound);
        await PostAsync($"{other}/discard", "", HttpStatusCode.BadRequest);
        _host.Time.Advance(TimeSpan.FromMinutes(6));

        await Eventually.Async(() => ScalarAsync("select count(*) from notes.note_audit where text = 'kept'"), static count => count is 1L);
        Assert.Equal(0L, await ScalarAsync("select count(*) from notes.note_audit where text = 'discarded'"));
        var shown = await ShowAsync(id);
        Assert.Equal(("discarded", JsonValueKind.Null), (State(shown), shown.GetProperty("summary").GetProperty("nextAttemptAt").ValueKind));
        Assert.Equal(["discard: hopeless"], Audit(shown));
        Assert.Equal([id], (await ListAsync("?state=discarded")).Ids);
        Assert.Empty((await ListAsync("")).Ids);

        await _host.SendAsync(new PlanReminder(id, due, "set anew"));
        await Eventually.Async(() => ScalarAsync("select count(*) from notes.note_audit where text = 'set anew'"), static count => count is 1L);
    }

    [Fact]
    public async Task The_list_has_the_parked_timers_first_and_each_timer_once_over_all_pages()
    {
        var now = _host.Time.GetUtcNow();
        var waiting = Enumerable.Range(0, 5).Select(static _ => Guid.NewGuid()).ToList();
        foreach (var (id, index) in waiting.Select(static (id, index) => (id, index)))
        {
            // Two at the same time, which only their ids tell apart.
            await _host.SendAsync(new PlanReminder(id, now.AddHours(1 + (index / 2)), "listed"));
        }

        var parked = waiting[^1];
        await ScalarAsync("update notes.log_timer set state = 'parked', attempts = 10 where id = $1", parked);
        var seen = new List<Guid>();
        var query = "?limit=2";
        while (query is not null)
        {
            var (ids, next) = await ListAsync(query);
            Assert.InRange(ids.Count, 1, 2);
            seen.AddRange(ids);
            query = next is null ? null : "?limit=2&cursor=" + next;
        }

        Assert.Equal(5, seen.Count);
        Assert.Equal(parked, seen[0]);
        Assert.Equal(waiting.Order(), seen.Order());
        Assert.Equal([parked], (await ListAsync("?state=parked&module=notes")).Ids);
        Assert.Equal(4, (await ListAsync("?state=waiting")).Ids.Count);
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync("?module=nobody"));
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync("?state=lost"));
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync("?limit=0"));
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync("?order=id"));
        Assert.Equal(HttpStatusCode.BadRequest, await StatusAsync("?state=parked&cursor=" + (await ListAsync("?state=waiting&limit=1")).Next));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync("/notes/" + Guid.NewGuid()));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync("/nobody/" + parked));
    }

    [Fact]
    public async Task A_timer_that_hangs_for_a_minute_is_told_by_the_health_check()
    {
        var (started, released) = (new TaskCompletionSource(), new TaskCompletionSource());
        _host.Services.GetRequiredService<ProbeFaults>().ByKey["hanging"] = _ =>
        {
            started.TrySetResult();
            return released.Task;
        };
        await _host.SendAsync(new PlanReminder(Guid.NewGuid(), _host.Time.GetUtcNow(), "hanging"));
        await started.Task;
        Assert.DoesNotContain("overdue", await HealthAsync(), StringComparison.Ordinal);

        _host.Time.Advance(TimeSpan.FromSeconds(61));
        Assert.Contains("1 are more than a minute overdue", await HealthAsync(), StringComparison.Ordinal);

        released.SetResult();
        await Eventually.Async(HealthAsync, static health => !health.Contains("overdue", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Jobs_are_listed_with_their_schedule_and_their_last_run()
    {
        var job = await Eventually.Async(JobAsync, static job => job.GetProperty("nextAt").ValueKind == JsonValueKind.String);
        Assert.Equal(("notes", "0 0 1 * *"), (job.GetProperty("module").GetString(), job.GetProperty("schedule").GetString()));
        Assert.Equal(JsonValueKind.Null, job.GetProperty("lastRunAt").ValueKind);

        _host.Time.Advance(TimeSpan.FromDays(32));

        var ran = await Eventually.Async(JobAsync, static job => job.GetProperty("lastRunAt").ValueKind == JsonValueKind.String);
        Assert.True(ran.GetProperty("nextAt").GetDateTimeOffset() > job.GetProperty("nextAt").GetDateTimeOffset());
    }

    private async Task<JsonElement> JobAsync() =>
        (await _host.Client.GetFromJsonAsync<JsonElement>("/api/log/jobs")).EnumerateArray().Single(static job => job.GetProperty("name").GetString() == "sweep-notes");

    private Task<JsonElement> ShowAsync(Guid id) => _host.Client.GetFromJsonAsync<JsonElement>($"/api/log/timers/notes/{id}");

    private async Task<(List<Guid> Ids, string? Next)> ListAsync(string query)
    {
        var page = await _host.Client.GetFromJsonAsync<JsonElement>("/api/log/timers" + query);
        return ([.. page.GetProperty("items").EnumerateArray().Select(static timer => timer.GetProperty("id").GetGuid())], page.GetProperty("next").GetString());
    }

    private async Task<HttpStatusCode> StatusAsync(string path)
    {
        using var response = await _host.Client.GetAsync(new Uri("/api/log/timers" + path, UriKind.Relative));
        return response.StatusCode;
    }

    private async Task PostAsync(string path, string reason, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var response = await _host.Client.PostAsJsonAsync("/api/log/timers/notes/" + path, new { reason });
        Assert.True(expected == response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    private async Task<string> HealthAsync()
    {
        using var response = await _host.Client.GetAsync(new Uri("/health/ready", UriKind.Relative));
        var health = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == HttpStatusCode.OK, health);
        return health;
    }

    // The pauses of ten failures would take most of a minute; the last two show the same.
    private Task<object?> SetAttemptsAsync(Guid id, int attempts) => Eventually.Async(
        () => ScalarAsync("update notes.log_timer set attempts = $2 where id = $1 and attempts < $2 returning 1", id, attempts), static changed => changed is not null);

    private async Task<object?> ScalarAsync(string sql, params object[] values)
    {
        await using var command = _source.CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.AddWithValue(value);
        }

        return await command.ExecuteScalarAsync();
    }

    private static string? State(JsonElement shown) => shown.GetProperty("summary").GetProperty("state").GetString();

    private static IEnumerable<string> Audit(JsonElement shown) =>
        shown.GetProperty("audit").EnumerateArray().Select(static entry => $"{entry.GetProperty("action").GetString()}: {entry.GetProperty("reason").GetString()}");

    /// <summary>What this process counted of the timers named <c>remind</c>.</summary>
    private sealed class TimerCounts : IDisposable
    {
        private readonly ConcurrentDictionary<string, long> _counts = new(StringComparer.Ordinal);
        private readonly MeterListener _listener;

        public TimerCounts()
        {
            _listener = new MeterListener
            {
                InstrumentPublished = static (instrument, listener) =>
                {
                    if (instrument.Name.StartsWith("modularmonolith.log.timer.", StringComparison.Ordinal))
                    {
                        listener.EnableMeasurementEvents(instrument);
                    }
                },
            };
            _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
            {
                if (tags.Contains(new KeyValuePair<string, object?>("timer", "remind")) && tags.Contains(new KeyValuePair<string, object?>("module", "notes")))
                {
                    _counts.AddOrUpdate(instrument.Name[(instrument.Name.LastIndexOf('.') + 1)..], value, (_, sum) => sum + value);
                }
            });
            _listener.Start();
        }

        public long Of(string what) => _counts.GetValueOrDefault(what);

        public override string ToString() => string.Join(", ", _counts);

        public void Dispose() => _listener.Dispose();
    }
}
