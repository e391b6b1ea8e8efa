using JasperFx;
using Marten.Internal.Sessions;
using Marten.Schema;
using Npgsql;
using NpgsqlTypes;

namespace Marten.Internal.Storage;

/// <summary>The statements of one document type, built once.</summary>
internal sealed class DocumentSql
{
    private readonly bool hasUuidVersion;
    private readonly bool readsVersion;

    public DocumentSql(DocumentMapping mapping)
    {
        Mapping = mapping;
        IdDbType = PostgresTypes.For(mapping.InnerIdType, false).DbType!.Value;
        Writes = new DocumentWriteSql(mapping, IdDbType);
        Moves = mapping.MovingColumn is null ? null : new PartitionMoves(mapping, IdDbType);
        hasUuidVersion = !mapping.HasRevisionColumn;
        readsVersion = mapping.UseOptimisticConcurrency || mapping.UseNumericRevisions || (mapping.VersionMember is not null && mapping.HasVersionColumn);
        MetadataOffset = mapping.IsHierarchy ? 2 : 1;
        SelectColumns = (mapping.IsHierarchy ? "d.data, d.mt_doc_type" : "d.data") + (readsVersion ? ", d.mt_version" : "");
        IsSoftDeleted = mapping.DeleteStyle == DeleteStyle.SoftDelete;
        if (IsSoftDeleted && mapping.ReadsSoftDeletion)
            SelectColumns += ", d.mt_deleted, d.mt_deleted_at";
        Shown = [.. mapping.Metadata.ShownColumns(mapping)];
        SelectColumns += string.Concat(Shown.Select(c => ", d." + c.Name));
        From = mapping.QualifiedTableName + " as d";
        DefaultFilter = IsSoftDeleted ? "d.mt_deleted = FALSE" : null;
        var own = (mapping.TypeFilter("d") is { } type ? " and " + type : "") + (mapping.IsConjoined ? " and d.tenant_id = $2" : "");
        var hidden = own + (DefaultFilter is null ? "" : " and " + DefaultFilter);
        LoadOne = $"select {SelectColumns} from {From} where d.id = $1{hidden}";
        LoadMany = $"select {SelectColumns} from {From} where d.id = ANY($1){hidden}";
        LoadJson = $"select d.data from {From} where d.id = $1{hidden}";
        Exists = $"select exists(select 1 from {From} where d.id = $1{hidden})";
        HardDelete = $"delete from {mapping.QualifiedTableName} as d where d.id = $1{own}";
        Delete = IsSoftDeleted
            ? $"update {mapping.QualifiedTableName} as d set mt_deleted = TRUE, mt_deleted_at = transaction_timestamp() where d.id = $1{own}"
            : HardDelete;
    }

    public DocumentMapping Mapping { get; }

    public DocumentWriteSql Writes { get; }

    /// <summary>What goes around writes; null unless documents move between partitions.</summary>
    public PartitionMoves? Moves { get; }

    public NpgsqlDbType IdDbType { get; }

    public bool IsSoftDeleted { get; }

    public string SelectColumns { get; }

    /// <summary>How many columns come before those of the metadata.</summary>
    public int MetadataOffset { get; }

    /// <summary>The metadata columns that members show, in the order in which they are selected.</summary>
    public MetadataColumn[] Shown { get; }

    public string From { get; }

    public string? DefaultFilter { get; }

    public string LoadOne { get; }

    public string LoadMany { get; }

    public string LoadJson { get; }

    public string Exists { get; }

    public string Delete { get; }

    public string HardDelete { get; }

    public void ReadMetadata(DocumentStorage storage, object document, object id, NpgsqlDataReader reader, int column, QuerySession session)
    {
        if (readsVersion)
        {
            object version = hasUuidVersion ? reader.GetGuid(column) : reader.GetInt64(column);
            storage.SetVersion(document, version);
            session.RememberVersion(Mapping.Root.DocumentType, id, version);
            column++;
        }

        if (IsSoftDeleted && Mapping.ReadsSoftDeletion)
        {
            storage.SetSoftDeletion(document, reader.GetBoolean(column), reader.IsDBNull(column + 1) ? null : reader.GetFieldValue<DateTimeOffset>(column + 1));
            column += 2;
        }

        foreach (var shown in Shown)
        {
            storage.Show(document, shown, Value(shown, reader, column, session));
            column++;
        }
    }

    private static object? Value(MetadataColumn column, NpgsqlDataReader reader, int index, QuerySession session)
    {
        if (reader.IsDBNull(index))
            return null;
        return column.Type switch
        {
            "jsonb" => session.Serializer.FromJson<Dictionary<string, object>>(reader, index),
            "boolean" => reader.GetBoolean(index),
            "varchar" => reader.GetString(index),
            _ => reader.GetFieldValue<DateTimeOffset>(index),
        };
    }
}
