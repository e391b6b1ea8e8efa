using JasperFx.Events;
using Marten.Internal;
using Marten.Internal.Operations;
using Npgsql;
using NpgsqlTypes;

namespace Marten.Events;

/// <summary>The statements that change stored events. All of them find their rows by the global sequence.</summary>
internal sealed class EventRewritingSql(EventSql sql, bool hasHeaders)
{
    /// <summary>
    /// Writes a body with its type, which is another than the stored one when the event was upcast, and, where the store keeps
    /// them, headers: sequence, body, name and type of the body, bytes, headers.
    /// </summary>
    public string Overwrite { get; } = SqlGuard.RequireRow(
        $"update {sql.Events} set data = $2, type = $3, mt_dotnet_type = $4, bdata = $5{(hasHeaders ? ", headers = $6" : "")} where seq_id = $1");

    /// <summary>Puts another event in the place of one: sequence, body, id, name and type of the body, bytes.</summary>
    public string Replace { get; } = SqlGuard.RequireRow(
        $"update {sql.Events} set data = $2, id = $3, type = $4, mt_dotnet_type = $5, timestamp = now(), bdata = $6{(hasHeaders ? ", headers = NULL" : "")} where seq_id = $1");

    /// <summary>Deletes events: their sequences.</summary>
    public string Delete { get; } = $"delete from {sql.Events} where seq_id = ANY($1)";
}

/// <summary>Writes the body and the headers of an event that was read over what is stored.</summary>
internal sealed class OverwriteEventOperation(EventGraph events, IEvent item) : IStorageOperation
{
    public Type DocumentType => typeof(IEvent);

    public OperationRole Role => OperationRole.Events;

    public object? Document => null;

    public int ResultSets => 1;

    public void Configure(BatchBuilder builder)
    {
        var command = builder.Add(events.Sql.Rewriting.Overwrite);
        command.Parameters.Add(EventParameters.Value(item.Sequence, NpgsqlDbType.Bigint));
        var bytes = events.Binary.Serialize(item.EventType, item.Data);
        builder.AddJson(command, bytes is null ? item.Data : new object());
        var mapping = events.Types.MappingFor(item.EventType);
        command.Parameters.Add(EventParameters.Value(mapping.Name, NpgsqlDbType.Varchar));
        command.Parameters.Add(EventParameters.Value(mapping.DotNetTypeName, NpgsqlDbType.Varchar));
        command.Parameters.Add(SqlBuilder.CreateParameter(bytes, NpgsqlDbType.Bytea));
        if (!events.MetadataConfig.HeadersEnabled)
            return;
        if (item.Headers is { Count: > 0 } headers)
            builder.AddJson(command, headers);
        else
            command.Parameters.Add(SqlBuilder.CreateParameter(null, NpgsqlDbType.Jsonb));
    }

    public Exception? Translate(PostgresException exception) => EventRewritingFailure.Of(exception, item.Sequence);
}

/// <summary>Puts another event in the place of a stored one.</summary>
internal sealed class ReplaceEventOperation(EventGraph events, long sequence, IEvent replacement) : IStorageOperation
{
    public Type DocumentType => typeof(IEvent);

    public OperationRole Role => OperationRole.Events;

    public object? Document => null;

    public int ResultSets => 1;

    public void Configure(BatchBuilder builder)
    {
        var command = builder.Add(events.Sql.Rewriting.Replace);
        command.Parameters.Add(EventParameters.Value(sequence, NpgsqlDbType.Bigint));
        var bytes = events.Binary.Serialize(replacement.EventType, replacement.Data);
        builder.AddJson(command, bytes is null ? replacement.Data : new object());
        command.Parameters.Add(EventParameters.Value(replacement.Id, NpgsqlDbType.Uuid));
        command.Parameters.Add(EventParameters.Value(replacement.EventTypeName, NpgsqlDbType.Varchar));
        command.Parameters.Add(EventParameters.Value(replacement.DotNetTypeName, NpgsqlDbType.Varchar));
        command.Parameters.Add(SqlBuilder.CreateParameter(bytes, NpgsqlDbType.Bytea));
    }

    public Exception? Translate(PostgresException exception) => EventRewritingFailure.Of(exception, sequence);
}

/// <summary>Deletes events that a compacted one stands for.</summary>
internal sealed class DeleteEventsOperation(EventGraph events, long[] sequences) : IStorageOperation
{
    public Type DocumentType => typeof(IEvent);

    public OperationRole Role => OperationRole.Events;

    public object? Document => null;

    public void Configure(BatchBuilder builder) =>
        builder.Add(events.Sql.Rewriting.Delete).Parameters.Add(EventParameters.Array(sequences, NpgsqlDbType.Bigint));
}

internal static class EventRewritingFailure
{
    public static Exception? Of(PostgresException exception, long sequence) => SqlGuard.Failed(exception)
        ? new Exceptions.InvalidStreamOperationException($"There is no event with the sequence {sequence}, so it cannot be changed.")
        : null;
}
