using JasperFx.Events;
using JasperFx.Events.Daemon;
using Marten.Internal.Operations;
using Marten.Internal.Sessions;
using Marten.Internal.Storage;
using Marten.Projections;
using Npgsql;
using NpgsqlTypes;

namespace Marten.Events;

/// <summary>Turns the streams of one tenant in a unit of work into operations, and keeps their inline snapshots up to date.</summary>
internal sealed class StreamPreparation(EventGraph events, DocumentSession session, string tenantId, IReadOnlyList<StreamAction> streams)
{
    private readonly EventStoreOperations operations = (EventStoreOperations)session.Events;

    /// <summary>The part of the session that belongs to the tenant: it fetched the streams and writes their snapshots.</summary>
    private readonly DocumentSession own = events.Sql.IsConjoined ? session.Own(tenantId) : session;

    /// <summary>The versions of the streams before their new events, as far as they are known.</summary>
    private readonly Dictionary<StreamAction, long> bases = [];
    private readonly Dictionary<(AggregateRegistration, StreamAction), object?> snapshots = [];

    /// <summary>The marks of the streams' rows when their snapshots were read.</summary>
    private readonly Dictionary<StreamAction, uint> marks = [];

    // How often what inline projections append may make inline projections append again.
    private const int MaximumRounds = 10;

    /// <summary>How many events of the streams went through the inline projections.</summary>
    private readonly Dictionary<StreamAction, int> projected = [];

    public async Task<IReadOnlyList<IStorageOperation>> RunAsync(CancellationToken token)
    {
        var changed = streams.Where(s => s.Events.Count > 0).ToList();
        var all = changed;
        for (var round = 1; changed.Count > 0; round++)
        {
            if (round > MaximumRounds)
                throw new InvalidOperationException($"Projections that run with the append of events have appended further events {MaximumRounds} times in one unit of work, each time because of the ones before.");
            await ProcessAsync(changed, round == 1 && events.EnableSideEffectsOnInlineProjections, token);
            changed = session.StreamActions.FindAll(s => s.TenantId == tenantId && s.Events.Count > projected.GetValueOrDefault(s));
            foreach (var stream in changed)
                stream.MarkRaised(projected.GetValueOrDefault(stream));
            all = all.Union(changed).ToList();
        }

        foreach (var stream in all)
            stream.IsPrepared = true;
        return [.. Operations(all)];
    }

    private List<IEvent> NewEvents(StreamAction stream) => [.. stream.Events.Skip(projected.GetValueOrDefault(stream))];

    private async Task ProcessAsync(List<StreamAction> changed, bool raises, CancellationToken token)
    {
        foreach (var stream in changed)
        {
            stream.IsPrepared = false;
            if (stream.ActionType == StreamActionType.Start)
                bases[stream] = 0;
            else if (stream.ExpectedVersionOnServer is { } expected)
                bases[stream] = expected;
        }

        foreach (var registration in events.InlineAggregates)
            await LoadSnapshotsAsync(registration, changed, token);
        if (events.AppendMode == EventAppendMode.Rich)
            await AssignSequencesAsync(changed, token);
        Describe(changed);
        var added = changed.ToDictionary(s => s, NewEvents);
        foreach (var stream in changed)
            projected[stream] = stream.Events.Count;
        foreach (var (registration, stream) in snapshots.Keys.Where(k => added.ContainsKey(k.Item2)).ToList())
        {
            if (added[stream].Exists(e => registration.Aggregation.AppliesTo(e.EventType)))
                await ProjectAsync(registration, stream, added[stream], raises, token);
        }

        await session.Options.Projections.ApplyInlineAsync(own, [.. added.Values.SelectMany(e => e)], raises, token);
    }

