using Npgsql;
using NpgsqlTypes;

namespace ModularMonolith.Platform.IntegrationLog;

/// <summary>An event that failed, or that waits behind one of its key that did.</summary>
/// <param name="Message">The event.</param>
/// <param name="Attempts">How often it has failed.</param>
/// <param name="State">One of <see cref="DeadLetters"/>.</param>
internal sealed record DeadLetter(LogMessage Message, int Attempts, string State)
{
    /// <summary>Whether an operator asked for it, so that one more failure parks it again.</summary>
    public bool IsReplay => State == "replay";
}

/// <summary>
/// The events of one subscription that are not settled: <c>retrying</c> (failed, tried again when due), <c>held</c> (behind one of the same key),
/// <c>parked</c> (failed for good), <c>replay</c> (an operator wants it tried). A failing event leaves the lane at once, so that other keys go on.
/// </summary>
internal sealed class DeadLetters(Subscription subscription, NpgsqlDataSource source)
{
    /// <summary>Parameters: subscription, position, attempts, whether nothing earlier of the key may be open.</summary>
    public const string Settle = "call settle_log_dead_letter(?, ?, ?, ?)";

    private const int LongestError = 4_000;
    private const string Open = "('retrying', 'held', 'parked', 'replay')";
    private const string Columns = "position, message_id, producer, name, version, key, payload::text, headers::text, occurred_at, attempts, state";

    /// <summary>The keys that wait.</summary>
    public async Task<HashSet<string>> OpenKeysAsync(CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand($"select distinct key from log_dead_letter where subscription = $1 and state in {Open}");
        command.Parameters.AddWithValue(subscription.Name);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var keys = new HashSet<string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(cancellationToken))
        {
            keys.Add(reader.GetString(0));
        }

        return keys;
    }

    /// <summary>The events whose turn it is, at most 100, one of each key where the order counts.</summary>
    public Task<List<DeadLetter>> DueAsync(CancellationToken cancellationToken) => ReadAsync(
        subscription.Policy.HoldKey
            ? $"""
              select {Columns} from (
                  select distinct on (key) * from log_dead_letter where subscription = $1 and state in {Open} order by key, position) head
              where state = 'held' or (state in ('retrying', 'replay') and next_attempt_at <= clock_timestamp())
              order by position limit 100
              """
            : $"select {Columns} from log_dead_letter where subscription = $1 and state in ('retrying', 'held', 'replay') and next_attempt_at <= clock_timestamp() order by position limit 100",
        null,
        cancellationToken);

    /// <summary>How long until an event is due that has to wait; null when none has.</summary>
    public async Task<TimeSpan?> NextDueAsync(CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(
            $"select min(next_attempt_at) filter (where state in ('retrying', 'replay')) - clock_timestamp() from log_dead_letter where subscription = $1 and state in {Open}");
        command.Parameters.AddWithValue(subscription.Name);
        return await command.ExecuteScalarAsync(cancellationToken) is TimeSpan wait ? wait : null;
    }

    /// <summary>The first event of a key that is not settled.</summary>
    public async Task<DeadLetter?> FirstOfAsync(string key, CancellationToken cancellationToken)
    {
        var first = await ReadAsync(
            $"select {Columns} from log_dead_letter where subscription = $1 and key = $2 and state in {Open} order by position limit 1", key, cancellationToken);
        return first is [var found] ? found : null;
    }

    /// <summary>Takes an event out of its lane: the event is kept here and the cursor moves over it, in one transaction.</summary>
    /// <param name="lane">From where the cursor moves.</param>
    /// <param name="message">The event.</param>
    /// <param name="failure">Why; null for an event that only waits behind another one.</param>
    /// <param name="delay">After which time it is tried again.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <exception cref="PostgresException">With <see cref="LogSchema.Moved"/>: somebody else moved the cursor.</exception>
    public async Task TakeAsync(LaneCursor lane, LogMessage message, Exception? failure, TimeSpan delay, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        var move = new NpgsqlBatchCommand("call move_log_cursor($1, $2, $3, $4, $5)");
        Add(move, subscription.Name, lane.Lane, lane.Lanes, lane.Position, message.Position);
        batch.BatchCommands.Add(move);
        var insert = new NpgsqlBatchCommand("""
            insert into log_dead_letter
                (subscription, position, message_id, producer, name, version, key, payload, headers, occurred_at, state, attempts, next_attempt_at, error, errors)
            values ($1, $2, $3, $4, $5, $6, $7, $8::jsonb, $9::jsonb, $10, $11, $12, clock_timestamp() + $13, $14,
                case when $12 = 0 then '[]'::jsonb else jsonb_build_array(jsonb_build_object('attempt', $12, 'at', clock_timestamp(), 'error', $14)) end)
            on conflict (subscription, position) do update set
                state = excluded.state, attempts = excluded.attempts, next_attempt_at = excluded.next_attempt_at, error = excluded.error,
                errors = log_dead_letter.errors || excluded.errors, settled_at = null
            """);
        Add(
            insert, subscription.Name, message.Position, message.Id, message.Producer, message.Name, message.Version, message.Key, message.Payload, message.Headers,
            message.OccurredAt, failure is null ? "held" : StateAfter(1, failure, false), failure is null ? 0 : 1, delay, SqlFault.Text(failure, LongestError));
        batch.BatchCommands.Add(insert);
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Records one more failure.</summary>
    /// <returns>Whether the event is parked now.</returns>
    public async Task<bool> FailAsync(DeadLetter letter, Exception failure, TimeSpan delay, CancellationToken cancellationToken)
    {
        var attempts = letter.Attempts + 1;
        var state = StateAfter(attempts, failure, letter.IsReplay);
        await using var command = source.CreateCommand("""
            update log_dead_letter set
                state = $4, attempts = $5, next_attempt_at = clock_timestamp() + $6, error = $7,
                errors = errors || jsonb_build_array(jsonb_build_object('attempt', $5, 'at', clock_timestamp(), 'error', $7)),
                parked_at = case when $4 = 'parked' then clock_timestamp() else parked_at end
            where subscription = $1 and position = $2 and attempts = $3 and state in ('retrying', 'held', 'replay')
            """);
        foreach (var value in new object[] { subscription.Name, letter.Message.Position, letter.Attempts, state, attempts, delay, SqlFault.Text(failure, LongestError) })
        {
            command.Parameters.AddWithValue(value);
        }

        await command.ExecuteNonQueryAsync(cancellationToken);
        return state == "parked";
    }

    private string StateAfter(int attempts, Exception failure, bool isReplay) =>
        isReplay || attempts >= subscription.Policy.Attempts || failure is UnreadableEventException ? "parked" : "retrying";

    private async Task<List<DeadLetter>> ReadAsync(string sql, string? key, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(sql);
        command.Parameters.AddWithValue(subscription.Name);
        if (key is not null)
        {
            command.Parameters.AddWithValue(key);
        }

        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var letters = new List<DeadLetter>();
        while (await reader.ReadAsync(cancellationToken))
        {
            letters.Add(new DeadLetter(MessageRow.Read(reader), reader.GetInt32(9), reader.GetString(10)));
        }

        return letters;
    }

    private static void Add(NpgsqlBatchCommand command, params object[] values)
    {
        foreach (var value in values)
        {
            command.Parameters.Add(value is TimeSpan ? new NpgsqlParameter { Value = value, NpgsqlDbType = NpgsqlDbType.Interval } : new NpgsqlParameter { Value = value });
        }
    }
}
