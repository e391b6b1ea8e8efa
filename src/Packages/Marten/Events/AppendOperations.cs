using JasperFx.Events;
using Marten.Exceptions;
using Marten.Internal;
using Marten.Internal.Operations;
using Marten.Internal.Sessions;
using Npgsql;
using NpgsqlTypes;

namespace Marten.Events;

/// <summary>Adds the events of a unit of work as array parameters.</summary>
internal sealed class EventParameters(EventGraph events, DocumentSession session)
{
    public static NpgsqlParameter Value<T>(T value, NpgsqlDbType type) => new NpgsqlParameter<T> { TypedValue = value, NpgsqlDbType = type };

    public static NpgsqlParameter Array<T>(T[] values, NpgsqlDbType type) => new NpgsqlParameter<T[]> { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | type };

    public NpgsqlParameter Id(StreamAction stream) => events.Sql.IsGuid
        ? Value(stream.Id, NpgsqlDbType.Uuid)
        : Value(stream.Key!, NpgsqlDbType.Varchar);

    public NpgsqlParameter Ids(IReadOnlyList<StreamAction> streams) => events.Sql.IsGuid
        ? Array(streams.Select(s => s.Id).ToArray(), NpgsqlDbType.Uuid)
        : Array(streams.Select(s => s.Key!).ToArray(), NpgsqlDbType.Varchar);

    public void Add(BatchBuilder builder, NpgsqlBatchCommand command, IReadOnlyList<IEvent> list)
    {
        var parameters = command.Parameters;
        parameters.Add(Array(list.Select(e => e.Id).ToArray(), NpgsqlDbType.Uuid));
        parameters.Add(Array(list.Select(e => e.EventTypeName).ToArray(), NpgsqlDbType.Varchar));
        parameters.Add(Array(list.Select(e => e.DotNetTypeName).ToArray(), NpgsqlDbType.Varchar));
        AddBodies(builder, parameters, list);
        if (events.AppendMode != EventAppendMode.QuickWithServerTimestamps)
            parameters.Add(Array(list.Select(e => e.Timestamp.ToUniversalTime()).ToArray(), NpgsqlDbType.TimestampTz));
        if (events.AppendMode == EventAppendMode.Rich)
            parameters.Add(Array(list.Select(e => e.Sequence).ToArray(), NpgsqlDbType.Bigint));
        var metadata = events.MetadataConfig;
        if (metadata.CorrelationIdEnabled)
            parameters.Add(Array(list.Select(e => e.CorrelationId ??= session.CorrelationId).ToArray(), NpgsqlDbType.Varchar));
        if (metadata.CausationIdEnabled)
            parameters.Add(Array(list.Select(e => e.CausationId ??= session.CausationId).ToArray(), NpgsqlDbType.Varchar));
        if (metadata.HeadersEnabled)
            parameters.Add(Array(list.Select(e => Headers(builder, e)).ToArray(), NpgsqlDbType.Jsonb));
        if (metadata.UserNameEnabled)
            parameters.Add(Array(list.Select(e => e.UserName ??= session.LastModifiedBy).ToArray(), NpgsqlDbType.Varchar));
    }

    /// <summary>Adds the statement that inserts a few events of one stream behind a version.</summary>
    public void AddInsert(BatchBuilder builder, StreamAction stream, long before, IEvent[] list)
    {
        var command = builder.Add(events.Sql.Single.Insert(list.Length));
        command.Parameters.Add(Id(stream));
        command.Parameters.Add(Value(before, NpgsqlDbType.Bigint));
        events.Sql.AddTenant(command.Parameters, stream.TenantId);
        foreach (var item in list)
            AddValues(builder, command, item);
    }

