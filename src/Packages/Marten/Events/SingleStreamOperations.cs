using JasperFx.Events;
using Marten.Exceptions;
using Marten.Internal;
using Marten.Internal.Operations;
using Npgsql;
using NpgsqlTypes;

namespace Marten.Events;

/// <summary>Creates one stream that must not exist yet, with a few events.</summary>
internal sealed class StartStream(EventGraph events, EventParameters parameters, StreamAction stream) : IStorageOperation
{
    private readonly IEvent[] all = [.. stream.Events];
    private DateTimeOffset savedAt;

    public Type DocumentType => typeof(IEvent);

    public OperationRole Role => OperationRole.Events;

    public object? Document => null;

    public int ResultSets => 2;

    public void Configure(BatchBuilder builder)
    {
        var sql = events.Sql;
        var start = builder.Add(sql.Single.Start);
        start.Parameters.Add(parameters.Id(stream));
        start.Parameters.Add(SqlBuilder.CreateParameter(stream.AggregateTypeName, NpgsqlDbType.Varchar));
        start.Parameters.Add(EventParameters.Value((long)all.Length, NpgsqlDbType.Bigint));
        sql.AddTenant(start.Parameters, stream.TenantId);
        parameters.AddInsert(builder, stream, 0, all);
    }

    public async Task ReadResultsAsync(NpgsqlDataReader reader, CancellationToken token)
    {
        if (await reader.ReadAsync(token))
            savedAt = reader.GetFieldValue<DateTimeOffset>(0);
        await reader.NextResultAsync(token);
    }

    public Exception? Translate(PostgresException exception)
    {
        if (!EventSql.IsStreamCollision(exception) && !EventSql.IsVersionCollision(exception) && !EventSql.IsMissingStream(exception))
            return null;
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

/// <summary>Appends a few events to one stream at a known version.</summary>
internal sealed class AppendAtVersion(EventGraph events, EventParameters parameters, StreamAction stream, long before, uint? mark) : IStorageOperation
{
    private readonly IEvent[] all = [.. stream.Events];
    private readonly List<(long Sequence, DateTimeOffset Timestamp)> rows = new(stream.Events.Count);

    public Type DocumentType => typeof(IEvent);

    public OperationRole Role => OperationRole.Events;

    public object? Document => null;

    public int ResultSets => 1;

    public void Configure(BatchBuilder builder)
    {
        var sql = events.Sql;
        var advance = builder.Add(mark is null ? sql.Single.Advance : sql.Single.AdvanceUnchanged);
        advance.Parameters.Add(parameters.Id(stream));
        advance.Parameters.Add(EventParameters.Value(before, NpgsqlDbType.Bigint));
        advance.Parameters.Add(EventParameters.Value((long)all.Length, NpgsqlDbType.Bigint));
        sql.AddTenant(advance.Parameters, stream.TenantId);
        if (mark is { } row)
            advance.Parameters.Add(EventParameters.Value(row, NpgsqlDbType.Xid));
        parameters.AddInsert(builder, stream, before, all);
    }

    public async Task ReadResultsAsync(NpgsqlDataReader reader, CancellationToken token)
    {
        rows.Clear();
        while (await reader.ReadAsync(token))
            rows.Add((reader.GetInt64(1), reader.GetFieldValue<DateTimeOffset>(2)));
    }

    public Exception? Translate(PostgresException exception)
    {
        var isWrong = EventSql.FailedGuard(exception) is not null
            || EventSql.IsVersionCollision(exception)
            || EventSql.IsMissingStream(exception);
        return isWrong ? new EventStreamUnexpectedMaxEventIdException(events.IdentityOf(stream), stream.AggregateType, before, -1) : null;
    }

    public void Saved()
    {
        for (var index = 0; index < rows.Count; index++)
        {
            all[index].Version = before + index + 1;
            (all[index].Sequence, all[index].Timestamp) = rows[index];
        }

        stream.Version = before + all.Length;
    }
}
