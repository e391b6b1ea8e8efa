using System.Collections.Concurrent;
using Npgsql;

namespace ModularMonolith.Platform.IntegrationLog;

/// <summary>
/// Finds the position up to which nothing can be committed any more. Positions are drawn before the commit, so a
/// lower one may become visible after a higher one: a reader that follows the highest visible position would skip it.
/// </summary>
internal sealed class LogWatermark(LogSignal commits, TimeProvider time)
{
    private const int PageSize = 1_000;
    private static readonly TimeSpan Polling = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan GapPolling = TimeSpan.FromMilliseconds(20);

    // One statement, one snapshot: the rows it shows and the transactions it says are running belong together.
    private const string Read = """
        select pg_snapshot_xmin(s)::text::bigint, page.positions, page.names
        from pg_current_snapshot() s,
             (select coalesce(array_agg(position), '{}') as positions, coalesce(array_agg(name), '{}') as names
              from (select position, name from integration.message where position > $1 order by position limit $2) found) page
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

    /// <summary>Says what every reader has behind it already, so that a long log is not read from its beginning at each start.</summary>
    public void StartFrom(long position)
    {
        _start = position;
        _settled = position;
        _state = new WatermarkState(position);
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
    internal void Settle(ReadOnlySpan<long> positions, long oldestRunning, ReadOnlySpan<string> names = default)
    {
        _state = _state.Settle(positions, oldestRunning, out var passed);
        for (var index = 0; index < Math.Min(passed, names.Length); index++)
        {
            _lastByName[names[index]] = positions[index];
        }

        if (_state.Settled > _settled)
        {
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
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = PageSize });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var positions = reader.GetFieldValue<long[]>(1);
        Settle(positions, reader.GetInt64(0), reader.GetFieldValue<string[]>(2));
        return positions.Length;
    }
}
