using JasperFx.Events;
using Marten.Exceptions;
using Marten.Internal;
using Npgsql;
using NpgsqlTypes;

namespace Marten.Events;

/// <summary>Writes new streams with their events by COPY, within a transaction of the caller. Projections and listeners see nothing of it.</summary>
internal sealed class BulkEventInsertion(EventGraph events, StoreOptions options, string tenantId)
{
    public async Task RunAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<StreamAction> streams, int batchSize, CancellationToken token)
    {
        foreach (var stream in streams)
            Describe(stream);
        try
        {
            foreach (var page in streams.Chunk(batchSize))
            {
                await RequireNewAsync(connection, transaction, page, token);
                await CopyStreamsAsync(connection, page, token);
            }
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UniqueViolation && exception.TableName == "mt_streams")
        {
            // Somebody else started one of them since it was looked for.
            throw new ExistingStreamIdCollisionException(events.IdentityOf(streams[0]), streams[0].AggregateType);
        }

        foreach (var page in streams.SelectMany(s => s.Events).Chunk(batchSize))
        {
            await AssignSequencesAsync(connection, transaction, page, token);
            await CopyEventsAsync(connection, page, token);
        }
    }

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
            item.Version = ++version;
            item.AggregateTypeName = stream.AggregateTypeName;
            if (item.Timestamp == default)
                item.Timestamp = now;
        }

        stream.Version = version;
    }

    private async Task RequireNewAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, StreamAction[] page, CancellationToken token)
    {
        await using var command = new NpgsqlCommand(events.Sql.Versions, connection, transaction) { CommandTimeout = Timeout };
        command.Parameters.Add(events.Sql.IsGuid
            ? EventParameters.Array(page.Select(s => s.Id).ToArray(), NpgsqlDbType.Uuid)
            : EventParameters.Array(page.Select(s => s.Key!).ToArray(), NpgsqlDbType.Varchar));
        events.Sql.AddTenant(command.Parameters, tenantId);
        await using var reader = await command.ExecuteReaderAsync(token);
        if (!await reader.ReadAsync(token))
            return;
        var taken = reader.GetValue(0);
        throw new ExistingStreamIdCollisionException(taken, page.First(s => events.IdentityOf(s).Equals(taken)).AggregateType);
    }

    private async Task CopyStreamsAsync(NpgsqlConnection connection, StreamAction[] page, CancellationToken token)
    {
        await using var writer = await ImportAsync(connection, $"copy {events.Sql.Streams} (id, type, version, timestamp, created, tenant_id, is_archived) from stdin (format binary)", token);
        foreach (var stream in page)
        {
            var started = stream.Events[0].Timestamp.ToUniversalTime();
            await writer.StartRowAsync(token);
            await WriteIdentityAsync(writer, stream.Id, stream.Key, token);
            await WriteTextAsync(writer, stream.AggregateTypeName, token);
            await writer.WriteAsync(stream.Version, NpgsqlDbType.Bigint, token);
            await writer.WriteAsync(stream.Events[^1].Timestamp.ToUniversalTime(), NpgsqlDbType.TimestampTz, token);
            await writer.WriteAsync(started, NpgsqlDbType.TimestampTz, token);
            await writer.WriteAsync(tenantId, NpgsqlDbType.Varchar, token);
            await writer.WriteAsync(false, NpgsqlDbType.Boolean, token);
        }

        await writer.CompleteAsync(token);
    }

    private async Task AssignSequencesAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, IEvent[] page, CancellationToken token)
    {
        await using var command = new NpgsqlCommand(events.Sql.NextSequences, connection, transaction) { CommandTimeout = Timeout };
        command.Parameters.Add(EventParameters.Value(page.Length, NpgsqlDbType.Integer));
        await using var reader = await command.ExecuteReaderAsync(token);
        for (var i = 0; i < page.Length && await reader.ReadAsync(token); i++)
            page[i].Sequence = reader.GetInt64(0);
    }

    private async Task CopyEventsAsync(NpgsqlConnection connection, IEvent[] page, CancellationToken token)
    {
        var metadata = string.Concat(events.MetadataColumns.Select(c => ", " + c.Name));
        await using var writer = await ImportAsync(
            connection, $"copy {events.Sql.Events} (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type, is_archived{metadata}) from stdin (format binary)", token);
        using var buffer = new PooledBuffer();
        var serializer = options.Serializer();
        foreach (var item in page)
        {
            await writer.StartRowAsync(token);
            await writer.WriteAsync(item.Sequence, NpgsqlDbType.Bigint, token);
            await writer.WriteAsync(item.Id, NpgsqlDbType.Uuid, token);
            await WriteIdentityAsync(writer, item.StreamId, item.StreamKey, token);
            await writer.WriteAsync(item.Version, NpgsqlDbType.Bigint, token);
            await WriteJsonAsync(writer, buffer, serializer, item.Data, token);
            await writer.WriteAsync(item.EventTypeName, NpgsqlDbType.Varchar, token);
            await writer.WriteAsync(item.Timestamp.ToUniversalTime(), NpgsqlDbType.TimestampTz, token);
            await writer.WriteAsync(tenantId, NpgsqlDbType.Varchar, token);
            await writer.WriteAsync(item.DotNetTypeName, NpgsqlDbType.Varchar, token);
            await writer.WriteAsync(false, NpgsqlDbType.Boolean, token);
            await WriteMetadataAsync(writer, buffer, serializer, item, token);
        }

        await writer.CompleteAsync(token);
    }

    private async Task WriteMetadataAsync(NpgsqlBinaryImporter writer, PooledBuffer buffer, ISerializer serializer, IEvent item, CancellationToken token)
    {
        var metadata = events.MetadataConfig;
        if (metadata.CorrelationIdEnabled)
            await WriteTextAsync(writer, item.CorrelationId, token);
        if (metadata.CausationIdEnabled)
            await WriteTextAsync(writer, item.CausationId, token);
        if (metadata.HeadersEnabled && item.Headers is { Count: > 0 } headers)
            await WriteJsonAsync(writer, buffer, serializer, headers, token);
        else if (metadata.HeadersEnabled)
            await writer.WriteNullAsync(token);
        if (metadata.UserNameEnabled)
            await WriteTextAsync(writer, item.UserName, token);
    }

    private int Timeout => Math.Max(options.CommandTimeout, 60);

    private async Task<NpgsqlBinaryImporter> ImportAsync(NpgsqlConnection connection, string sql, CancellationToken token)
    {
        var writer = await connection.BeginBinaryImportAsync(sql, token);
        writer.Timeout = TimeSpan.FromSeconds(Timeout);
        return writer;
    }

    private Task WriteIdentityAsync(NpgsqlBinaryImporter writer, Guid id, string? key, CancellationToken token) => events.Sql.IsGuid
        ? writer.WriteAsync(id, NpgsqlDbType.Uuid, token)
        : writer.WriteAsync(key!, NpgsqlDbType.Varchar, token);

    private static Task WriteTextAsync(NpgsqlBinaryImporter writer, string? text, CancellationToken token) =>
        text is null ? writer.WriteNullAsync(token) : writer.WriteAsync(text, NpgsqlDbType.Varchar, token);

    private static Task WriteJsonAsync(NpgsqlBinaryImporter writer, PooledBuffer buffer, ISerializer serializer, object value, CancellationToken token)
    {
        buffer.Clear();
        serializer.WriteTo(buffer, value);
        return writer.WriteAsync(buffer.WrittenMemory, NpgsqlDbType.Jsonb, token);
    }
}
