using System.Globalization;
using System.Text.Json;
using ModularMonolith.Platform.Audit;
using ModularMonolith.Platform.Data;
using Npgsql;

namespace ModularMonolith.Platform.IntegrationLog;

/// <summary>What operators see of the subscriptions and do with them. It works on the tables alone, so that it serves a host as well as a command line.</summary>
internal sealed class LogOperations(IEnumerable<Subscription> subscriptions, ModuleDataSources sources, LogReplays replays, AuditWriter auditWriter)
{
    private const int CountLimit = 10_000;
    private const string Columns = """
        position, message_id, name, version, key, producer, occurred_at, state, attempts,
        case when state in ('retrying', 'replay') then next_attempt_at end, split_part(error, E'\n', 1)
        """;

    private readonly Dictionary<string, Subscription> _subscriptions = subscriptions.ToDictionary(static subscription => subscription.FullName, StringComparer.Ordinal);

    /// <summary>Every subscription of this host's modules.</summary>
    public async Task<IReadOnlyList<SubscriptionStatus>> ListAsync(CancellationToken cancellationToken)
    {
        var statuses = new List<SubscriptionStatus>(_subscriptions.Count);
        var hosts = await HostsAsync(cancellationToken);
        foreach (var subscription in _subscriptions.Values.OrderBy(static subscription => subscription.FullName, StringComparer.Ordinal))
        {
            statuses.Add(await StatusAsync(subscription, hosts, cancellationToken));
        }

        return statuses;
    }

    /// <summary>See <see cref="LogPositions.OverrunAsync"/>.</summary>
    public Task<long> OverrunAsync(CancellationToken cancellationToken) =>
        _subscriptions.Values.FirstOrDefault() is { } any ? LogPositions.OverrunAsync(sources.For(any.Module), cancellationToken) : Task.FromResult(0L);

    /// <summary>The events that a subscription could not handle, in the order of the log.</summary>
    /// <exception cref="KeyNotFoundException">There is no such subscription.</exception>
    public async Task<IReadOnlyList<FailedEvent>> FailedAsync(string subscription, string? state, string? key, long after, int limit, CancellationToken cancellationToken)
    {
        var found = Find(subscription);
        // A statement for each combination, because one for all of them could use no index.
        await using var command = sources.For(found.Module).CreateCommand($"""
            select {Columns} from log_dead_letter
            where subscription = $1 and position > $2 and {(state is null ? "state in ('retrying', 'held', 'parked', 'replay')" : "state = $4")}
            {(key is null ? string.Empty : state is null ? "and key = $4" : "and key = $5")}
            order by position limit $3
            """);
        Add(command, [found.Name, after, limit, .. new object?[] { state, key }.OfType<object>()]);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var events = new List<FailedEvent>();
        while (await reader.ReadAsync(cancellationToken))
        {
            events.Add(Read(subscription, reader));
        }

        return events;
    }

    /// <summary>One of them with all that is known of it; null when there is none at the position.</summary>
    /// <exception cref="KeyNotFoundException">There is no such subscription.</exception>
    public async Task<FailedEventDetails?> ShowAsync(string subscription, long position, CancellationToken cancellationToken)
    {
        var found = Find(subscription);
        var source = sources.For(found.Module);
        var audit = await AuditAsync(source, found.Name, position, cancellationToken);
        await using var command = source.CreateCommand(
            $"select {Columns}, payload::text, headers::text, errors::text from log_dead_letter where subscription = $1 and position = $2");
        Add(command, found.Name, position);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new FailedEventDetails(Read(subscription, reader), Json(reader.GetString(11)), Json(reader.GetString(12)), Json(reader.GetString(13)), audit)
            : null;
    }

    /// <summary>Has parked events tried again, each once: the one at a position, those of a key, or all.</summary>
    /// <returns>How many.</returns>
    /// <exception cref="KeyNotFoundException">There is no such subscription.</exception>
    public Task<int> ReplayAsync(string subscription, long? position, string? key, OperatorAction by, CancellationToken cancellationToken) => ChangeAsync(
        Find(subscription), "replay", "set state = 'replay', next_attempt_at = clock_timestamp()", "state in ('parked', 'retrying')", position, key, by, cancellationToken);

