using Marten.Internal;
using Marten.Schema;
using Npgsql;
using NpgsqlTypes;

namespace Marten.Storage;

/// <summary>Deletes documents and events, and drops tables.</summary>
internal sealed class DocumentCleaner(DocumentStore store) : IDocumentCleaner
{
    private const string DocumentTables = "mt\\_doc\\_%";
    private static readonly string[] EventTables = ["mt_events", "mt_streams", "mt_streams_identity", "mt_event_progression", "mt_high_water_skips"];

    private StoreOptions Options => store.Options;

    private string[] Schemas => [.. Options.Mappings.Select(m => m.DatabaseSchemaName).Append(Options.DatabaseSchemaName).Append(Options.Events.DatabaseSchemaName).Distinct()];

    public async Task DeleteAllDocumentsAsync(CancellationToken ct = default) => await TruncateAsync(await TablesAsync(DocumentTables, ct), ct);

    public async Task DeleteDocumentsByTypeAsync(Type documentType, CancellationToken ct = default)
    {
        await store.Database.EnsureAsync(documentType, ct);
        var mapping = Options.MappingFor(documentType);
        var filter = mapping.TypeFilter("d");
        if (filter is not null && mapping.RowSecuritySetting is not null)
            throw new InvalidOperationException($"The documents of {documentType.Name} share a table with others, and row-level security hides those of all tenants but one. Delete them tenant by tenant.");
        if (filter is not null)
            await ExecuteAsync($"delete from {mapping.QualifiedTableName} as d where {filter}", ct);
        else
            await TruncateAsync([mapping.QualifiedTableName], ct);
    }

    public Task DeleteDocumentsExceptAsync(params Type[] documentTypes) => DeleteDocumentsExceptAsync(default, documentTypes);

    public async Task DeleteDocumentsExceptAsync(CancellationToken ct, params Type[] documentTypes)
    {
        var kept = documentTypes.Select(t => Options.MappingFor(t).QualifiedTableName).ToHashSet();
        await TruncateAsync((await TablesAsync(DocumentTables, ct)).Where(t => !kept.Contains(t)), ct);
    }

    public async Task CompletelyRemoveAsync(Type documentType, CancellationToken ct = default)
    {
        await ExecuteAsync($"drop table if exists {Options.MappingFor(documentType).QualifiedTableName} cascade", ct);
        store.Database.Forget();
    }

    public async Task CompletelyRemoveAllAsync(CancellationToken ct = default)
    {
        const string Sql =
            """
            select 'drop table if exists ' || quote_ident(schemaname) || '.' || quote_ident(tablename) || ' cascade' from pg_tables
            where schemaname = any($1) and tablename like 'mt\_%'
            union all
            select 'drop function if exists ' || p.oid::regprocedure || ' cascade' from pg_proc p join pg_namespace n on n.oid = p.pronamespace
            where n.nspname = any($1) and p.proname like 'mt\_%'
            union all
            select 'drop sequence if exists ' || quote_ident(schemaname) || '.' || quote_ident(sequencename) || ' cascade' from pg_sequences
            where schemaname = any($1) and sequencename like 'mt\_%'
            """;
        await using var query = store.DataSource.CreateCommand(Sql);
        query.Parameters.Add(SqlBuilder.CreateParameter(Schemas, NpgsqlDbType.Array | NpgsqlDbType.Text));
        var drops = await ReadAsync(query, ct);
        if (drops.Count > 0)
            await ExecuteAsync(string.Join(";\n", drops), ct);
        store.Database.Forget();
    }

    public async Task DeleteAllEventDataAsync(CancellationToken ct = default)
    {
        var wanted = EventTables.Select(t => Identifiers.Qualify(Options.Events.DatabaseSchemaName, t)).ToHashSet();
        await TruncateAsync((await TablesAsync("mt\\_%", ct)).Where(wanted.Contains), ct);
    }

    public Task DeleteSingleEventStreamAsync(Guid streamId, string? tenantId = null, CancellationToken ct = default) => DeleteStreamAsync(streamId, tenantId, ct);

    public Task DeleteSingleEventStreamAsync(string streamId, string? tenantId = null, CancellationToken ct = default) => DeleteStreamAsync(streamId, tenantId, ct);

    private async Task DeleteStreamAsync(object id, string? tenantId, CancellationToken ct)
    {
        List<(string, string)> tables = [("mt_events", "stream_id"), ("mt_streams", "id")];
        if (Options.EventGraph.EnableStrictStreamIdentityEnforcement)
            tables.Add(("mt_streams_identity", "id"));
        foreach (var (table, column) in tables)
        {
            var sql = new SqlBuilder().Append($"delete from {Identifiers.Qualify(Options.Events.DatabaseSchemaName, table)} where {column} = ").AppendParameter(id);
            if (Options.EventGraph.Sql.IsConjoined)
                sql.Append(" and tenant_id = ").AppendParameter(tenantId ?? TenantIds.Default, NpgsqlDbType.Varchar);
            await using var command = sql.ToCommand();
            await ExecuteAsync(command, ct);
        }
    }

    private async Task<List<string>> TablesAsync(string pattern, CancellationToken ct)
    {
        await using var query = store.DataSource.CreateCommand(
            "select n.nspname, c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = any($1) and c.relname like $2 and c.relkind in ('r', 'p') and not c.relispartition");
        query.Parameters.Add(SqlBuilder.CreateParameter(Schemas, NpgsqlDbType.Array | NpgsqlDbType.Text));
        query.Parameters.Add(SqlBuilder.CreateParameter(pattern, NpgsqlDbType.Text));
        var tables = new List<string>();
        await using var reader = await query.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            tables.Add(Identifiers.Qualify(reader.GetString(0), reader.GetString(1)));
        return tables;
    }

    private static async Task<List<string>> ReadAsync(NpgsqlCommand query, CancellationToken ct)
    {
        var values = new List<string>();
        await using var reader = await query.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
            values.Add(reader.GetString(0));
        return values;
    }

    private async Task TruncateAsync(IEnumerable<string> tables, CancellationToken ct)
    {
        var list = string.Join(", ", tables);
        if (list.Length > 0)
            await ExecuteAsync($"truncate table {list} cascade", ct);
    }

    private async Task ExecuteAsync(string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql);
        await ExecuteAsync(command, ct);
    }

    private async Task ExecuteAsync(NpgsqlCommand command, CancellationToken ct)
    {
        try
        {
            await using var connection = await store.DataSource.OpenConnectionAsync(ct);
            command.Connection = connection;
            command.CommandTimeout = Math.Max(Options.CommandTimeout, 60);
            await command.ExecuteNonQueryAsync(ct);
        }
        catch (NpgsqlException exception)
        {
            throw ExceptionTranslation.Translate(exception, command);
        }
    }
}