    private async Task LoadSnapshotsAsync(AggregateRegistration registration, List<StreamAction> changed, CancellationToken token)
    {
        var missing = new Dictionary<object, StreamAction>();
        foreach (var stream in changed)
        {
            if (snapshots.ContainsKey((registration, stream)) || !NewEvents(stream).Exists(e => registration.Aggregation.AppliesTo(e.EventType)))
                continue;
            var id = events.IdentityOf(stream);
            if (bases.TryGetValue(stream, out var version) && version == 0)
                snapshots[(registration, stream)] = null;
            else if (events.UseIdentityMapForAggregates && ((EventStoreOperations)own.Events).TryUseFetched(registration.AggregateType, id, out var known))
                UseSnapshot(registration, stream, known.Aggregate, known.Mark);
            else
                missing[id] = stream;
        }

        if (missing.Count == 0)
            return;
        await session.EnsureStorageAsync(registration.AggregateType, token);
        var storage = session.StorageFor(registration.AggregateType);
        if (own.IdentityMap is { } map)
        {
            foreach (var id in missing.Keys)
                map.Remove((registration.AggregateType, id));
        }

        await using var command = new NpgsqlCommand(events.Sql.Snapshot(storage).Many);
        command.Parameters.Add(new EventParameters(events, session).Ids([.. missing.Values]));
        events.Sql.AddTenant(command.Parameters, tenantId);
        var rows = await session.ReadAsync(command, (reader, stop) => ReadSnapshotsAsync(reader, storage, stop), token);
        foreach (var (id, stream) in missing)
        {
            var (version, mark, snapshot) = rows.GetValueOrDefault(id);
            Base(stream, version);
            UseSnapshot(registration, stream, snapshot, version == 0 ? null : mark);
        }
    }

    private void UseSnapshot(AggregateRegistration registration, StreamAction stream, object? snapshot, uint? mark)
    {
        snapshots[(registration, stream)] = snapshot;
        if (mark is { } row && !marks.TryAdd(stream, row) && marks[stream] != row)
            throw new EventStreamUnexpectedMaxEventIdException(events.IdentityOf(stream), stream.AggregateType, bases.GetValueOrDefault(stream), -1);
    }

    private async Task<Dictionary<object, (long, uint, object?)>> ReadSnapshotsAsync(NpgsqlDataReader reader, DocumentStorage storage, CancellationToken token)
    {
        var rows = new Dictionary<object, (long, uint, object?)>();
        while (await reader.ReadAsync(token))
            rows[reader.GetValue(0)] = (reader.GetInt64(1), reader.GetFieldValue<uint>(2), reader.IsDBNull(3) ? null : storage.ReadObject(reader, 3, own));
        return rows;
    }

    private void Base(StreamAction stream, long version)
    {
        if (!bases.TryAdd(stream, version) && stream.ExpectedVersionOnServer is { } expected && expected != version)
            throw new EventStreamUnexpectedMaxEventIdException(events.IdentityOf(stream), stream.AggregateType, expected, version);
    }

    private async Task AssignSequencesAsync(List<StreamAction> changed, CancellationToken token)
    {
        var unknown = changed.Where(s => !bases.ContainsKey(s)).ToList();
        if (unknown.Count > 0)
        {
            await using var versions = new NpgsqlCommand(events.Sql.Versions);
            versions.Parameters.Add(new EventParameters(events, session).Ids(unknown));
            events.Sql.AddTenant(versions.Parameters, tenantId);
            var known = await session.ReadAsync(versions, static async (reader, stop) =>
            {
                var rows = new Dictionary<object, long>();
                while (await reader.ReadAsync(stop))
                    rows[reader.GetValue(0)] = reader.GetInt64(1);
                return rows;
            }, token);
            foreach (var stream in unknown)
                Base(stream, known.GetValueOrDefault(events.IdentityOf(stream)));
        }

        var all = changed.SelectMany(NewEvents).ToList();
        if (all.Count == 0)
            return;

        // Numbers must be drawn in the transaction that uses them: the daemon waits for open transactions that hold some.
        await session.BeginTransactionAsync(token);
        await using var command = new NpgsqlCommand(events.Sql.NextSequences);
        command.Parameters.Add(EventParameters.Value(all.Count, NpgsqlDbType.Integer));
        var numbers = await session.ReadAsync(command, static async (reader, stop) =>
        {
            var rows = new List<long>();
            while (await reader.ReadAsync(stop))
                rows.Add(reader.GetInt64(0));
            return rows;
        }, token);
        for (var i = 0; i < all.Count; i++)
            all[i].Sequence = numbers[i];
    }

    private void Describe(List<StreamAction> changed)
    {
        var now = events.TimeProvider.GetUtcNow();
        foreach (var stream in changed)
        {
            var version = bases.TryGetValue(stream, out var known) ? known : -1;
            foreach (var item in stream.Events)
            {
                item.Version = version < 0 ? 0 : ++version;
                item.AggregateTypeName = stream.AggregateTypeName;
                if (item.Timestamp == default)
                    item.Timestamp = now;
            }

            if (version >= 0)
                stream.Version = version;
        }
    }

