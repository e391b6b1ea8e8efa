using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Platform.Testing;
using ModularMonolith.Platform.Tests.Notes;
using Npgsql;

namespace ModularMonolith.Platform.Tests;

public sealed class ClockTests : IAsyncLifetime
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private ModuleHost _host = null!;
    private ModuleHost _second = null!;
    private NpgsqlDataSource _source = null!;

    public async Task InitializeAsync()
    {
        _host = await ModuleHost.StartAsync(typeof(NotesModule).Assembly);
        _second = await _host.StartAnotherAsync();
        _source = NpgsqlDataSource.Create(_host.ConnectionString);
    }

    public async Task DisposeAsync()
    {
        await _source.DisposeAsync();
        await _second.DisposeAsync();
        await _host.DisposeAsync();
    }

    [Fact]
    public async Task Events_are_handled_once_and_in_order_while_the_hosts_clock_jumps()
    {
        await Eventually.Async(() => ScalarAsync("select count(*) from integration.host"), static hosts => hosts is 2L);
        await Eventually.Async(() => ScalarAsync("select count(*) from notes.log_cursor where subscription = 'record-probe-loosely'"), static lanes => lanes is 4L);
        var members = await ScalarAsync("select string_agg(id::text, ',' order by id) from integration.host");
        var failed = new ConcurrentDictionary<int, bool>();
        foreach (var host in new[] { _host, _second })
        {
            // Every third event fails at first in one of its two subscriptions, so that retries are under way at each jump.
            host.Services.GetRequiredService<ProbeFaults>().ByKey["jumping"] = number =>
                number % 3 == 0 && failed.TryAdd(number, true) ? throw new InvalidOperationException("It fails once.") : Task.CompletedTask;
        }

        for (var number = 1; number <= 30; number++)
        {
            await _host.PublishAsync(new ProbeSent("jumping", number));
            _host.Time.Advance(number % 2 == 0 ? Hour : -Hour);
        }

        await Eventually.Async(() => EffectsAsync("record-probe"), static effects => effects.Count >= 30);
        Assert.Equal(Enumerable.Range(1, 30), await EffectsAsync("record-probe"));
        await Eventually.Async(() => EffectsAsync("record-probe-loosely"), static effects => effects.Count >= 30);
        Assert.Equal(Enumerable.Range(1, 30), (await EffectsAsync("record-probe-loosely")).Order());
        Assert.Equal(members, await ScalarAsync("select string_agg(id::text, ',' order by id) from integration.host where expires_at > clock_timestamp()"));
        Assert.Equal(0L, await ScalarAsync("select count(*) from notes.log_dead_letter where state <> 'settled'"));
    }

    [Fact]
    public async Task A_timer_fires_once_when_its_time_passes_twice()
    {
        var now = _host.Time.GetUtcNow();
        await _host.SendAsync(new PlanReminder(Guid.NewGuid(), now.AddMinutes(30), "passed twice"));
        _host.Time.Advance(Hour);
        await Eventually.Async(() => CountAsync("passed twice"), static count => count == 1);

        _host.Time.Advance(-Hour);
        await _host.SendAsync(new PlanReminder(Guid.NewGuid(), now.AddMinutes(30), "set after the jump back"));
        await TimersHaveLookedAsync();
        Assert.Equal(0, await CountAsync("set after the jump back"));
        _host.Time.Advance(Hour);
        await Eventually.Async(() => CountAsync("set after the jump back"), static count => count == 1);

        await TimersHaveLookedAsync();
        Assert.Equal(1, await CountAsync("passed twice"));
        Assert.Equal(1, await CountAsync("set after the jump back"));
        Assert.Equal(0L, await ScalarAsync("select count(*) from notes.log_timer"));
    }

    [Fact]
    public async Task A_recurring_job_runs_once_when_its_occasion_passes_twice()
    {
        await Eventually.Async(() => ScalarAsync("select count(*) from notes.log_job"), static count => count is 1L);
        var month = TimeSpan.FromDays(32);
        _host.Time.Advance(month);
        await Eventually.Async(() => CountAsync("swept"), static count => count == 1);

        _host.Time.Advance(-month);
        await TimersHaveLookedAsync();
        _host.Time.Advance(month);
        await TimersHaveLookedAsync();

        Assert.Equal(1, await CountAsync("swept"));
    }

    // One that is due fires, so those who run the timers have looked at the clock as it is.
    private async Task TimersHaveLookedAsync()
    {
        var mark = Guid.NewGuid();
        await _host.SendAsync(new PlanReminder(mark, _host.Time.GetUtcNow(), mark.ToString()));
        await Eventually.Async(() => CountAsync(mark.ToString()), static count => count == 1);
        await _host.SendAsync(new PlanReminder(Guid.NewGuid(), _host.Time.GetUtcNow(), "again " + mark));
        await Eventually.Async(() => CountAsync("again " + mark), static count => count == 1);
    }

    private async Task<List<int>> EffectsAsync(string subscription)
    {
        await using var command = _source.CreateCommand("select number from notes.probe_effect where subscription = $1 and key = 'jumping' order by id");
        command.Parameters.AddWithValue(subscription);
        await using var reader = await command.ExecuteReaderAsync();
        var numbers = new List<int>();
        while (await reader.ReadAsync())
        {
            numbers.Add(reader.GetInt32(0));
        }

        return numbers;
    }

    private async Task<long> CountAsync(string text) => (long)(await ScalarAsync("select count(*) from notes.note_audit where text = $1", text))!;

    private async Task<object?> ScalarAsync(string sql, params object[] values)
    {
        await using var command = _source.CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.AddWithValue(value);
        }

        return await command.ExecuteScalarAsync();
    }
}
