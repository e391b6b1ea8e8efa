using System.Collections.Concurrent;
using Npgsql;

namespace ModularMonolith.Platform.IntegrationLog;

/// <summary>
/// Finds the position up to which nothing can be committed any more. Positions are drawn before the commit, so a
/// lower one may become visible after a higher one: a reader that follows the highest visible position would skip it.
/// </summary>
internal sealed class LogWatermark(LogSignal commits, TimeProvider time)
{
    private const int PageSize = 500;
    private static readonly TimeSpan Polling = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan GapPolling = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(10);

    // One statement, one snapshot: the rows it shows and the transactions it says are running belong together. The position comes from a
    // subselect so that PostgreSQL keeps the plan, instead of making one for each position by looking at both ends of the index.
    private static readonly string Read = $"""
        select page.*, pg_snapshot_xmin(s)::text::bigint
        from pg_current_snapshot() s left join
             (select {MessageRow.Columns}, imported from integration.message where position > (select $1::bigint) order by position limit {PageSize}) page on true
        order by page.position
        """;

    // A snapshot's xmax does not bound the transactions that have begun: one with that id or a later one may be running. An id
    // that is drawn now is above all that were drawn before.
    private const string DrawId = "select pg_current_xact_id()::text::bigint";

    private readonly LogSignal _advanced = new();
    private readonly ConcurrentDictionary<string, long> _lastByName = new(StringComparer.Ordinal);
    private long _start;
    private WatermarkState _state;
    private long _settled;

    public long Settled => Volatile.Read(ref _settled);

    /// <summary>The newest settled events.</summary>
    public LogTail Tail { get; } = new();

    /// <summary>Says what every reader has behind it already, so that a long log is not read from its beginning at each start.</summary>
    public void StartFrom(long position)
    {
        _start = position;
        _settled = position;
        _state = new WatermarkState(position);
        Tail.StartFrom(position);
    }

    /// <summary>Waits until an event of one of the names, at a position beyond the given one, is settled.</summary>
    /// <returns>Up to which position everything is settled.</returns>
    public async Task<long> WaitBeyondAsync(long position, IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        while (true)
        {
            var advanced = _advanced.Next;
            var settled = Settled;
            if (settled > position && (position < _start || names.Any(name => _lastByName.TryGetValue(name, out var last) && last > position)))
            {
                return settled;
            }

            await advanced.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Waits until everything up to a position is settled.</summary>
    public async Task ReachAsync(long position, CancellationToken cancellationToken)
    {
        for (var advanced = _advanced.Next; Settled < position; advanced = _advanced.Next)
        {
            await advanced.WaitAsync(cancellationToken);
        }
    }

    /// <summary>Follows the log until cancelled.</summary>
    public async Task FollowAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        while (true)
        {
            var committed = commits.Next;
            var started = time.GetTimestamp();
            var (full, waiting) = await AdvanceAsync(source, cancellationToken);
            if (full)
            {
                continue;
            }

            try
            {
                await committed.WaitAsync(waiting ? GapPolling : Polling, time, cancellationToken);
            }
            catch (TimeoutException)
            {
                continue;
            }

            // Commits that follow each other closely are read together, and what they tell is handled in larger batches. After a pause nobody waits.
            if (Gathering - time.GetElapsedTime(started) is var rest && rest > TimeSpan.Zero)
            {
                await Task.Delay(rest, time, cancellationToken);
            }
        }
    }

    /// <summary>Looks once.</summary>
    /// <returns>Whether a whole page was read, and whether a gap is being waited out.</returns>
    internal async Task<(bool Full, bool Waiting)> AdvanceAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        var count = await LookAsync(source, cancellationToken);
        if (_state.NeedsHorizon)
        {
            await using var command = source.CreateCommand(DrawId);
            Bound((long)(await command.ExecuteScalarAsync(cancellationToken))!);
            count = await LookAsync(source, cancellationToken);
        }

        return (count == PageSize && _state.GapEnd is null, _state.GapEnd is not null);
    }

    /// <summary>Moves over what is complete, and over gaps whose writers have all ended.</summary>
    internal void Settle(ReadOnlySpan<long> positions, long oldestRunning, IReadOnlyList<TailMessage>? page = null)
    {
        _state = _state.Settle(positions, oldestRunning, out var passed);
        foreach (var (message, _) in page?.Take(passed) ?? [])
        {
            _lastByName[message.Name] = message.Position;
        }

        if (_state.Settled > _settled)
        {
            // Whoever learns of the position finds the events.
            Tail.Add(page?.Take(passed) ?? [], _state.Settled);
            Volatile.Write(ref _settled, _state.Settled);
            _advanced.Raise();
        }
    }

    /// <summary>Says which transaction id is above those of all writers that the gap may be waiting for.</summary>
    internal void Bound(long horizon) => _state = _state.Bound(horizon);

    private async Task<int> LookAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(Read);
        command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = _settled });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var page = new List<TailMessage>();
        var oldestRunning = 0L;
        while (await reader.ReadAsync(cancellationToken))
        {
            oldestRunning = reader.GetInt64(10);
            if (!reader.IsDBNull(0))
            {
                page.Add(new TailMessage(MessageRow.Read(reader), reader.GetBoolean(9)));
            }
        }

        Settle(page.ConvertAll(static found => found.Message.Position).ToArray(), oldestRunning, page);
        return page.Count;
    }
}
