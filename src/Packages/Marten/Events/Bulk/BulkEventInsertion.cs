using JasperFx.Events;
using Marten.Exceptions;
using Npgsql;

namespace Marten.Events;

/// <summary>Writes new streams with their events by COPY. Projections and listeners see nothing of it.</summary>
internal sealed class BulkEventInsertion(EventGraph events, BulkEventCopy copy, string tenantId)
{
    public async Task RunAsync(IReadOnlyList<StreamAction> streams, int batchSize, CancellationToken token)
    {
        foreach (var stream in streams)
            Describe(stream);
        try
        {
            foreach (var page in streams.Chunk(batchSize))
            {
                if (await copy.FindExistingAsync(page.Select(events.IdentityOf), token) is { } taken)
                    throw new ExistingStreamIdCollisionException(taken, page.First(s => events.IdentityOf(s).Equals(taken)).AggregateType);
                await copy.StreamsAsync([.. page.Select(Row)], token);
            }
        }
        catch (PostgresException exception) when (EventSql.IsStreamCollision(exception))
        {
            // Somebody else started one of them since it was looked for, or its identity belonged to an archived stream.
            throw new ExistingStreamIdCollisionException(events.IdentityOf(streams[0]), streams[0].AggregateType);
        }

        foreach (var page in streams.SelectMany(s => s.Events).Chunk(batchSize))
        {
            await copy.AssignSequencesAsync(page, token);
            await copy.EventsAsync(page, token);
        }
    }

    private BulkStreamRow Row(StreamAction stream) => new(
        events.IdentityOf(stream), stream.AggregateTypeName, stream.Version, stream.Events[^1].Timestamp, stream.Events[0].Timestamp, false);

    private void Describe(StreamAction stream)
    {
        if (stream.Events.Count == 0)
            throw events.Sql.IsGuid ? new EmptyEventStreamException(stream.Id) : new EmptyEventStreamException(stream.Key!);
        if (!events.Sql.IsGuid)
            ArgumentException.ThrowIfNullOrEmpty(stream.Key);
        if (stream.AggregateType is { } type)
            stream.AggregateTypeName = events.AggregateNameFor(type);
        else if (events.UseMandatoryStreamTypeDeclaration)
            throw new StreamTypeMissingException();
        stream.TenantId = tenantId;
        var now = events.TimeProvider.GetUtcNow();
        var version = 0L;
        foreach (var item in stream.Events)
        {
            events.Describe(item);
            item.TenantId = tenantId;
            item.IsArchived = false;
            item.Version = ++version;
            item.AggregateTypeName = stream.AggregateTypeName;
            if (item.Timestamp == default)
                item.Timestamp = now;
        }

        stream.Version = version;
    }
}
