using JasperFx;
using Marten.Exceptions;
using Marten.Internal;
using Marten.Schema;
using Marten.Schema.Indexing.FullText;

namespace Marten.Storage;

/// <summary>The table of one document type and the functions that its indexes and queries may use.</summary>
internal sealed class DocumentFeature(DocumentMapping mapping) : ISchemaFeature
{
    public string Identifier => mapping.QualifiedTableName;

    public IReadOnlyList<SchemaObject> Objects => [.. ImmutableCasts.Functions(mapping.Options.DatabaseSchemaName), .. NgramFunctionsOf(mapping.Root), .. Tables(mapping.Root, [])];

    private static IEnumerable<SchemaObject> NgramFunctionsOf(DocumentMapping type) =>
        type.Indexes.Exists(i => i is NgramIndex) || type.ForeignKeys.Exists(k => k.Reference.Indexes.Exists(i => i is NgramIndex)) ? NgramFunctions.Objects(type.Options) : [];

    /// <summary>The table behind those that it refers to.</summary>
    private static IEnumerable<SchemaObject> Tables(DocumentMapping type, List<DocumentMapping> path)
    {
        if (path.Contains(type))
            throw new InvalidDocumentException($"The foreign keys of {string.Join(", ", path.Select(p => p.DocumentType.Name))} form a circle. Leave one of them out.");
        path.Add(type);
        foreach (var reference in type.ForeignKeys.Select(k => k.Reference.Root).Where(r => r != type).Distinct())
        {
            foreach (var table in Tables(reference, path))
                yield return table;
        }

        path.RemoveAt(path.Count - 1);
        yield return new DocumentFeature(type).Table();
    }

    private TableObject Table()
    {
        var idType = PostgresTypes.For(mapping.InnerIdType, false).Name;
        var table = new TableObject(mapping.DatabaseSchemaName, mapping.TableName) { PrimaryKeyName = mapping.PrimaryKeyName, PrimaryKey = mapping.KeyColumns };
        table.PolicyName = mapping.TableName + "_tenant";
        if (mapping.RowSecuritySetting is { } setting)
            table.Policy = new RowPolicy(table.PolicyName, setting);
        table.Partitioning = mapping.Partitioning;
        if (mapping.IsConjoined)
            table.Columns.Add(new ColumnObject("tenant_id", "varchar", false, $"'{TenantIds.Default}'"));
        table.Columns.Add(new ColumnObject("id", idType, true));
        table.Columns.Add(new ColumnObject("data", "jsonb", true));
        if (mapping.Metadata.LastModified.Enabled)
            table.Columns.Add(new ColumnObject("mt_last_modified", "timestamp with time zone", false, "transaction_timestamp()"));
        if (mapping.HasVersionColumn)
        {
            table.Columns.Add(mapping.HasRevisionColumn
                ? new ColumnObject("mt_version", "bigint", true, "0")
                : new ColumnObject("mt_version", "uuid", true, "(md5(random()::text || clock_timestamp()::text)::uuid)"));
        }

        if (mapping.Metadata.DotNetType.Enabled)
            table.Columns.Add(new ColumnObject("mt_dotnet_type", "varchar"));
        if (mapping.IsHierarchy)
            table.Columns.Add(new ColumnObject("mt_doc_type", "varchar", false, "'BASE'"));
        foreach (var field in mapping.DuplicatedFields)
            table.Columns.Add(new ColumnObject(field.ColumnName, field.PostgresType, field.NotNull, null, field.Backfill()));
        if (mapping.DeleteStyle == DeleteStyle.SoftDelete)
        {
            table.Columns.Add(new ColumnObject("mt_deleted", "boolean", false, "FALSE"));
            table.Columns.Add(new ColumnObject("mt_deleted_at", "timestamp with time zone"));
        }

        foreach (var column in mapping.Metadata.EnabledColumns)
            table.Columns.Add(new ColumnObject(column.Name, column.Type, false, column == mapping.Metadata.CreatedAt ? "transaction_timestamp()" : null));
        foreach (var index in mapping.Indexes.Where(i => !mapping.IgnoredIndexes.Contains(i.Name)))
            table.Indexes.Add((index.Name, index.CreateScript()));
        foreach (var key in mapping.ForeignKeys)
            table.ForeignKeys.Add((key.Name, key.Definition()));
        foreach (var key in mapping.ExternalForeignKeys)
            table.ForeignKeys.Add((key.Name, key.Definition()));
        CheckNames(table);
        return table;
    }

    private void CheckNames(TableObject table)
    {
        var limit = mapping.Options.NameDataLength;
        foreach (var name in table.Columns.Select(c => c.Name).Concat(table.Indexes.Select(i => i.Name)).Append(table.Name).Append(table.PrimaryKeyName).Concat(table.Partitions.Select(p => p.Name)))
        {
            if (name.Length >= limit)
                throw new InvalidDocumentException($"The name '{name}' of {mapping.DocumentType.FullName} has {name.Length} characters; PostgreSQL cuts names at {limit - 1}. Give the document a shorter alias or the index a shorter name.");
        }
    }
}

/// <summary>
/// Casts from text to times. PostgreSQL's own are not immutable because they read the session's settings, so an index cannot use
/// them; JSON holds ISO 8601, which every setting reads the same way.
/// </summary>
internal static class ImmutableCasts
{
    public static IEnumerable<SchemaObject> Functions(string schema)
    {
        yield return Cast(schema, "mt_immutable_timestamp", "timestamp without time zone");
        yield return Cast(schema, "mt_immutable_timestamptz", "timestamp with time zone");
        yield return Cast(schema, "mt_immutable_date", "date");
        yield return Cast(schema, "mt_immutable_time", "time without time zone");
    }

    private static FunctionObject Cast(string schema, string name, string type) => new(
        schema,
        name,
        $"CREATE OR REPLACE FUNCTION {Identifiers.Qualify(schema, name)}(value text) RETURNS {type} LANGUAGE sql IMMUTABLE AS {FunctionObject.Mark} select value::{type} {FunctionObject.Mark};")
    {
        KeepExisting = true,
    };
}