    /// <summary>Gives an event up for good; those of its key that wait behind it go on.</summary>
    /// <returns>Whether there was one to give up.</returns>
    /// <exception cref="KeyNotFoundException">There is no such subscription.</exception>
    public async Task<bool> DiscardAsync(string subscription, long position, OperatorAction by, CancellationToken cancellationToken) => await ChangeAsync(
        Find(subscription), "discard", "set state = 'discarded', settled_at = clock_timestamp()", "state in ('parked', 'retrying', 'held', 'replay')", position, null, by, cancellationToken) == 1;

    /// <summary>
    /// Lets a subscription go again over what it has had: handlers see <see cref="EventContext.IsReplay"/> for it. What stands in its list of
    /// failed events behind the place is removed from there, because it comes again.
    /// </summary>
    /// <returns>The position from which it goes on.</returns>
    /// <exception cref="KeyNotFoundException">There is no such subscription.</exception>
    public async Task<long> RewindAsync(string subscription, long? position, DateTimeOffset? time, OperatorAction by, CancellationToken cancellationToken)
    {
        var found = Find(subscription);
        await using var connection = await sources.For(found.Module).OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using var place = new NpgsqlCommand("select coalesce(min(position) - 1, 0) from integration.message where occurred_at >= $1", connection);
        place.Parameters.AddWithValue((time ?? DateTimeOffset.MinValue).ToUniversalTime());
        var target = position ?? (time is null ? 0 : (long)(await place.ExecuteScalarAsync(cancellationToken))!);
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.BatchCommands.Add(Command(
            "update log_cursor set replay_until = greatest(replay_until, position), position = $2 where subscription = $1 and position > $2", found.Name, target));
        batch.BatchCommands.Add(Command("delete from log_dead_letter where subscription = $1 and position > $2", found.Name, target));
        batch.BatchCommands.Add(Command(
            "insert into log_audit (subscription, position, action, actor, reason) values ($1, $2, 'rewind', $3, $4)", found.Name, target, by.Actor, by.Reason));
        var recorded = new NpgsqlBatchCommand("insert into audit.pending (id, entry) values ($1, $2)");
        recorded.Parameters.AddRange(AuditOf(found, "RewindSubscription", "rewind", null, by));
        batch.BatchCommands.Add(recorded);
        await batch.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        await TellAsync(connection, cancellationToken);
        return target;
    }

    private Subscription Find(string subscription) => _subscriptions.TryGetValue(subscription, out var found)
        ? found
        : throw new KeyNotFoundException($"There is no subscription '{subscription}'. Known are {string.Join(", ", _subscriptions.Keys.Order(StringComparer.Ordinal))}.");

    private async Task<int> ChangeAsync(
        Subscription subscription, string action, string change, string condition, long? position, string? key, OperatorAction by, CancellationToken cancellationToken)
    {
        await using var connection = await sources.For(subscription.Module).OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand($"""
            with changed as (
                update log_dead_letter {change}
                where subscription = $1 and {condition} and ($2::bigint is null or position = $2) and ($3::text is null or key = $3)
                returning position),
                 recorded as (insert into audit.pending (id, entry) select $7, $8 where exists (select from changed))
            insert into log_audit (subscription, position, action, actor, reason) select $1, position, $4, $5, $6 from changed
            """, connection);
        Add(command, subscription.Name, (object?)position ?? DBNull.Value, (object?)key ?? DBNull.Value, action, by.Actor, by.Reason);
        command.Parameters.AddRange(AuditOf(subscription, action == "replay" ? "ReplayFailedEvents" : "DiscardFailedEvent", action, position, by));
        var changed = await command.ExecuteNonQueryAsync(cancellationToken);
        await TellAsync(connection, cancellationToken);
        return changed;
    }

    private NpgsqlParameter[] AuditOf(Subscription subscription, string operation, string action, long? position, OperatorAction by)
    {
        var changes = new ChangeList();
        changes.Add("subscription", subscription.FullName, action);
        if (position is { } at)
        {
            changes.Add("log_position", at.ToString(CultureInfo.InvariantCulture), action);
        }

        return auditWriter.Values(subscription.Module.Name, operation, by.Origin, changes, by.Reason);
    }