    /// <summary>Adds one event, a parameter for each value.</summary>
    private void AddValues(BatchBuilder builder, NpgsqlBatchCommand command, IEvent item)
    {
        var parameters = command.Parameters;
        parameters.Add(Value(item.Id, NpgsqlDbType.Uuid));
        parameters.Add(Value(item.EventTypeName, NpgsqlDbType.Varchar));
        parameters.Add(Value(item.DotNetTypeName, NpgsqlDbType.Varchar));
        AddBody(events, builder, command, item);
        if (events.AppendMode != EventAppendMode.QuickWithServerTimestamps)
            parameters.Add(Value(item.Timestamp.ToUniversalTime(), NpgsqlDbType.TimestampTz));
        if (events.AppendMode == EventAppendMode.Rich)
            parameters.Add(Value(item.Sequence, NpgsqlDbType.Bigint));
        var metadata = events.MetadataConfig;
        if (metadata.CorrelationIdEnabled)
            parameters.Add(SqlBuilder.CreateParameter(item.CorrelationId ??= session.CorrelationId, NpgsqlDbType.Varchar));
        if (metadata.CausationIdEnabled)
            parameters.Add(SqlBuilder.CreateParameter(item.CausationId ??= session.CausationId, NpgsqlDbType.Varchar));
        if (metadata.HeadersEnabled)
            parameters.Add(SqlBuilder.CreateParameter(Headers(builder, item), NpgsqlDbType.Jsonb));
        if (metadata.UserNameEnabled)
            parameters.Add(SqlBuilder.CreateParameter(item.UserName ??= session.LastModifiedBy, NpgsqlDbType.Varchar));
    }

    /// <summary>Adds the body of an event: JSON and, where statements have the column, bytes.</summary>
    public static void AddBody(EventGraph events, BatchBuilder builder, NpgsqlBatchCommand command, IEvent item)
    {
        var bytes = events.Binary.Serialize(item.EventType, item.Data);
        if (bytes is null)
            builder.AddJson(command, item.Data);
        else
            command.Parameters.Add(Value(BinaryEvents.Placeholder, NpgsqlDbType.Jsonb));
        if (events.Sql.HasBinary)
            command.Parameters.Add(SqlBuilder.CreateParameter(bytes, NpgsqlDbType.Bytea));
    }

    private void AddBodies(BatchBuilder builder, NpgsqlParameterCollection parameters, IReadOnlyList<IEvent> list)
    {
        var bytes = list.Select(e => events.Binary.Serialize(e.EventType, e.Data)).ToArray();
        parameters.Add(Array(list.Select((e, i) => bytes[i] is null ? builder.Serialize(e.Data) : BinaryEvents.Placeholder).ToArray(), NpgsqlDbType.Jsonb));
        if (events.Sql.HasBinary)
            parameters.Add(Array(bytes, NpgsqlDbType.Bytea));
    }

    private byte[]? Headers(BatchBuilder builder, IEvent item)
    {
        if (session.Headers is { Count: > 0 } shared)
        {
            foreach (var (key, value) in shared)
            {
                if (item.GetHeader(key) is null)
                    item.SetHeader(key, value);
            }
        }

        return item.Headers is { Count: > 0 } headers ? builder.Serialize(headers).ToArray() : null;
    }
}

/// <summary>Creates the streams of a unit of work that must not exist yet, all of them in one statement.</summary>
internal sealed class StartStreams(EventGraph events, EventParameters parameters, IReadOnlyList<StreamAction> streams) : IStorageOperation
{
    private readonly List<IEvent> all = [.. streams.SelectMany(s => s.Events)];
    private DateTimeOffset savedAt;

    public Type DocumentType => typeof(IEvent);

    public OperationRole Role => OperationRole.Events;

    public object? Document => null;

    public int ResultSets => 1;

    public void Configure(BatchBuilder builder)
    {
        var command = builder.Add(events.Sql.Start);
        command.Parameters.Add(parameters.Ids(streams));
        command.Parameters.Add(EventParameters.Array(streams.Select(s => s.AggregateTypeName).ToArray(), NpgsqlDbType.Varchar));
        command.Parameters.Add(EventParameters.Array(streams.Select(s => (long)s.Events.Count).ToArray(), NpgsqlDbType.Bigint));
        events.Sql.AddTenant(command.Parameters, streams[0].TenantId);
        command.Parameters.Add(events.Sql.IsGuid
            ? EventParameters.Array(all.Select(e => e.StreamId).ToArray(), NpgsqlDbType.Uuid)
            : EventParameters.Array(all.Select(e => e.StreamKey!).ToArray(), NpgsqlDbType.Varchar));
        command.Parameters.Add(EventParameters.Array(all.Select(e => e.Version).ToArray(), NpgsqlDbType.Bigint));
        parameters.Add(builder, command, all);
    }

    public async Task ReadResultsAsync(NpgsqlDataReader reader, CancellationToken token)
    {
        if (await reader.ReadAsync(token))
            savedAt = reader.GetFieldValue<DateTimeOffset>(1);
    }

