using ModularMonolith.Platform.Audit;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.IntegrationLog;
using ModularMonolith.Platform.Modules;
using Npgsql;

namespace ModularMonolith.Platform.Timers;

/// <summary>The place of a timer in the operators' list.</summary>
/// <param name="State">The state whose timers are listed together.</param>
/// <param name="Module">Within them, the module.</param>
/// <param name="At">Within them, the time of the next attempt.</param>
/// <param name="Id">Tells timers of the same time apart.</param>
internal sealed record TimerPlace(string State, string Module, DateTimeOffset At, Guid Id);

/// <summary>What operators see of the timers and recurring jobs and do with them.</summary>
internal sealed class TimerOperations(IEnumerable<ModuleStore> stores, IEnumerable<RecurringJob> jobs, ModuleDataSources sources, TimerSignal signal, AuditWriter audit, TimeProvider time)
{
    private const int CountLimit = 10_000;
    private const string Columns = "id, name, due_at, state, attempts, next_attempt_at, split_part(error, E'\\n', 1)";

    private static readonly TimeSpan LateAfter = TimeSpan.FromMinutes(1);
    private static readonly string[] OpenStates = ["parked", "waiting"];

    private readonly ModuleDescriptor[] _modules = [.. stores.Select(static store => store.Module).OrderBy(static module => module.Name, StringComparer.Ordinal)];

    /// <summary>The states that can be asked for.</summary>
    public static IReadOnlyList<string> States { get; } = [.. OpenStates, "discarded"];

    /// <summary>The parked timers of all modules, then those that wait, by the time of their next attempt; or those of one module or state.</summary>
    /// <returns>The timers, each with its place.</returns>
    /// <exception cref="KeyNotFoundException">There is no such module.</exception>
    public async Task<IReadOnlyList<(TimerSummary Timer, TimerPlace Place)>> ListAsync(string? module, string? state, TimerPlace? after, int limit, CancellationToken cancellationToken)
    {
        var found = new List<(TimerSummary, TimerPlace)>();
        var modules = module is null ? _modules : [Find(module)];
        var sections = from listed in state is null ? OpenStates : [state] from owner in modules select (State: listed, Module: owner);
        foreach (var section in after is null ? sections : sections.SkipWhile(section => section.State != after.State || section.Module.Name != after.Module))
        {
            if (found.Count < limit)
            {
                await AddAsync(found, section.Module, section.State, after, limit - found.Count, cancellationToken);
                after = null;
            }
        }

        return found;
    }

    /// <summary>One timer with all that is known of it; null when there is none with the id: it was never set, was cancelled or has fired.</summary>
    /// <exception cref="KeyNotFoundException">There is no such module.</exception>
    public async Task<TimerDetails?> ShowAsync(string module, Guid id, CancellationToken cancellationToken)
    {
        var found = Find(module);
        var audit = await AuditAsync(sources.For(found), id, cancellationToken);
        await using var command = sources.For(found).CreateCommand($"select {Columns}, payload::text, headers::text, errors::text from log_timer where id = $1");
        command.Parameters.AddWithValue(id);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new TimerDetails(Read(found, reader), LogOperations.Json(reader.GetString(7)), LogOperations.Json(reader.GetString(8)), LogOperations.Json(reader.GetString(9)), audit)
            : null;
    }

    /// <summary>Has a timer that failed sent again at once; a parked one that fails once more is parked again.</summary>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="KeyNotFoundException">There is no such module.</exception>
    public async Task<bool> ReplayAsync(string module, Guid id, OperatorAction by, CancellationToken cancellationToken)
    {
        var changed = await ChangeAsync(
            module, "set state = 'waiting', next_attempt_at = $5 where id = $1 and (state = 'parked' or (state = 'waiting' and attempts > 0))", id, "replay", by, cancellationToken);
        signal.Due.Raise();
        return changed;
    }

    /// <summary>Gives a timer up, failed or not: its command is not sent any more.</summary>
    /// <returns>Whether there was one.</returns>
    /// <exception cref="KeyNotFoundException">There is no such module.</exception>
    public Task<bool> DiscardAsync(string module, Guid id, OperatorAction by, CancellationToken cancellationToken) => ChangeAsync(
        module, "set state = 'discarded', settled_at = $5 where id = $1 and state in ('waiting', 'parked')", id, "discard", by, cancellationToken);