    // Whichever host runs the subscription hears of it at once, and finds it within seconds where it cannot.
    private async Task TellAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select pg_notify($1, $2)", connection);
        Add(command, LogListener.Channel, LogListener.Replay);
        await command.ExecuteNonQueryAsync(cancellationToken);
        replays.Asked.Raise();
    }

    private async Task<SubscriptionStatus> StatusAsync(Subscription subscription, Dictionary<Guid, (string Name, string[] Runs)> hosts, CancellationToken cancellationToken)
    {
        await using var command = sources.For(subscription.Module).CreateCommand("""
            with place as (
                     select coalesce(min(position), 0) as reached, count(*) as lanes, coalesce(bool_or(position < replay_until), false) as replaying
                     from log_cursor where subscription = $1),
                 waiting as (
                     select m.occurred_at from integration.message m, place where m.name = any($2) and m.position > reached and not ($4 and m.imported) order by m.position limit $3)
            select lanes, reached, replaying, (select count(*) from waiting), (select min(occurred_at) from waiting),
                   count(*) filter (where state in ('retrying', 'replay')), count(*) filter (where state = 'held'), count(*) filter (where state = 'parked')
            from place left join log_dead_letter on subscription = $1 and state in ('retrying', 'held', 'parked', 'replay')
            group by lanes, reached, replaying
            """);
        Add(command, subscription.Name, subscription.EventNames, CountLimit, subscription.IsForwarding);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var owner = HostMembership.Divide(hosts.ToDictionary(static host => host.Key, static host => host.Value.Runs))
            .Where(pair => pair.Work == subscription.FullName).Select(pair => hosts[pair.Owner].Name).FirstOrDefault();
        return new SubscriptionStatus(
            subscription.FullName, subscription.EventNames, (int)reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(3),
            reader.IsDBNull(4) ? null : reader.GetFieldValue<DateTimeOffset>(4), reader.GetInt64(5), reader.GetInt64(6), reader.GetInt64(7), reader.GetBoolean(2), owner);
    }

    private async Task<Dictionary<Guid, (string Name, string[] Runs)>> HostsAsync(CancellationToken cancellationToken)
    {
        var hosts = new Dictionary<Guid, (string, string[])>();
        if (_subscriptions.Count == 0)
        {
            return hosts;
        }

        await using var command = sources.For(_subscriptions.Values.First().Module).CreateCommand(
            "select id, name, subscriptions from integration.host where expires_at > clock_timestamp()");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            hosts[reader.GetGuid(0)] = (reader.GetString(1), reader.GetFieldValue<string[]>(2));
        }

        return hosts;
    }

    private static async Task<IReadOnlyList<AuditEntry>> AuditAsync(NpgsqlDataSource source, string subscription, long position, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(
            "select at, action, actor, reason from log_audit where subscription = $1 and position = $2 order by id desc limit 100");
        Add(command, subscription, position);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var entries = new List<AuditEntry>();
        while (await reader.ReadAsync(cancellationToken))
        {
            entries.Add(new AuditEntry(reader.GetFieldValue<DateTimeOffset>(0), reader.GetString(1), reader.GetString(2), reader.GetString(3)));
        }

        return entries;
    }

    private static FailedEvent Read(string subscription, NpgsqlDataReader reader) => new(
        subscription, reader.GetInt64(0), reader.GetGuid(1), reader.GetString(2), reader.GetInt32(3), reader.GetString(4), reader.GetString(5),
        reader.GetFieldValue<DateTimeOffset>(6), reader.GetString(7), reader.GetInt32(8), reader.IsDBNull(9) ? null : reader.GetFieldValue<DateTimeOffset>(9), reader.GetString(10));

    /// <summary>What a column of JSON holds.</summary>
    internal static JsonElement Json(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    private static NpgsqlBatchCommand Command(string sql, params object[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        return command;
    }

    private static void Add(NpgsqlCommand command, params object[] values)
    {
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }
    }
}
