using JasperFx.Events;
using Marten.Exceptions;
using Npgsql;
using NpgsqlTypes;

namespace Marten.Events;

/// <summary>
/// Writes streams whose events come one by one, in the order of another store, by COPY. Holds one block of events and a few
/// bytes for each stream in memory.
/// </summary>
internal sealed class BulkEventStreamImport(EventGraph events, BulkEventCopy copy, string tenantId)
{
    private readonly Dictionary<object, ImportedStream> streams = [];
    private long last;

    public async Task RunAsync(IReadOnlyList<BulkEventStreamHeader> headers, IAsyncEnumerable<IEvent> orderedEvents, BulkEventSequenceMode mode, int batchSize, CancellationToken token)
    {
        foreach (var header in headers)
            Register(header);
        await CopyStreamsAsync(headers, batchSize, token);
        var page = new List<IEvent>(batchSize);
        await foreach (var item in orderedEvents.WithCancellation(token))
        {
            Prepare(item, mode);
            page.Add(item);
            if (page.Count < batchSize)
                continue;
            await CopyEventsAsync(page, mode, token);
            page.Clear();
        }

        if (page.Count > 0)
            await CopyEventsAsync(page, mode, token);
        if (mode == BulkEventSequenceMode.PreserveSourceSequence && last > 0)
            await AdvanceSequenceAsync(token);
    }

    private object IdentityOf(BulkEventStreamHeader header)
    {
        if (events.Sql.IsGuid)
            return header.Id;
        ArgumentException.ThrowIfNullOrEmpty(header.Key);
        return header.Key;
    }

    private void Register(BulkEventStreamHeader header)
    {
        var id = IdentityOf(header);
        ArgumentOutOfRangeException.ThrowIfLessThan(header.Version, 1, nameof(header.Version));
        if (header.AggregateType is null && header.AggregateTypeName is null && events.UseMandatoryStreamTypeDeclaration)
            throw new StreamTypeMissingException();
        var typeName = header.AggregateTypeName ?? (header.AggregateType is { } type ? events.AggregateNameFor(type) : null);
        if (!streams.TryAdd(id, new ImportedStream(header, typeName)))
            throw new InvalidStreamOperationException($"The stream '{id}' has more than one header. Give each stream of the import one.");
    }

    private async Task CopyStreamsAsync(IReadOnlyList<BulkEventStreamHeader> headers, int batchSize, CancellationToken token)
    {
        var now = events.TimeProvider.GetUtcNow();
        try
        {
            foreach (var page in headers.Chunk(batchSize))
            {
                if (await copy.FindExistingAsync(page.Select(IdentityOf), token) is { } taken)
                    throw new ExistingStreamIdCollisionException(taken, streams[taken].Header.AggregateType);
                await copy.StreamsAsync([.. page.Select(h => new BulkStreamRow(IdentityOf(h), streams[IdentityOf(h)].TypeName, h.Version, now, now, h.IsArchived))], token);
            }
        }
        catch (PostgresException exception) when (EventSql.IsStreamCollision(exception))
        {
            // Somebody else started one of them since it was looked for, or its identity belonged to an archived stream.
            throw new ExistingStreamIdCollisionException(IdentityOf(headers[0]), headers[0].AggregateType);
        }
    }

    private void Prepare(IEvent item, BulkEventSequenceMode mode)
    {
        object? id = events.Sql.IsGuid ? item.StreamId : item.StreamKey;
        if (id is null || !streams.TryGetValue(id, out var stream))
            throw new InvalidStreamOperationException($"An event of type {item.EventType.Name} belongs to the stream '{id}', for which there is no header. Give each stream of the import one.");
        if (item.Version == 0)
            item.Version = stream.LastVersion + 1;
        if (item.Version <= stream.LastVersion || item.Version > stream.Header.Version)
        {
            throw new InvalidStreamOperationException(
                $"An event of the stream '{id}' has version {item.Version}; expected is one behind {stream.LastVersion} and up to {stream.Header.Version}, the version of its header.");
        }

        stream.LastVersion = item.Version;
        if (mode == BulkEventSequenceMode.PreserveSourceSequence && item.Sequence <= last)
            throw new InvalidStreamOperationException($"An event has the sequence {item.Sequence} and comes behind {last}. Imported events that keep their sequences must come in ascending order of them, from 1.");
        last = item.Sequence;
        events.Describe(item);
        item.TenantId = tenantId;
        item.AggregateTypeName = stream.TypeName;
        item.IsArchived = stream.Header.IsArchived;
        if (item.Timestamp == default)
            item.Timestamp = events.TimeProvider.GetUtcNow();
    }

    private async Task CopyEventsAsync(List<IEvent> page, BulkEventSequenceMode mode, CancellationToken token)
    {
        if (mode == BulkEventSequenceMode.AssignNew)
            await copy.AssignSequencesAsync(page, token);
        try
        {
            await copy.EventsAsync(page, token);
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UniqueViolation && exception.TableName?.StartsWith("mt_events", StringComparison.Ordinal) == true && !EventSql.IsVersionCollision(exception))
        {
            throw new InvalidStreamOperationException(
                $"The store has an event with a sequence between {page[0].Sequence} and {page[^1].Sequence} already. Import into a store that does not have these numbers, or let it assign new ones.");
        }
    }

    // Writers draw numbers inside of their inserts, so none of them draws one between the comparison and the setting.
    private async Task AdvanceSequenceAsync(CancellationToken token)
    {
        await using var wait = copy.Command($"lock table {events.Sql.Events} in share row exclusive mode");
        await wait.ExecuteNonQueryAsync(token);
        await using var command = copy.Command(events.Sql.AdvanceSequence);
        command.Parameters.Add(EventParameters.Value(last, NpgsqlDbType.Bigint));
        await command.ExecuteNonQueryAsync(token);
    }

    /// <summary>A stream of the import and how far its events have come.</summary>
    private sealed class ImportedStream(BulkEventStreamHeader header, string? typeName)
    {
        public BulkEventStreamHeader Header => header;

        public string? TypeName => typeName;

        public long LastVersion { get; set; }
    }
}
