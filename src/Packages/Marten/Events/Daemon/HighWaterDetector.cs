using Npgsql;
using NpgsqlTypes;

namespace Marten.Events.Daemon;

/// <summary>What one look at the event store found.</summary>
/// <param name="Mark">All events up to this number are known: none of them is missing that will ever be committed.</param>
/// <param name="Previous">The mark before.</param>
/// <param name="IsWaiting">Whether numbers behind the mark are held by transactions that have not ended.</param>
internal readonly record struct HighWater(long Mark, long Previous, bool IsWaiting);

/// <summary>
/// Finds the number up to which all events are known. Numbers are drawn from a sequence before their transactions commit, in
/// any order, and those of a transaction that rolls back never appear, so a missing number is either still to come or dead.
/// It is dead when every transaction that held the sequence's lock after it was drawn has ended: nextval keeps that lock
/// until its transaction ends, and a transaction becomes visible before it gives its locks up. Unlike a time limit, this
/// never passes an event whose writer is slow, and unlike a comparison of transaction ids it does not wait for long
/// transactions that append nothing.
/// </summary>
internal sealed class HighWaterDetector(DaemonSql sql, NpgsqlDataSource dataSource, int timeoutSeconds)
{
    private const long Window = 10_000;
    private long mark;
    private (long Ceiling, HashSet<string> Writers)? pending;

    /// <summary>Begins where a former daemon stood.</summary>
    public async Task StartAsync(CancellationToken token)
    {
        await using var connection = await dataSource.OpenConnectionAsync(token);
        var saved = await ScalarAsync(connection, sql.Progress, MarkName(), token);
        var last = await ScalarAsync(connection, sql.LastNumber, null, token) ?? 0;
        mark = Math.Min(saved ?? 0, last);
        pending = null;
    }

    public async Task<HighWater> DetectAsync(CancellationToken token)
    {
        var previous = mark;
        await using var connection = await dataSource.OpenConnectionAsync(token);
        var last = await AdvanceOverPrefixAsync(connection, token);
        if (mark >= last)
        {
            pending = null;
            return new HighWater(mark, previous, false);
        }

        // The number must be read before the writers: one who draws later does not hold anything up to it.
        var (ceiling, writers) = await ReadWritersAsync(connection, token);
        if (writers.Count == 0)
        {
            pending = null;
            mark = Math.Max(mark, ceiling);
            return new HighWater(mark, previous, false);
        }

        if (pending is not { } before)
        {
            pending = (ceiling, writers);
        }
        else if (!before.Writers.Overlaps(writers))
        {
            mark = Math.Max(mark, before.Ceiling);
            pending = (ceiling, writers);
        }

        return new HighWater(mark, previous, true);
    }

    /// <summary>Keeps the mark for the next start, and for those who ask how far the shards are behind.</summary>
    public async Task SaveAsync(HighWater found, CancellationToken token)
    {
        await using var connection = await dataSource.OpenConnectionAsync(token);
        await using var batch = new NpgsqlBatch(connection) { Timeout = timeoutSeconds };
        var save = new NpgsqlBatchCommand(sql.SaveMark);
        save.Parameters.Add(EventParameters.Value(found.Mark, NpgsqlDbType.Bigint));
        batch.BatchCommands.Add(save);
        if (sql.SaveSkip is { } text && found.Mark - found.Previous <= Window)
        {
            var skip = new NpgsqlBatchCommand(text);
            skip.Parameters.Add(EventParameters.Value(found.Previous, NpgsqlDbType.Bigint));
            skip.Parameters.Add(EventParameters.Value(found.Mark, NpgsqlDbType.Bigint));
            batch.BatchCommands.Add(skip);
        }

        await batch.ExecuteNonQueryAsync(token);
    }

    private static NpgsqlParameter MarkName() => EventParameters.Value(JasperFx.Events.Projections.ShardState.HighWaterMark, NpgsqlDbType.Varchar);

    private async Task<long> AdvanceOverPrefixAsync(NpgsqlConnection connection, CancellationToken token)
    {
        await using var command = new NpgsqlCommand(sql.LastNumberAndPrefix, connection) { CommandTimeout = timeoutSeconds };
        command.Parameters.Add(EventParameters.Value(mark, NpgsqlDbType.Bigint));
        command.Parameters.Add(EventParameters.Value(Window, NpgsqlDbType.Bigint));
        await command.PrepareAsync(token);
        await using var reader = await command.ExecuteReaderAsync(token);
        await reader.ReadAsync(token);
        mark = reader.GetInt64(1);
        return reader.GetInt64(0);
    }

    private async Task<(long Ceiling, HashSet<string> Writers)> ReadWritersAsync(NpgsqlConnection connection, CancellationToken token)
    {
        await using var batch = new NpgsqlBatch(connection) { Timeout = timeoutSeconds };
        batch.BatchCommands.Add(new NpgsqlBatchCommand(sql.LastNumber));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(sql.Writers));
        await using var reader = await batch.ExecuteReaderAsync(token);
        await reader.ReadAsync(token);
        var ceiling = reader.GetInt64(0);
        await reader.NextResultAsync(token);
        var writers = new HashSet<string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(token))
            writers.Add(reader.GetString(0));
        return (ceiling, writers);
    }

    private async Task<long?> ScalarAsync(NpgsqlConnection connection, string text, NpgsqlParameter? parameter, CancellationToken token)
    {
        await using var command = new NpgsqlCommand(text, connection) { CommandTimeout = timeoutSeconds };
        if (parameter is not null)
            command.Parameters.Add(parameter);
        return await command.ExecuteScalarAsync(token) as long?;
    }
}
