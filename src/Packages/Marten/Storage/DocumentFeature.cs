using Marten.Schema;

namespace Marten.Storage;

/// <summary>The table of one document type.</summary>
internal sealed class DocumentFeature(DocumentMapping mapping) : ISchemaFeature
{
    public string Identifier => mapping.TableName;

    public IReadOnlyList<SchemaObject> Objects => [Table()];

    private TableObject Table()
    {
        var idType = PostgresTypes.For(mapping.IdType, false).Name;
        var table = new TableObject(mapping.DatabaseSchemaName, mapping.TableName) { PrimaryKeyName = mapping.PrimaryKeyName, PrimaryKey = ["id"] };
        table.Columns.Add(new ColumnObject("id", idType, true));
        table.Columns.Add(new ColumnObject("data", "jsonb", true));
        table.Columns.Add(new ColumnObject("mt_last_modified", "timestamp with time zone", false, "transaction_timestamp()"));
        table.Columns.Add(mapping.HasRevisionColumn
            ? new ColumnObject("mt_version", "bigint", true, "0")
            : new ColumnObject("mt_version", "uuid", true, "(md5(random()::text || clock_timestamp()::text)::uuid)"));
        table.Columns.Add(new ColumnObject("mt_dotnet_type", "varchar"));
        foreach (var field in mapping.DuplicatedFields)
            table.Columns.Add(new ColumnObject(field.ColumnName, field.PostgresType, field.NotNull));
        if (mapping.DeleteStyle == JasperFx.DeleteStyle.SoftDelete)
        {
            table.Columns.Add(new ColumnObject("mt_deleted", "boolean", false, "FALSE"));
            table.Columns.Add(new ColumnObject("mt_deleted_at", "timestamp with time zone"));
        }

        foreach (var column in mapping.Metadata.EnabledColumns)
            table.Columns.Add(new ColumnObject(column.Name, column.Type, false, column == mapping.Metadata.CreatedAt ? "transaction_timestamp()" : null));
        foreach (var index in mapping.Indexes)
            table.Indexes.Add((index.Name, index.CreateScript()));
        return table;
    }
}
