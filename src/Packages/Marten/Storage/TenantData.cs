using JasperFx.MultiTenancy;
using Marten.Internal;
using Marten.Internal.Operations;
using Npgsql;
using NpgsqlTypes;

namespace Marten.Storage;

/// <summary>Removes everything that one tenant has in the tables that tenants share.</summary>
internal static class TenantData
{
    // Tables that are not there have nothing to delete; partitions are reached through their table.
    private const string TablesSql =
        """
        select c.relname from pg_class c
        join pg_namespace n on n.oid = c.relnamespace
        join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
        where n.nspname = $1 and c.relkind in ('r', 'p') and not c.relispartition and c.relname like 'mt\_%'
        """;

    public static async Task DeleteAsync(DocumentStore store, string tenantId, CancellationToken token)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(tenantId);
        var options = store.Options;
        tenantId = options.TenantIdOf(tenantId);
        try
        {
            await using var connection = await store.DataSource.OpenConnectionAsync(token);
            await using var transaction = await connection.BeginTransactionAsync(token);
            await using var batch = new NpgsqlBatch(connection, transaction) { Timeout = Math.Max(options.CommandTimeout, 60) };
            if (options.RowSecurity.IsUsed)
                batch.BatchCommands.Add(options.RowSecurity.CreateCommand(tenantId));
            foreach (var table in await TablesAsync(options, connection, transaction, token))
                batch.BatchCommands.Add(new SqlBuilder().Append($"delete from {table} where tenant_id = ").AppendParameter(tenantId, NpgsqlDbType.Varchar).ToBatchCommand());
            if (batch.BatchCommands.Count > 0)
                await batch.ExecuteNonQueryAsync(token);
            await transaction.CommitAsync(token);
        }
        catch (NpgsqlException exception)
        {
            throw ExceptionTranslation.Translate(exception, null);
        }
    }

    /// <summary>The tables in an order that foreign keys allow: what refers before what is referred to.</summary>
    private static async Task<List<string>> TablesAsync(StoreOptions options, NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken token)
    {
        var tables = new List<string>();
        var documents = options.Mappings.Where(m => m is { IdMember: not null, IsStored: true, IsSubClass: false, IsConjoined: true }).OrderByDescending(WriteOrder.RankOf).ToList();
        foreach (var schema in documents.GroupBy(m => m.DatabaseSchemaName))
        {
            var existing = await ExistingAsync(schema.Key, connection, transaction, token);
            tables.AddRange(schema.Where(m => existing.Contains(m.TableName)).Select(m => m.QualifiedTableName));
        }

        if (options.EventGraph.TenancyStyle != TenancyStyle.Conjoined)
            return tables;
        var eventSchema = options.Events.DatabaseSchemaName;
        var events = await ExistingAsync(eventSchema, connection, transaction, token);
        tables.AddRange(events.Where(t => !t.StartsWith("mt_doc_", StringComparison.Ordinal)).OrderBy(t => t switch { "mt_streams" => 2, "mt_events" => 1, _ => 0 }).Select(t => Identifiers.Qualify(eventSchema, t)));
        return tables;
    }

    private static async Task<HashSet<string>> ExistingAsync(string schema, NpgsqlConnection connection, NpgsqlTransaction transaction, CancellationToken token)
    {
        await using var command = new NpgsqlCommand(TablesSql, connection, transaction) { Parameters = { SqlBuilder.CreateParameter(schema, NpgsqlDbType.Text) } };
        await using var reader = await command.ExecuteReaderAsync(token);
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(token))
            names.Add(reader.GetString(0));
        return names;
    }
}