    private async Task ProjectAsync(AggregateRegistration registration, StreamAction stream, List<IEvent> added, bool raises, CancellationToken token)
    {
        var id = events.IdentityOf(stream);
        var (after, action) = await DetermineAsync(registration, snapshots[(registration, stream)], added, id, token);
        var survives = action is not (ActionType.Delete or ActionType.HardDelete or ActionType.StoreThenSoftDelete);
        snapshots[(registration, stream)] = survives ? after : null;
        var storage = session.StorageFor(registration.AggregateType);
        if (action == ActionType.Nothing)
            return;
        if (after is not null && action is ActionType.Store or ActionType.UnDeleteAndStore or ActionType.StoreThenSoftDelete)
        {
            operations.QueueSnapshot(new DocumentWrite(storage, after!, id, WriteKind.Snapshot, own) { Revision = stream.Version });
            if (own.IdentityMap is { } known)
                known[(registration.AggregateType, id)] = after!;
        }

        if (action is ActionType.Delete or ActionType.HardDelete or ActionType.StoreThenSoftDelete)
        {
            operations.QueueSnapshot(new DeleteById(storage, id, null, action == ActionType.HardDelete, own));
            own.IdentityMap?.Remove((registration.AggregateType, id));
        }

        if (raises)
            await registration.RaiseAsync(own, id, added, survives ? after : null);
    }

    private async ValueTask<(object? Snapshot, ActionType Action)> DetermineAsync(AggregateRegistration registration, object? before, IReadOnlyList<IEvent> added, object id, CancellationToken token)
    {
        try
        {
            return await registration.Aggregation.DetermineAsync(before, added, id, own, token);
        }
        catch (JasperFx.Events.Daemon.ApplyEventException exception)
        {
            // Only the daemon does something about a single event; the writer wants the error itself.
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(exception.InnerException!);
            throw;
        }
    }

    private uint? MarkOf(StreamAction stream) => marks.TryGetValue(stream, out var mark) ? mark : null;

    private static bool HasFewEvents(StreamAction stream) => stream.Events.Count <= SingleStreamSql.MaximumEvents;

    // Streams are locked in the same order by all writers, so that two of them cannot wait for each other.
    private IEnumerable<IStorageOperation> Operations(List<StreamAction> changed)
    {
        var parameters = new EventParameters(events, session);
        var sorted = changed.OrderBy(s => s.Id).ThenBy(s => s.Key, StringComparer.Ordinal).ToList();
        var started = sorted.FindAll(s => bases.TryGetValue(s, out var version) && version == 0);
        if (events.UseArchivedStreamPartitioning && sorted.FindAll(s => !bases.TryGetValue(s, out var version) || version == 0) is { Count: > 0 } unguarded)
            yield return new AwaitArchiving(events, parameters.Ids(unguarded), tenantId);
        if (started.Count == 1 && HasFewEvents(started[0]))
            yield return new StartStream(events, parameters, started[0]);
        else if (started.Count > 0)
            yield return new StartStreams(events, parameters, started);
        foreach (var stream in sorted)
        {
            if (!bases.TryGetValue(stream, out var version))
                yield return new AppendToStream(events, parameters, stream, null);
            else if (version > 0)
                yield return HasFewEvents(stream) ? new AppendAtVersion(events, parameters, stream, version, MarkOf(stream)) : new AppendToStream(events, parameters, stream, version, MarkOf(stream));
        }

        foreach (var stream in sorted)
        {
            foreach (var operation in events.NaturalKeyOperations(events.IdentityOf(stream), tenantId, stream.Events))
                yield return operation;
        }

        // A stream that is followed by a snapshot ends with its last event.
        if (events.InlineAggregates.Any())
        {
            foreach (var ended in sorted.FindAll(s => s.Events.Any(e => e.Data is Archived)))
                yield return new ArchiveStreamOperation(events, events.IdentityOf(ended), tenantId);
        }

        foreach (var stream in streams)
        {
            if (stream.Events.Count == 0 && stream.AlwaysEnforceConsistency && stream.ExpectedVersionOnServer is > 0 and var expected)
                yield return new CheckStreamVersion(events, parameters, stream, expected);
        }
    }
}
