using JasperFx.Events;
using Marten.Internal.Sessions;
using Npgsql;

namespace Marten.Events;

/// <summary>Reads rows of mt_events and mt_streams.</summary>
internal static class EventReader
{
    /// <summary>The event of the current row, whose columns are <see cref="EventSql.EventColumns"/>.</summary>
    public static ValueTask<IEvent> ReadAsync(NpgsqlDataReader reader, int column, EventGraph events, ISerializer serializer, CancellationToken token)
    {
        var (reading, name, sequence) = Identify(reader, column, events);
        if (Bytes(reader, column, events) is { } bytes)
            return new ValueTask<IEvent>(Complete(events.Types.ReadBinary(reading, bytes, name, sequence), reader, column, events, serializer));
        return reading.Transformation is null
            ? new ValueTask<IEvent>(Complete(events.Types.Read(reading, serializer, reader, column + 4, name, sequence), reader, column, events, serializer))
            : TransformAsync();

        async ValueTask<IEvent> TransformAsync() =>
            Complete(await events.Types.ReadAsync(reading, serializer, reader, column + 4, name, sequence, token), reader, column, events, serializer);
    }

    /// <summary>As <see cref="ReadAsync"/>, without waiting for anything.</summary>
    /// <exception cref="Exceptions.MartenException">The transformation of the type works asynchronously only.</exception>
    public static IEvent Read(NpgsqlDataReader reader, int column, EventGraph events, ISerializer serializer)
    {
        var (reading, name, sequence) = Identify(reader, column, events);
        if (Bytes(reader, column, events) is { } bytes)
            return Complete(events.Types.ReadBinary(reading, bytes, name, sequence), reader, column, events, serializer);
        return Complete(events.Types.Read(reading, serializer, reader, column + 4, name, sequence), reader, column, events, serializer);
    }

    public static async Task<List<IEvent>> ReadAllAsync(NpgsqlDataReader reader, QuerySession session, CancellationToken token)
    {
        var events = session.Options.EventGraph;
        var result = new List<IEvent>();
        while (await reader.ReadAsync(token))
            result.Add(await ReadAsync(reader, 0, events, session.Serializer, token));
        return result;
    }

    public static StreamState ReadState(NpgsqlDataReader reader, EventGraph events)
    {
        var state = new StreamState
        {
            Version = reader.GetInt64(1),
            AggregateType = reader.IsDBNull(2) ? null : events.AggregateTypeFor(reader.GetString(2)),
            LastTimestamp = reader.GetFieldValue<DateTimeOffset>(3),
            Created = reader.GetFieldValue<DateTimeOffset>(4),
            IsArchived = reader.GetBoolean(5),
        };
        if (events.Sql.IsGuid)
            state.Id = reader.GetGuid(0);
        else
            state.Key = reader.GetString(0);
        return state;
    }

    /// <summary>The body in its binary form; null when it is JSON.</summary>
    private static byte[]? Bytes(NpgsqlDataReader reader, int column, EventGraph events)
    {
        var last = column + events.Sql.EventColumnCount - 1;
        return reader.IsDBNull(last) ? null : reader.GetFieldValue<byte[]>(last);
    }

    private static (EventReading Reading, string Name, long Sequence) Identify(NpgsqlDataReader reader, int column, EventGraph events)
    {
        var sequence = reader.GetInt64(column);
        var name = reader.GetString(column + 5);
        return (events.Types.ReadingFor(name, reader.IsDBNull(column + 8) ? null : reader.GetString(column + 8), sequence), name, sequence);
    }

    private static IEvent Complete(IEvent result, NpgsqlDataReader reader, int column, EventGraph events, ISerializer serializer)
    {
        result.Sequence = reader.GetInt64(column);
        result.Id = reader.GetGuid(column + 1);
        if (events.Sql.IsGuid)
            result.StreamId = reader.GetGuid(column + 2);
        else
            result.StreamKey = reader.GetString(column + 2);
        result.Version = reader.GetInt64(column + 3);
        result.Timestamp = reader.GetFieldValue<DateTimeOffset>(column + 6);
        result.TenantId = reader.GetString(column + 7);
        if (!reader.IsDBNull(column + 8))
            result.DotNetTypeName = reader.GetString(column + 8);
        result.IsArchived = reader.GetBoolean(column + 9);
        ReadMetadata(reader, column + 10, events, result, serializer);
        return result;
    }

    private static void ReadMetadata(NpgsqlDataReader reader, int column, EventGraph events, IEvent result, ISerializer serializer)
    {
        var metadata = events.MetadataConfig;
        string? Text() => reader.IsDBNull(column++) ? null : reader.GetString(column - 1);
        if (metadata.CorrelationIdEnabled)
            result.CorrelationId = Text();
        if (metadata.CausationIdEnabled)
            result.CausationId = Text();
        if (metadata.HeadersEnabled)
        {
            result.Headers = reader.IsDBNull(column) ? null : serializer.FromJson<Dictionary<string, object>>(reader, column);
            column++;
        }

        if (metadata.UserNameEnabled)
            result.UserName = Text();
        if (events.EnableEventSkippingInProjectionsOrSubscriptions)
            result.IsSkipped = !reader.IsDBNull(column) && reader.GetBoolean(column);
    }
}
