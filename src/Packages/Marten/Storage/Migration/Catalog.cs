using Npgsql;
using NpgsqlTypes;

namespace Marten.Storage.Migration;

/// <summary>What the database has of the objects that a store wants.</summary>
internal sealed class Catalog
{
    private const string SchemasSql = "select nspname from pg_namespace where nspname = any($1)";

    private const string ColumnsSql =
        """
        select n.nspname, c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.atthasdef or a.attidentity <> '' or a.attgenerated <> ''
        from pg_class c
        join pg_namespace n on n.oid = c.relnamespace
        left join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        where n.nspname = any($1) and c.relname = any($2) and c.relkind in ('r', 'p')
        """;

    private const string IndexesSql =
        """
        select n.nspname, c.relname, i.relname, pg_get_indexdef(x.indexrelid)
        from pg_index x
        join pg_class c on c.oid = x.indrelid
        join pg_class i on i.oid = x.indexrelid
        join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = any($1) and c.relname = any($2)
        """;

    private const string ConstraintsSql =
        """
        select n.nspname, c.relname, k.conname, k.contype::text,
               array(select a.attname::text from unnest(k.conkey) with ordinality as u(num, pos)
                     join pg_attribute a on a.attrelid = c.oid and a.attnum = u.num order by u.pos)
        from pg_constraint k
        join pg_class c on c.oid = k.conrelid
        join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = any($1) and c.relname = any($2) and k.contype in ('p', 'f')
        """;

    private const string RoutinesSql =
        """
        select n.nspname, p.proname, p.prosrc, pg_get_function_identity_arguments(p.oid) from pg_proc p
        join pg_namespace n on n.oid = p.pronamespace
        where n.nspname = any($1) and p.proname = any($2)
        """;

    private const string SequencesSql =
        """
        select n.nspname, c.relname from pg_class c
        join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = any($1) and c.relname = any($2) and c.relkind = 'S'
        """;

    private const string ExtensionsSql = "select extname from pg_extension where $1::text[] is not null and extname = any($2)";

    private const string PartitionsSql =
        """
        select n.nspname, c.relname, pg_get_partkeydef(c.oid), array(select p.relname::text from pg_inherits i join pg_class p on p.oid = i.inhrelid where i.inhparent = c.oid)
        from pg_class c
        join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = any($1) and c.relname = any($2) and c.relkind = 'p'
        """;

    private const string PoliciesSql =
        """
        select n.nspname, c.relname, p.polname, pg_get_expr(p.polqual, p.polrelid)
        from pg_policy p
        join pg_class c on c.oid = p.polrelid
        join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = any($1) and c.relname = any($2)
        """;

    public HashSet<string> Extensions { get; } = new(StringComparer.Ordinal);

    public HashSet<string> Schemas { get; } = new(StringComparer.Ordinal);

    public Dictionary<(string Schema, string Name), CatalogTable> Tables { get; } = [];

    public HashSet<(string Schema, string Name)> Sequences { get; } = [];

    public List<CatalogRoutine> Routines { get; } = [];

    public static async Task<Catalog> ReadAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, IReadOnlyCollection<SchemaObject> objects, CancellationToken token)
    {
        var schemas = objects.Select(o => o.Schema).Distinct().ToArray();
        var names = objects.Select(o => o.Name).Distinct().ToArray();
        var catalog = new Catalog();
        await using var batch = new NpgsqlBatch(connection, transaction);
        foreach (var sql in new[] { SchemasSql, ColumnsSql, IndexesSql, ConstraintsSql, RoutinesSql, SequencesSql, ExtensionsSql, PoliciesSql, PartitionsSql })
        {
            var command = new NpgsqlBatchCommand(sql);
            command.Parameters.Add(new NpgsqlParameter { Value = schemas, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
            if (sql != SchemasSql)
                command.Parameters.Add(new NpgsqlParameter { Value = names, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });
            batch.BatchCommands.Add(command);
        }

        await using var reader = await batch.ExecuteReaderAsync(token);
        Action<NpgsqlDataReader>[] readers = [catalog.ReadSchema, catalog.ReadColumn, catalog.ReadIndex, catalog.ReadConstraint, catalog.ReadRoutine, catalog.ReadSequence, catalog.ReadExtension, catalog.ReadPolicy, catalog.ReadPartitions];
        foreach (var read in readers)
        {
            while (await reader.ReadAsync(token))
                read(reader);
            await reader.NextResultAsync(token);
        }

        return catalog;
    }

    private void ReadSchema(NpgsqlDataReader reader) => Schemas.Add(reader.GetString(0));

    private void ReadColumn(NpgsqlDataReader reader)
    {
        var table = TableOf(reader);
        if (!reader.IsDBNull(2))
            table.Columns[reader.GetString(2)] = new CatalogColumn(reader.GetString(3), reader.GetBoolean(4), reader.GetBoolean(5));
    }

    private void ReadIndex(NpgsqlDataReader reader) => TableOf(reader).Indexes[reader.GetString(2)] = reader.GetString(3);

    private void ReadConstraint(NpgsqlDataReader reader)
    {
        var table = TableOf(reader);
        if (reader.GetString(3) == "p")
            table.PrimaryKey = reader.GetFieldValue<string[]>(4);
        else
            table.ForeignKeys.Add(reader.GetString(2));
    }

    private void ReadRoutine(NpgsqlDataReader reader) =>
        Routines.Add(new CatalogRoutine(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3)));

    private void ReadSequence(NpgsqlDataReader reader) => Sequences.Add((reader.GetString(0), reader.GetString(1)));

    private void ReadPolicy(NpgsqlDataReader reader) => TableOf(reader).Policies[reader.GetString(2)] = reader.IsDBNull(3) ? string.Empty : reader.GetString(3);

    private void ReadPartitions(NpgsqlDataReader reader)
    {
        var table = TableOf(reader);
        table.PartitionKey = reader.GetString(2);
        table.Partitions.UnionWith(reader.GetFieldValue<string[]>(3));
    }

    private void ReadExtension(NpgsqlDataReader reader) => Extensions.Add(reader.GetString(0));

    private CatalogTable TableOf(NpgsqlDataReader reader)
    {
        var key = (reader.GetString(0), reader.GetString(1));
        if (!Tables.TryGetValue(key, out var table))
            Tables[key] = table = new CatalogTable();
        return table;
    }
}

/// <summary>A table as it is.</summary>
internal sealed class CatalogTable
{
    public Dictionary<string, CatalogColumn> Columns { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, string> Indexes { get; } = new(StringComparer.Ordinal);

    /// <summary>How the table is divided; null when it is not.</summary>
    public string? PartitionKey { get; set; }

    public HashSet<string> Partitions { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, string> Policies { get; } = new(StringComparer.Ordinal);

    public HashSet<string> ForeignKeys { get; } = new(StringComparer.Ordinal);

    public string[] PrimaryKey { get; set; } = [];
}

internal sealed record CatalogColumn(string Type, bool NotNull, bool HasDefault);

internal sealed record CatalogRoutine(string Schema, string Name, string Body, string Arguments);
