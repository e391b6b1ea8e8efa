using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Platform.Testing;
using ModularMonolith.Platform.Tests.Notes;
using Npgsql;

namespace ModularMonolith.Platform.Tests;

public sealed class TimerTests : IAsyncLifetime
{
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
    public async Task A_timer_fires_once_at_its_time_whichever_of_two_hosts_is_faster()
    {
        var due = _host.Time.GetUtcNow().AddHours(1);
        await _host.SendAsync(new PlanReminder(Guid.NewGuid(), due, "first"));
        await _second.SendAsync(new PlanReminder(Guid.NewGuid(), due.AddHours(1), "second"));
        await _host.SendAsync(new PlanReminder(Guid.NewGuid(), _host.Time.GetUtcNow().AddSeconds(-1), "overdue"));
        await Eventually.Async(() => CountAsync("overdue"), static count => count == 1);
        Assert.Equal(0, await CountAsync("first"));

        _host.Time.Advance(TimeSpan.FromMinutes(61));
        await Eventually.Async(() => CountAsync("first"), static count => count == 1);
        Assert.Equal(0, await CountAsync("second"));

        _host.Time.Advance(TimeSpan.FromMinutes(60));
        await Eventually.Async(() => CountAsync("second"), static count => count == 1);
        Assert.Equal(1, await CountAsync("first"));
        Assert.Equal(0L, await ScalarAsync("select count(*) from notes.log_timer"));
    }

    [Fact]
    public async Task A_timer_of_a_command_that_failed_was_never_set_and_a_cancelled_one_does_not_fire()
    {
        var (failed, cancelled, moved) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        var due = _host.Time.GetUtcNow().AddHours(1);
        await Assert.ThrowsAsync<InvalidOperationException>(() => _host.SendAsync(new PlanReminder(failed, due, "failed", Fails: true)));
        await _host.SendAsync(new PlanReminder(cancelled, due, "cancelled"));
        await _host.SendAsync(new CancelReminder(cancelled));
        await _host.SendAsync(new PlanReminder(moved, due, "moved"));
        await _host.SendAsync(new PlanReminder(moved, due.AddHours(5), "moved"));
        await _host.SendAsync(new PlanReminder(Guid.NewGuid(), due, "kept"));

        _host.Time.Advance(TimeSpan.FromHours(2));

        await Eventually.Async(() => CountAsync("kept"), static count => count == 1);
        Assert.Equal(0, await CountAsync("failed"));
        Assert.Equal(0, await CountAsync("cancelled"));
        Assert.Equal(0, await CountAsync("moved"));
        Assert.Equal(moved, await ScalarAsync("select id from notes.log_timer"));
    }

    [Fact]
    public async Task A_timer_that_its_own_command_sets_anew_fires_again_at_the_new_time()
    {
        await _host.SendAsync(new PlanReminder(Guid.NewGuid(), _host.Time.GetUtcNow(), "repeated", Again: TimeSpan.FromHours(1)));
        await Eventually.Async(() => CountAsync("repeated"), static count => count == 1);
        Assert.Equal(1L, await ScalarAsync("select count(*) from notes.log_timer where due_at > now() + interval '50 minutes'"));

        _host.Time.Advance(TimeSpan.FromMinutes(61));

        await Eventually.Async(() => CountAsync("repeated"), static count => count == 2);
        Assert.Equal(1L, await ScalarAsync("select count(*) from notes.log_timer"));
    }

    [Fact]
    public async Task A_changed_schedule_counts_from_the_next_start_on()
    {
        await Eventually.Async(() => ScalarAsync("select count(*) from notes.log_job"), static count => count is 1L);
        await ScalarAsync("update notes.log_job set schedule = '0 0 29 2 *', next_at = now() + interval '3 years'");

        await Task.WhenAll(_host.StopAsync(), _second.StopAsync());
        await using var third = await _host.StartAnotherAsync();

        await Eventually.Async(() => ScalarAsync("select count(*) from notes.log_job where schedule = '0 0 1 * *' and next_at < now() + interval '32 days'"), static count => count is 1L);
    }

    [Fact]
    public async Task A_failing_timer_is_sent_again_and_one_that_nobody_knows_waits_for_an_operator()
    {
        var failures = 0;
        foreach (var host in new[] { _host, _second })
        {
            host.Services.GetRequiredService<ProbeFaults>().ByKey["flaky"] = _ =>
                Interlocked.Increment(ref failures) <= 2 ? throw new InvalidOperationException("It fails twice.") : Task.CompletedTask;
        }

        await ScalarAsync("insert into notes.log_timer (id, name, payload, headers, due_at, next_attempt_at) values (gen_random_uuid(), 'renamed', '{}', '{}', now(), now())");
        await _host.SendAsync(new PlanReminder(Guid.NewGuid(), _host.Time.GetUtcNow(), "flaky"));

        await Eventually.Async(() => CountAsync("flaky"), static count => count == 1);
        Assert.True(failures >= 3);
        var error = await Eventually.Async(() => ScalarAsync("select error from notes.log_timer where name = 'renamed' and state = 'parked'"), static found => found is not null);
        Assert.Contains("""no command with [Timer("renamed")]""", (string)error!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_that_stops_gives_its_work_away_without_waiting_for_its_lease()
    {
        await Eventually.Async(() => ScalarAsync("select count(*) from integration.host"), static hosts => hosts is 2L);
        var third = await _host.StartAnotherAsync();
        await Eventually.Async(() => ScalarAsync("select count(*) from integration.host"), static hosts => hosts is 3L);

        await third.DisposeAsync();

        Assert.Equal(2L, await ScalarAsync("select count(*) from integration.host where expires_at > clock_timestamp()"));
    }

    [Fact]
    public async Task A_recurring_job_runs_once_over_two_hosts_and_makes_up_for_what_it_missed_with_one_run()
    {
        await Eventually.Async(() => ScalarAsync("select count(*) from notes.log_job"), static count => count is 1L);
        Assert.Equal(0, await CountAsync("swept"));

        _host.Time.Advance(TimeSpan.FromDays(100));
        await Eventually.Async(() => CountAsync("swept"), static count => count >= 1);
        Assert.True(await ScalarAsync("select next_at from notes.log_job") is DateTime next && next > _host.Time.GetUtcNow().UtcDateTime && next is { Day: 1, Hour: 0, Minute: 0 });
        Assert.Equal(1, await CountAsync("swept"));
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