    public Exception? Translate(PostgresException exception)
    {
        if (EventSql.FailedGuard(exception) is not { } position)
            return null;
        var stream = streams[Math.Clamp(position - 1, 0, streams.Count - 1)];
        return stream.ActionType == StreamActionType.Start
            ? new ExistingStreamIdCollisionException(events.IdentityOf(stream), stream.AggregateType)
            : new EventStreamUnexpectedMaxEventIdException(events.IdentityOf(stream), stream.AggregateType, 0, -1);
    }

    public void Saved()
    {
        if (events.AppendMode != EventAppendMode.QuickWithServerTimestamps)
            return;
        foreach (var item in all)
            item.Timestamp = savedAt;
    }
}

/// <summary>Appends to one stream: at a known version, or at whatever version it has.</summary>
internal sealed class AppendToStream(EventGraph events, EventParameters parameters, StreamAction stream, long? expected, uint? mark = null) : IStorageOperation
{
    private readonly IEvent[] all = [.. stream.Events];
    private readonly List<(long Version, long Sequence, DateTimeOffset Timestamp)> rows = new(stream.Events.Count);

    public Type DocumentType => typeof(IEvent);

    public OperationRole Role => OperationRole.Events;

    public object? Document => null;

    public int ResultSets => 1;

    public void Configure(BatchBuilder builder)
    {
        var sql = events.Sql;
        var text = mark is not null ? sql.AppendUnchanged : expected is not null ? sql.AppendExpected : events.UseMandatoryStreamTypeDeclaration ? sql.AppendExisting : sql.AppendAny;
        var command = builder.Add(text);
        command.Parameters.Add(parameters.Id(stream));
        command.Parameters.Add(expected is { } version
            ? EventParameters.Value(version, NpgsqlDbType.Bigint)
            : SqlBuilder.CreateParameter(stream.AggregateTypeName, NpgsqlDbType.Varchar));
        command.Parameters.Add(EventParameters.Value((long)all.Length, NpgsqlDbType.Bigint));
        events.Sql.AddTenant(command.Parameters, stream.TenantId);
        if (mark is { } row)
            command.Parameters.Add(EventParameters.Value(row, NpgsqlDbType.Xid));
        parameters.Add(builder, command, all);
    }

    public async Task ReadResultsAsync(NpgsqlDataReader reader, CancellationToken token)
    {
        rows.Clear();
        while (await reader.ReadAsync(token))
            rows.Add((reader.GetInt64(0), reader.GetInt64(1), reader.GetFieldValue<DateTimeOffset>(2)));
    }

    public Exception? Translate(PostgresException exception)
    {
        var id = events.IdentityOf(stream);
        var isRace = EventSql.IsVersionCollision(exception);
        if (!isRace && EventSql.FailedGuard(exception) is null)
            return null;
        if (expected is not null || isRace)
            return new EventStreamUnexpectedMaxEventIdException(id, stream.AggregateType, expected ?? -1, -1);
        return events.UseMandatoryStreamTypeDeclaration
            ? new NonExistentStreamException(id)
            : new InvalidStreamOperationException($"Stream '{id}' is archived; no event can be appended to it.");
    }

    public void Saved()
    {
        rows.Sort(static (one, other) => one.Version.CompareTo(other.Version));
        for (var i = 0; i < rows.Count && i < all.Length; i++)
        {
            all[i].Version = rows[i].Version;
            all[i].Sequence = rows[i].Sequence;
            all[i].Timestamp = rows[i].Timestamp;
        }

        if (rows.Count > 0)
            stream.Version = rows[^1].Version;
    }
}

/// <summary>Checks the version of a stream to which nothing is appended.</summary>
internal sealed class CheckStreamVersion(EventGraph events, EventParameters parameters, StreamAction stream, long expected) : IStorageOperation
{
    public Type DocumentType => typeof(IEvent);

    public OperationRole Role => OperationRole.Events;

    public object? Document => null;

    public int ResultSets => 1;

    public void Configure(BatchBuilder builder)
    {
        var command = builder.Add(events.Sql.CheckVersion);
        command.Parameters.Add(parameters.Id(stream));
        command.Parameters.Add(EventParameters.Value(expected, NpgsqlDbType.Bigint));
        events.Sql.AddTenant(command.Parameters, stream.TenantId);
    }

    public Exception? Translate(PostgresException exception) => EventSql.FailedGuard(exception) is null
        ? null
        : new EventStreamUnexpectedMaxEventIdException(events.IdentityOf(stream), stream.AggregateType, expected, -1);
}