    /// <summary>The recurring jobs of this host's modules, and those that only other hosts know.</summary>
    public async Task<IReadOnlyList<JobStatus>> JobsAsync(CancellationToken cancellationToken)
    {
        var statuses = new Dictionary<(string Module, string Name), JobStatus>();
        foreach (var job in jobs)
        {
            statuses[(job.Module.Name, job.Name)] = new JobStatus(job.Module.Name, job.Name, job.Schedule.Expression, null, null, 0, string.Empty);
        }

        foreach (var module in _modules)
        {
            await using var command = sources.For(module).CreateCommand(
                "select name, schedule, next_at, last_run_at, attempts, split_part(error, E'\\n', 1) from log_job order by name limit $1");
            command.Parameters.AddWithValue(CountLimit);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                statuses[(module.Name, reader.GetString(0))] = new JobStatus(
                    module.Name, reader.GetString(0), reader.GetString(1), reader.GetFieldValue<DateTimeOffset>(2),
                    reader.IsDBNull(3) ? null : reader.GetFieldValue<DateTimeOffset>(3), reader.GetInt32(4), reader.GetString(5));
            }
        }

        return [.. statuses.Values.OrderBy(static job => job.Module, StringComparer.Ordinal).ThenBy(static job => job.Name, StringComparer.Ordinal)];
    }

    /// <summary>The modules whose timers need somebody.</summary>
    public async Task<IReadOnlyList<TimerTrouble>> TroubleAsync(CancellationToken cancellationToken)
    {
        var trouble = new List<TimerTrouble>();
        foreach (var module in _modules)
        {
            // One that failed is sent again within seconds, so the next attempt, which has an index, bounds what is looked at.
            await using var command = sources.For(module).CreateCommand("""
                select (select count(*) from log_timer where state = 'parked'),
                       (select count(*) from (select from log_timer where state = 'waiting' and next_attempt_at <= $1 and due_at < $2 limit $3) late)
                """);
            var now = time.GetUtcNow();
            command.Parameters.AddWithValue(now + LateAfter);
            command.Parameters.AddWithValue(now - LateAfter);
            command.Parameters.AddWithValue(CountLimit);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            await reader.ReadAsync(cancellationToken);
            if (new TimerTrouble(module.Name, reader.GetInt64(0), reader.GetInt64(1)) is { } found and not { Parked: 0, Overdue: 0 })
            {
                trouble.Add(found);
            }
        }

        return trouble;
    }

    private async Task AddAsync(
        List<(TimerSummary, TimerPlace)> found, ModuleDescriptor module, string state, TimerPlace? after, int limit, CancellationToken cancellationToken)
    {
        await using var command = sources.For(module).CreateCommand($"""
            select {Columns} from log_timer where state = $1 and (next_attempt_at, id) > ($2, $3) order by next_attempt_at, id limit $4
            """);
        command.Parameters.AddWithValue(state);
        command.Parameters.AddWithValue(after?.At.ToUniversalTime() ?? DateTimeOffset.UnixEpoch);
        command.Parameters.AddWithValue(after?.Id ?? Guid.Empty);
        command.Parameters.AddWithValue(limit);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            found.Add((Read(module, reader), new TimerPlace(state, module.Name, reader.GetFieldValue<DateTimeOffset>(5), reader.GetGuid(0))));
        }
    }

    private async Task<bool> ChangeAsync(string module, string change, Guid id, string action, OperatorAction by, CancellationToken cancellationToken)
    {
        await using var command = sources.For(Find(module)).CreateCommand($"""
            with changed as (update log_timer {change} returning id, name),
                 recorded as (insert into audit.pending (id, entry) select $6, $7 from changed)
            insert into log_audit (timer_id, timer, action, actor, reason) select id, name, $2, $3, $4 from changed
            """);
        foreach (var value in new object[] { id, action, by.Actor, by.Reason, time.GetUtcNow() })
        {
            command.Parameters.AddWithValue(value);
        }

        var changes = new ChangeList();
        changes.Add("log_timer", id.ToString(), action);
        command.Parameters.AddRange(audit.Values(module, action == "replay" ? "ReplayTimer" : "DiscardTimer", by.Origin, changes, by.Reason));
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    private ModuleDescriptor Find(string module) => Array.Find(_modules, candidate => candidate.Name == module)
        ?? throw new KeyNotFoundException($"There is no module '{module}' with timers. Known are {string.Join(", ", _modules.Select(static known => known.Name))}.");

    private static async Task<IReadOnlyList<AuditEntry>> AuditAsync(NpgsqlDataSource source, Guid id, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("select at, action, actor, reason from log_audit where timer_id = $1 order by log_audit.id desc limit 100");
        command.Parameters.AddWithValue(id);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var entries = new List<AuditEntry>();
        while (await reader.ReadAsync(cancellationToken))
        {
            entries.Add(new AuditEntry(reader.GetFieldValue<DateTimeOffset>(0), reader.GetString(1), reader.GetString(2), reader.GetString(3)));
        }

        return entries;
    }

    private static TimerSummary Read(ModuleDescriptor module, NpgsqlDataReader reader)
    {
        var state = reader.GetString(3);
        return new TimerSummary(
            module.Name, reader.GetGuid(0), reader.GetString(1), reader.GetFieldValue<DateTimeOffset>(2), state, reader.GetInt32(4),
            state == "waiting" ? reader.GetFieldValue<DateTimeOffset>(5) : null, reader.GetString(6));
    }
}
