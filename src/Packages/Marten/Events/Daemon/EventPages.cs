using JasperFx.Events;
using JasperFx.Events.Daemon;
using Marten.Exceptions;
using Marten.Internal;
using Marten.Projections;
using Npgsql;
using NpgsqlTypes;

namespace Marten.Events.Daemon;

/// <summary>Some events of one shard, in the order of their sequence.</summary>
/// <param name="Floor">The page begins behind this number.</param>
/// <param name="Ceiling">It ends with this one, whether or not that event is among its own.</param>
/// <param name="Events">The events.</param>
/// <param name="Unreadable">Events whose bodies cannot be read, and why.</param>
internal sealed record EventPage(long Floor, long Ceiling, List<IEvent> Events, List<(long Sequence, Exception Failure)> Unreadable);

/// <summary>Reads the events of one shard, a page at a time.</summary>
internal sealed class EventPages(DocumentStore store, ProjectionRegistration registration, ErrorHandlingOptions errors)
{
    // A shard that few events concern must not search millions of others in one statement.
    private const int Window = 50_000;
    private const int TimeoutSeconds = 60;
    private readonly EventGraph events = store.Options.EventGraph;

    /// <summary>The next page behind a number, up to the mark.</summary>
    public async Task<EventPage> LoadAsync(long floor, long mark, int size, CancellationToken token)
    {
        await using var connection = await store.DataSource.OpenConnectionAsync(token);
        var end = Math.Min(mark, floor + Math.Max(Window, size));
        await using var command = Command(floor, end, size);
        command.Connection = connection;
        command.CommandTimeout = Math.Max(TimeoutSeconds, store.Options.CommandTimeout);
        await command.PrepareAsync(CancellationToken.None);
        await using var reader = await command.ExecuteReaderAsync(token);
        var page = new EventPage(floor, end, new List<IEvent>(size), []);
        var count = 0;
        var last = floor;
        while (await reader.ReadAsync(token))
        {
            count++;
            last = reader.GetInt64(0);
            await ReadAsync(reader, last, page, token);
        }

        return count < size ? page : page with { Ceiling = last };
    }

    private async ValueTask ReadAsync(NpgsqlDataReader reader, long sequence, EventPage page, CancellationToken token)
    {
        try
        {
            page.Events.Add(await EventReader.ReadAsync(reader, 0, events, store.Options.Serializer(), token));
        }
        catch (UnknownEventTypeException) when (errors.SkipUnknownEvents)
        {
        }
        catch (Exception exception) when (errors.SkipSerializationErrors && Failures.IsOfEvent(exception) && exception is not UnknownEventTypeException)
        {
            page.Unreadable.Add((sequence, exception));
        }
    }

    private NpgsqlCommand Command(long floor, long end, int size)
    {
        var filter = registration.Filter;
        var sql = new SqlBuilder().Append($"select {events.Sql.EventColumns} from {events.Sql.Events} as d");
        if (filter.StreamType is { } streamType)
            sql.Append($" inner join {events.Sql.Streams} as s on s.id = d.stream_id and s.tenant_id = d.tenant_id and s.type = ").AppendParameter(events.AggregateNameFor(streamType), NpgsqlDbType.Varchar);
        sql.Append(" where d.seq_id > ").AppendParameter(floor, NpgsqlDbType.Bigint).Append(" and d.seq_id <= ").AppendParameter(end, NpgsqlDbType.Bigint);
        if (Names() is { } names)
            sql.Append(" and d.type = ANY(").AppendParameter(names, NpgsqlDbType.Array | NpgsqlDbType.Varchar).Append(")");
        else
            sql.Append(" and d.type <> 'tombstone'");
        if (events.EnableEventSkippingInProjectionsOrSubscriptions)
            sql.Append(" and d.is_skipped is not true");
        if (!filter.IncludeArchivedEvents)
            sql.Append(" and d.is_archived = FALSE");
        return sql.Append(" order by d.seq_id limit ").AppendParameter(size, NpgsqlDbType.Integer).ToCommand();
    }

    // Which stored names stand for an interface or a base class is known only as far as their types were used in this process.
    private string[]? Names()
    {
        if (registration.EventTypes is not { } types || types.Any(t => t.IsInterface || t.IsAbstract || t == typeof(object)))
            return null;
        return [.. types.SelectMany(events.Types.NamesFor).Distinct()];
    }
}
