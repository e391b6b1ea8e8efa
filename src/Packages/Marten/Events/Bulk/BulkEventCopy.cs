using JasperFx.Events;
using Marten.Internal;
using Npgsql;
using NpgsqlTypes;

namespace Marten.Events;

/// <summary>One row of mt_streams that a bulk insertion writes.</summary>
internal sealed record BulkStreamRow(object Id, string? TypeName, long Version, DateTimeOffset Timestamp, DateTimeOffset Created, bool IsArchived);

/// <summary>Writes rows of mt_streams and mt_events by COPY, within a transaction of the caller.</summary>
internal sealed class BulkEventCopy(EventGraph events, StoreOptions options, string tenantId, NpgsqlConnection connection, NpgsqlTransaction transaction)
{
    /// <summary>Seconds that one statement may last; a block of rows takes longer than an ordinary command.</summary>
    public int Timeout => Math.Max(options.CommandTimeout, 60);

    public NpgsqlCommand Command(string sql) => new(sql, connection, transaction) { CommandTimeout = Timeout };

    /// <summary>One of the streams that exists already, or null.</summary>
    public async Task<object?> FindExistingAsync(IEnumerable<object> ids, CancellationToken token)
    {
        await using var command = Command(events.Sql.Versions);
        command.Parameters.Add(events.Sql.IsGuid
            ? EventParameters.Array(ids.Cast<Guid>().ToArray(), NpgsqlDbType.Uuid)
            : EventParameters.Array(ids.Cast<string>().ToArray(), NpgsqlDbType.Varchar));
        events.Sql.AddTenant(command.Parameters, tenantId);
        await using var reader = await command.ExecuteReaderAsync(token);
        return await reader.ReadAsync(token) ? reader.GetValue(0) : null;
    }

    public async Task StreamsAsync(IReadOnlyCollection<BulkStreamRow> rows, CancellationToken token)
    {
        if (events.EnableStrictStreamIdentityEnforcement)
            await IdentitiesAsync(rows, token);
        await using var writer = await ImportAsync($"copy {events.Sql.Streams} (id, type, version, timestamp, created, tenant_id, is_archived) from stdin (format binary)", token);
        foreach (var row in rows)
        {
            await writer.StartRowAsync(token);
            await WriteIdentityAsync(writer, row.Id, token);
            await WriteTextAsync(writer, row.TypeName, token);
            await writer.WriteAsync(row.Version, NpgsqlDbType.Bigint, token);
            await writer.WriteAsync(row.Timestamp.ToUniversalTime(), NpgsqlDbType.TimestampTz, token);
            await writer.WriteAsync(row.Created.ToUniversalTime(), NpgsqlDbType.TimestampTz, token);
            await writer.WriteAsync(tenantId, NpgsqlDbType.Varchar, token);
            await writer.WriteAsync(row.IsArchived, NpgsqlDbType.Boolean, token);
        }

        await writer.CompleteAsync(token);
    }

    /// <summary>Gives events the next numbers of the store, in their order.</summary>
    public async Task AssignSequencesAsync(IReadOnlyList<IEvent> page, CancellationToken token)
    {
        await using var command = Command(events.Sql.NextSequences);
        command.Parameters.Add(EventParameters.Value(page.Count, NpgsqlDbType.Integer));
        await using var reader = await command.ExecuteReaderAsync(token);
        for (var i = 0; i < page.Count && await reader.ReadAsync(token); i++)
            page[i].Sequence = reader.GetInt64(0);
    }

    public async Task EventsAsync(IReadOnlyList<IEvent> page, CancellationToken token)
    {
        var metadata = string.Concat(events.MetadataColumns.Select(c => ", " + c.Name));
        await using var writer = await ImportAsync(
            $"copy {events.Sql.Events} (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type, is_archived, bdata{metadata}) from stdin (format binary)", token);
        using var buffer = new PooledBuffer();
        var serializer = options.Serializer();
        foreach (var item in page)
        {
            if (item.Tags is { Count: > 0 })
                throw new InvalidOperationException("Bulk insertion writes no tags. Insert the events without them, and tag them with AssignTagWhere.");
            await writer.StartRowAsync(token);
            await writer.WriteAsync(item.Sequence, NpgsqlDbType.Bigint, token);
            await writer.WriteAsync(item.Id, NpgsqlDbType.Uuid, token);
            await WriteIdentityAsync(writer, events.Sql.IsGuid ? item.StreamId : item.StreamKey!, token);
            await writer.WriteAsync(item.Version, NpgsqlDbType.Bigint, token);
            var bytes = events.Binary.Serialize(item.EventType, item.Data);
            if (bytes is null)
                await WriteJsonAsync(writer, buffer, serializer, item.Data, token);
            else
                await writer.WriteAsync(BinaryEvents.Placeholder, NpgsqlDbType.Jsonb, token);
            await writer.WriteAsync(item.EventTypeName, NpgsqlDbType.Varchar, token);
            await writer.WriteAsync(item.Timestamp.ToUniversalTime(), NpgsqlDbType.TimestampTz, token);
            await writer.WriteAsync(tenantId, NpgsqlDbType.Varchar, token);
            await writer.WriteAsync(item.DotNetTypeName, NpgsqlDbType.Varchar, token);
            await writer.WriteAsync(item.IsArchived, NpgsqlDbType.Boolean, token);
            if (bytes is null)
                await writer.WriteNullAsync(token);
            else
                await writer.WriteAsync(bytes, NpgsqlDbType.Bytea, token);
            await WriteMetadataAsync(writer, buffer, serializer, item, token);
        }

        await writer.CompleteAsync(token);
    }

    private async Task IdentitiesAsync(IReadOnlyCollection<BulkStreamRow> rows, CancellationToken token)
    {
        await using var writer = await ImportAsync($"copy {events.Sql.StreamIdentities} (id{(events.Sql.IsConjoined ? ", tenant_id" : "")}) from stdin (format binary)", token);
        foreach (var row in rows)
        {
            await writer.StartRowAsync(token);
            await WriteIdentityAsync(writer, row.Id, token);
            if (events.Sql.IsConjoined)
                await writer.WriteAsync(tenantId, NpgsqlDbType.Varchar, token);
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

    private async Task<NpgsqlBinaryImporter> ImportAsync(string sql, CancellationToken token)
    {
        var writer = await connection.BeginBinaryImportAsync(sql, token);
        writer.Timeout = TimeSpan.FromSeconds(Timeout);
        return writer;
    }

    private static Task WriteIdentityAsync(NpgsqlBinaryImporter writer, object id, CancellationToken token) => id is Guid guid
        ? writer.WriteAsync(guid, NpgsqlDbType.Uuid, token)
        : writer.WriteAsync((string)id, NpgsqlDbType.Varchar, token);

    private static Task WriteTextAsync(NpgsqlBinaryImporter writer, string? text, CancellationToken token) =>
        text is null ? writer.WriteNullAsync(token) : writer.WriteAsync(text, NpgsqlDbType.Varchar, token);

    private static Task WriteJsonAsync(NpgsqlBinaryImporter writer, PooledBuffer buffer, ISerializer serializer, object value, CancellationToken token)
    {
        buffer.Clear();
        serializer.WriteTo(buffer, value);
        return writer.WriteAsync(buffer.WrittenMemory, NpgsqlDbType.Jsonb, token);
    }
}
