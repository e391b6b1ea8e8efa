using MediatR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModularMonolith.Platform.Audit;
using ModularMonolith.Platform.Boundaries;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.IntegrationLog;
using ModularMonolith.Platform.Modules;
using ModularMonolith.Platform.Pipeline;
using Npgsql;

namespace ModularMonolith.Platform.Timers;

/// <summary>
/// Sends what a module has scheduled when it is due: its timers and its recurring jobs. That a timer has fired, or a job has run, is written in the
/// transaction of the command, so each has its effect once, whichever hosts try.
/// </summary>
internal sealed partial class TimerRunner(
    ModuleDescriptor module, NpgsqlDataSource source, TimerCommands commands, IEnumerable<RecurringJob> jobs, LogSignal scheduled, LogMetrics metrics,
    IServiceScopeFactory scopes, TimeProvider time, ILogger logger)
{
    private const int PageSize = 100;
    private const int Parallelism = 4;
    private const int AttemptsBeforeParking = 10;
    private const int JobAttempts = 3;
    private const int ErrorsKept = 50;
    private const int LongestError = 4_000;

    /// <summary>How long a timer that nobody tells of waits at most before it is seen.</summary>
    public static readonly TimeSpan Polling = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(1);

    private readonly RecurringJob[] _jobs = [.. jobs.Where(job => job.Module == module)];

    /// <summary>The name under which hosts share it out.</summary>
    public static string FullNameOf(ModuleDescriptor module) => module.Name + "/(timers)";

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await RegisterJobsAsync(cancellationToken);
                await RepeatAsync(cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                LogInterrupted(module.Name, exception);
                await Task.Delay(Polling, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task RepeatAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var next = scheduled.Next;
            var due = await DueAsync(cancellationToken);
            await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellationToken }, FireAsync);
            await RunJobsAsync(cancellationToken);
            if (due.Count == PageSize)
            {
                continue;
            }

            var wait = await NextDueAsync(cancellationToken) is { } at ? at - time.GetUtcNow() : Polling;
            wait = wait < ShortestWait ? ShortestWait : wait > Polling ? Polling : wait;
            await Task.WhenAny(next, Task.Delay(wait, time, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private async Task<List<DueTimer>> DueAsync(CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("""
            select id, name, payload::text, headers::text, due_at, attempts from log_timer
            where state = 'waiting' and next_attempt_at <= $1 order by next_attempt_at limit $2
            """);
        command.Parameters.AddWithValue(time.GetUtcNow());
        command.Parameters.AddWithValue(PageSize);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var due = new List<DueTimer>();
        while (await reader.ReadAsync(cancellationToken))
        {
            due.Add(new DueTimer(
                reader.GetGuid(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetFieldValue<DateTimeOffset>(4), reader.GetInt32(5)));
        }

        return due;
    }

    private async Task<DateTimeOffset?> NextDueAsync(CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("select min(next_attempt_at) from log_timer where state = 'waiting'");
        return await command.ExecuteScalarAsync(cancellationToken) is DateTime next ? new DateTimeOffset(next) : null;
    }

    private async ValueTask FireAsync(DueTimer timer, CancellationToken cancellationToken)
    {
        try
        {
            await SendAsync(
                "timer " + module.Name + "/" + timer.Name, commands.Read(module.Name, timer.Name, timer.Payload), timer.Id, EventHeaders.Deserialize(timer.Headers), "call fire_log_timer(?, ?)", [timer.Id, timer.DueAt], cancellationToken);
            metrics.TimerFired(module, timer.Name);
        }
        catch (Exception exception) when (SqlFault.HasMoved(exception))
        {
            LogNotDue(module.Name, timer.Name, timer.Id);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            await FailAsync(timer, exception, cancellationToken);
        }
    }

    private async Task FailAsync(DueTimer timer, Exception failure, CancellationToken cancellationToken)
    {
        // A fault of the infrastructure passes some time and is no fault of the timer.
        var passes = TransientFault.Find(failure);
        var attempts = passes ? timer.Attempts : timer.Attempts + 1;
        var parked = !passes && (attempts >= AttemptsBeforeParking || failure is UnreadableEventException);
        LogFailed(module.Name, timer.Name, timer.Id, attempts, parked ? "it waits for an operator" : "it is sent again", failure);
        await using var command = source.CreateCommand("""
            update log_timer set
                attempts = $3, next_attempt_at = $4, state = $5, error = $6,
                errors = case when $3 = attempts then errors
                    else (case when jsonb_array_length(errors) >= $8 then errors - 0 else errors end) || jsonb_build_array(jsonb_build_object('attempt', $3, 'at', $7, 'error', $6)) end
            where id = $1 and due_at = $2 and state = 'waiting'
            """);
        var now = time.GetUtcNow();
        foreach (var value in new object[]
        {
            timer.Id, timer.DueAt, attempts, now + Backoff.After(timer.Attempts + 1), parked ? "parked" : "waiting", SqlFault.Text(failure, LongestError), now, ErrorsKept,
        })
        {
            command.Parameters.AddWithValue(value);
        }

        if (await command.ExecuteNonQueryAsync(cancellationToken) == 1 && !passes)
        {
            metrics.TimerFailed(module, timer.Name, parked);
        }
    }

    private async Task RegisterJobsAsync(CancellationToken cancellationToken)
    {
        foreach (var job in _jobs)
        {
            // A schedule that was changed counts from now on; rows of the first version do not know theirs.
            await using var command = source.CreateCommand("""
                insert into log_job (name, next_at, schedule) values ($1, $2, $3)
                on conflict (name) do update set
                    schedule = excluded.schedule, next_at = case when log_job.schedule = '' then log_job.next_at else excluded.next_at end
                where log_job.schedule <> excluded.schedule
                """);
            command.Parameters.AddWithValue(job.Name);
            command.Parameters.AddWithValue(job.Schedule.Next(time.GetUtcNow()));
            command.Parameters.AddWithValue(job.Schedule.Expression);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private async Task RunJobsAsync(CancellationToken cancellationToken)
    {
        if (_jobs.Length == 0)
        {
            return;
        }

        var due = new List<(string Name, DateTimeOffset At, int Attempts)>();
        await using (var command = source.CreateCommand("select name, next_at, attempts from log_job where next_at <= $1"))
        {
            command.Parameters.AddWithValue(time.GetUtcNow());
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                due.Add((reader.GetString(0), reader.GetFieldValue<DateTimeOffset>(1), reader.GetInt32(2)));
            }
        }

        foreach (var (name, at, attempts) in due)
        {
            if (Array.Find(_jobs, job => job.Name == name) is { } job)
            {
                await RunAsync(job, at, attempts, cancellationToken);
            }
        }
    }

    // However many occasions were missed while no host ran, the job runs once and then keeps to its schedule again.
    private async Task RunAsync(RecurringJob job, DateTimeOffset at, int attempts, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var following = job.Schedule.Next(now);
        try
        {
            await SendAsync("job " + module.Name + "/" + job.Name, job.Create(), Guid.CreateVersion7(now), EventHeaders.None, "call finish_log_job(?, ?, ?, ?)", [job.Name, at, following, now], cancellationToken);
        }
        catch (Exception exception) when (SqlFault.HasMoved(exception))
        {
            LogRanElsewhere(module.Name, job.Name);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LogJobFailed(module.Name, job.Name, exception);
            await using var command = source.CreateCommand("update log_job set attempts = $3, error = $4, next_at = $5 where name = $1 and next_at = $2");
            var isLast = attempts + 1 >= JobAttempts;
            foreach (var value in new object[] { job.Name, at, isLast ? 0 : attempts + 1, SqlFault.Text(exception, LongestError), isLast ? following : now + Backoff.After(attempts + 1) })
            {
                command.Parameters.AddWithValue(value);
            }

            await command.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private async Task SendAsync(
        string place, ICommand command, Guid messageId, EventHeaders headers, string statement, object[] parameters, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<CurrentModule>().Enter(module);
        scope.ServiceProvider.GetRequiredService<MessageScope>().Enter(messageId, headers);
        scope.ServiceProvider.GetRequiredService<AuditScope>().Enter(place);
        scope.ServiceProvider.GetRequiredService<CommitStatement>().Set(statement, parameters);
        await scope.ServiceProvider.GetRequiredService<ISender>().Send(command, cancellationToken);
    }

    [LoggerMessage(LogLevel.Warning, "The timers of module {Module} were interrupted; they go on in a moment.")]
    private partial void LogInterrupted(string module, Exception exception);

    [LoggerMessage(LogLevel.Debug, "The timer {Name} ({Id}) of module {Module} was cancelled, set anew or fired by another host in the meantime.")]
    private partial void LogNotDue(string module, string name, Guid id);

    [LoggerMessage(LogLevel.Error, "The timer {Name} ({Id}) of module {Module} failed in attempt {Attempts}; {Consequence}.")]
    private partial void LogFailed(string module, string name, Guid id, int attempts, string consequence, Exception exception);

    [LoggerMessage(LogLevel.Debug, "The recurring job {Name} of module {Module} ran on another host.")]
    private partial void LogRanElsewhere(string module, string name);

    [LoggerMessage(LogLevel.Error, "The recurring job {Name} of module {Module} failed.")]
    private partial void LogJobFailed(string module, string name, Exception exception);

    private sealed record DueTimer(Guid Id, string Name, string Payload, string Headers, DateTimeOffset DueAt, int Attempts);
}
