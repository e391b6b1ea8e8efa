using Marten.Schema;
using Npgsql;
using NpgsqlTypes;
using Weasel.Core;

namespace Marten.Internal.Storage;

/// <summary>Writes many documents of one type by COPY, within a transaction of the caller.</summary>
internal sealed class BulkInsertion
{
    private readonly DocumentStorage storage;
    private readonly StoreOptions options;
    private readonly DocumentMapping mapping;
    private readonly IReadOnlyList<string> columns;
    private readonly string table;
    private readonly string key;
    private readonly string tenantId;

    public BulkInsertion(DocumentStorage storage, StoreOptions options, string tenantId)
    {
        this.tenantId = tenantId;
        this.storage = storage;
        this.options = options;
        mapping = storage.Mapping;
        table = mapping.QualifiedTableName;
        key = string.Join(", ", mapping.KeyColumns);
        columns = ["id", "data", .. mapping.HasVersionColumn ? ["mt_version"] : Array.Empty<string>(), .. mapping.Metadata.DotNetType.Enabled ? ["mt_dotnet_type"] : Array.Empty<string>(), .. mapping.IsHierarchy ? ["mt_doc_type"] : Array.Empty<string>(), .. mapping.IsConjoined ? ["tenant_id"] : Array.Empty<string>(), .. mapping.DuplicatedFields.Select(f => Identifiers.Quote(f.ColumnName))];
    }

    private string ColumnList => string.Join(", ", columns);

    public async Task RunAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, IReadOnlyList<object> documents, BulkInsertMode mode, int batchSize, CancellationToken token)
    {
        // PostgreSQL does not copy into a table that is guarded by row-level security.
        var isDirect = mode == BulkInsertMode.InsertsOnly && mapping.RowSecuritySetting is null && mapping.MovingColumn is null;
        if (options.RowSecurity.IsUsed)
            await NameTenantAsync(connection, transaction, token);
        var target = isDirect ? table : await CreateStagingAsync(connection, transaction, token);

        foreach (var page in documents.Chunk(batchSize))
            await CopyAsync(connection, target, page, token);
        if (isDirect)
            return;
        if (mapping.MovingColumn is not null)
            await PreparePartitionsAsync(connection, transaction, target, mode, token);
        await ExecuteAsync(connection, transaction, MoveSql(target, mode), token);
        await ExecuteAsync(connection, transaction, $"drop table {target}", token);
    }

    // The key alone does not keep identities unique across partitions: what exists is refused, left alone, or moved to where
    // the rows are going to be written.
    private async Task PreparePartitionsAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, string staging, BulkInsertMode mode, CancellationToken token)
    {
        var same = string.Join(" and ", mapping.IdentityColumns.Select(c => $"d.{c} = s.{c}"));
        var moving = Identifiers.Quote(mapping.MovingColumn!);
        switch (mode)
        {
            case BulkInsertMode.InsertsOnly:
                await using (var ask = new NpgsqlCommand($"select s.id from {staging} as s join {table} as d on {same} union all select id from {staging} group by {string.Join(", ", mapping.IdentityColumns)} having count(*) > 1 limit 1", connection, transaction))
                {
                    if (await ask.ExecuteScalarAsync(token) is { } taken)
                        throw new JasperFx.DocumentAlreadyExistsException(new InvalidOperationException("A document of the insertion is stored or occurs twice."), storage.DocumentType, taken);
                }

                break;
            case BulkInsertMode.IgnoreDuplicates:
                await ExecuteAsync(connection, transaction, $"delete from {staging} as s using {table} as d where {same}", token);
                break;
            default:
                var identity = string.Join(", ", mapping.IdentityColumns);
                await ExecuteAsync(connection, transaction, mapping.MovesByDeletion
                    ? $"update {table} as d set {moving} = FALSE, mt_deleted_at = NULL from {staging} as s where {same} and d.{moving}"
                    : $"update {table} as d set {moving} = s.{moving} from (select distinct on ({identity}) {identity}, {moving} from {staging} order by {identity}, mt_row desc) as s where {same} and d.{moving} <> s.{moving}", token);
                break;
        }
    }

    private async Task NameTenantAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, CancellationToken token)
    {
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.BatchCommands.Add(options.RowSecurity.CreateCommand(tenantId));
        await batch.ExecuteNonQueryAsync(token);
    }

    // A role that owns its schema may lack the right to temporary tables. Either table is gone when the transaction ends.
    private async Task<string> CreateStagingAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, CancellationToken token)
    {
        await using var ask = new NpgsqlCommand("select has_database_privilege(current_database(), 'TEMP')", connection, transaction);
        var name = $"mt_bulk_{Guid.NewGuid():N}";
        var (kind, staging) = await ask.ExecuteScalarAsync(token) is true
            ? ("temp", "pg_temp." + name)
            : ("unlogged", Identifiers.Qualify(mapping.DatabaseSchemaName, name));
        await ExecuteAsync(connection, transaction, $"create {kind} table {staging} (like {table} including defaults, mt_row bigserial)", token);
        return staging;
    }

    // The same identity may occur several times in the input: the last one counts, as it would with single writes.
    private string MoveSql(string staging, BulkInsertMode mode)
    {
        var modified = mapping.Metadata.LastModified.Enabled ? ", mt_last_modified" : "";
        if (mode == BulkInsertMode.InsertsOnly)
            return $"insert into {table} ({ColumnList}{modified}) select {ColumnList}{modified} from {staging} order by mt_row";
        var direction = mode == BulkInsertMode.OverwriteExisting ? "desc" : "asc";
        var identity = string.Join(", ", mapping.IdentityColumns);
        var insert = $"insert into {table} as d ({ColumnList}{modified}) select distinct on ({identity}) {ColumnList}{modified} from {staging} order by {identity}, mt_row {direction}";
        if (mode == BulkInsertMode.IgnoreDuplicates)
            return insert + $" on conflict ({key}) do nothing";
        var version = mapping.HasRevisionColumn ? "d.mt_version + 1" : "excluded.mt_version";
        var assignments = columns.Except(mapping.KeyColumns).Select(c => $"{c} = {(c == "mt_version" ? version : "excluded." + c)}");
        var revive = storage.Sql.IsSoftDeleted ? ", mt_deleted = FALSE, mt_deleted_at = NULL" : "";
        return $"{insert} on conflict ({key}) do update set {string.Join(", ", assignments)}{(modified.Length == 0 ? "" : ", mt_last_modified = excluded.mt_last_modified")}{revive}";
    }

    private async Task CopyAsync(NpgsqlConnection connection, string target, object[] page, CancellationToken token)
    {
        await using var writer = await connection.BeginBinaryImportAsync($"copy {target} ({ColumnList}) from stdin (format binary)", token);
        writer.Timeout = TimeSpan.FromSeconds(Math.Max(options.CommandTimeout, 60));
        using var buffer = new PooledBuffer();
        var serializer = options.Serializer();
        foreach (var document in page)
        {
            await writer.StartRowAsync(token);
            await WriteIdentityAsync(writer, storage.IdentityOf(document), token);
            buffer.Clear();
            if (document is Marten.Metadata.ITenanted tenanted)
                tenanted.TenantId = tenantId;
            storage.ShowTenant(document, tenantId);
            serializer.WriteTo(buffer, document);
            await writer.WriteAsync(buffer.WrittenMemory, NpgsqlDbType.Jsonb, token);
            if (mapping.HasVersionColumn)
                await WriteVersionAsync(writer, document, token);
            if (mapping.Metadata.DotNetType.Enabled)
                await writer.WriteAsync(storage.Sql.Writes.DotNetType, NpgsqlDbType.Varchar, token);
            if (mapping.IsHierarchy)
                await writer.WriteAsync(mapping.TypeAlias, NpgsqlDbType.Varchar, token);
            if (mapping.IsConjoined)
                await writer.WriteAsync(tenantId, NpgsqlDbType.Varchar, token);
            foreach (var field in mapping.DuplicatedFields)
                await WriteFieldAsync(writer, field, document, serializer, token);
        }

        await writer.CompleteAsync(token);
    }

    private static Task WriteIdentityAsync(NpgsqlBinaryImporter writer, object id, CancellationToken token) => id switch
    {
        Guid guid => writer.WriteAsync(guid, NpgsqlDbType.Uuid, token),
        string text => writer.WriteAsync(text, NpgsqlDbType.Varchar, token),
        int number => writer.WriteAsync(number, NpgsqlDbType.Integer, token),
        long number => writer.WriteAsync(number, NpgsqlDbType.Bigint, token),
        _ => throw new Exceptions.InvalidDocumentException($"An identity of type {id.GetType()} cannot be written."),
    };

    private async Task WriteVersionAsync(NpgsqlBinaryImporter writer, object document, CancellationToken token)
    {
        if (mapping.HasRevisionColumn)
        {
            await writer.WriteAsync(1L, NpgsqlDbType.Bigint, token);
            storage.SetVersion(document, 1L);
        }
        else
        {
            var version = Guid.NewGuid();
            await writer.WriteAsync(version, NpgsqlDbType.Uuid, token);
            storage.SetVersion(document, version);
        }
    }

    private static async Task WriteFieldAsync(NpgsqlBinaryImporter writer, DuplicatedField field, object document, ISerializer serializer, CancellationToken token)
    {
        var value = field.ValueOf(document);
        if (value is null)
            await writer.WriteNullAsync(token);
        else if (field.DbType == NpgsqlDbType.Jsonb)
            await writer.WriteAsync(serializer.ToJson(value), NpgsqlDbType.Jsonb, token);
        else
            await writer.WriteAsync(value, field.DbType, token);
    }

    private async Task ExecuteAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, string sql, CancellationToken token)
    {
        await using var command = new NpgsqlCommand(sql, connection, transaction) { CommandTimeout = Math.Max(options.CommandTimeout, 60) };
        await command.ExecuteNonQueryAsync(token);
    }
}
