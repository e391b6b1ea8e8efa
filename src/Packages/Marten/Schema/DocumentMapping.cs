using System.Reflection;
using JasperFx;
using JasperFx.Metadata;
using Marten.Exceptions;
using Marten.Internal;
using Weasel.Core.Sequences;

namespace Marten.Schema;

/// <summary>How the documents of one type are stored.</summary>
public class DocumentMapping
{
    private readonly StoreOptions options;
    private string? alias;
    private string? schemaName;

    internal DocumentMapping(Type documentType, StoreOptions options)
    {
        this.options = options;
        DocumentType = documentType;
        IdMember = FindIdMember(documentType);
        UseOptimisticConcurrency = typeof(IVersioned).IsAssignableFrom(documentType);
        UseNumericRevisions = typeof(IRevisioned).IsAssignableFrom(documentType) || typeof(ILongVersioned).IsAssignableFrom(documentType);
        if (UseOptimisticConcurrency || UseNumericRevisions)
            VersionMember = documentType.GetProperty("Version");
        if (typeof(ISoftDeleted).IsAssignableFrom(documentType))
            DeleteStyle = DeleteStyle.SoftDelete;
        if (typeof(ITracked).IsAssignableFrom(documentType))
        {
            Metadata.CorrelationId.Track(documentType, nameof(ITracked.CorrelationId));
            Metadata.CausationId.Track(documentType, nameof(ITracked.CausationId));
            Metadata.LastModifiedBy.Track(documentType, nameof(ITracked.LastModifiedBy));
        }
    }

    /// <summary>The type.</summary>
    public Type DocumentType { get; }

    /// <summary>The part of the table's name behind <c>mt_doc_</c>.</summary>
    public string Alias
    {
        get => alias ?? Identifiers.AliasFor(DocumentType);
        set => alias = value.ToLowerInvariant();
    }

    /// <summary>The schema of the table; default: that of the store.</summary>
    public string DatabaseSchemaName
    {
        get => schemaName ?? options.DatabaseSchemaName;
        set => schemaName = value.ToLowerInvariant();
    }

    /// <summary>The member that identifies a document; null when the type has none, which makes it unusable as a document.</summary>
    public MemberInfo? IdMember { get; set; }

    /// <summary>The type of the identity: Guid, string, int or long.</summary>
    public Type IdType => JsonLocators.TypeOf(RequiredIdMember);

    /// <summary>Whether a version identifier guards documents against lost updates.</summary>
    public bool UseOptimisticConcurrency { get; set; }

    /// <summary>Whether a revision number guards documents against lost updates.</summary>
    public bool UseNumericRevisions { get; set; }

    /// <summary>What a deletion does.</summary>
    public DeleteStyle DeleteStyle { get; set; } = DeleteStyle.Remove;

    /// <summary>How integer identities are handed out; default: the settings of the store.</summary>
    public HiloSettings? HiloSettings { get; set; }

    /// <summary>The optional metadata columns.</summary>
    public DocumentMetadataCollection Metadata { get; } = new();

    internal StoreOptions Options => options;

    /// <summary>The member that shows the version identifier or the revision, if the type has one.</summary>
    internal MemberInfo? VersionMember { get; set; }

    /// <summary>Set for aggregates: the snapshot's mt_version is the version of its stream, written by the projection.</summary>
    internal bool IsStreamSnapshot { get; set; }

    internal bool ReadsSoftDeletion => typeof(ISoftDeleted).IsAssignableFrom(DocumentType);

    /// <summary>False for aggregates that are never stored: their type is declared, and has no table.</summary>
    internal bool IsStored { get; set; } = true;

    internal bool UsesNumbers => IdMember is not null && (IdType == typeof(int) || IdType == typeof(long));

    internal bool HasRevisionColumn => UseNumericRevisions || IsStreamSnapshot;

    internal string TableName => "mt_doc_" + Alias;

    internal string PrimaryKeyName => $"pkey_{TableName}_id";

    internal string QualifiedTableName => Identifiers.Qualify(DatabaseSchemaName, TableName);

    internal List<DuplicatedField> DuplicatedFields { get; } = [];

    internal List<DocumentIndex> Indexes { get; } = [];

    internal MemberInfo RequiredIdMember => IdMember ?? throw new InvalidDocumentException(
        $"{DocumentType.FullName} has no identity. Add a public Id property of type Guid, string, int or long, mark a member with [Identity], or configure Schema.For<{DocumentType.Name}>().Identity(...).");

    /// <summary>
    /// The SQL of a member: the id column, a metadata column, a duplicated column, or an expression over the JSON that is
    /// the same as the one a declared index uses.
    /// </summary>
    internal SqlMember Locate(IReadOnlyList<MemberInfo> path, string tableAlias = "d")
    {
        if (path.Count == 1 && ColumnOf(path[0]) is { } column)
            return new SqlMember(tableAlias.Length == 0 ? column.Name : $"{tableAlias}.{column.Name}", null, null, JsonLocators.TypeOf(path[0]), column.DbType, column.PostgresType, false);
        foreach (var field in DuplicatedFields)
        {
            if (SamePath(field.Path, path))
                return field.Locate(tableAlias);
        }

        return options.Locators.Locate(tableAlias.Length == 0 ? "data" : tableAlias + ".data", path);
    }

    internal static bool SamePath(IReadOnlyList<MemberInfo> one, IReadOnlyList<MemberInfo> other)
    {
        if (one.Count != other.Count)
            return false;
        for (var i = 0; i < one.Count; i++)
        {
            if (one[i].Name != other[i].Name)
                return false;
        }

        return true;
    }

    private (string Name, NpgsqlTypes.NpgsqlDbType DbType, string PostgresType)? ColumnOf(MemberInfo member)
    {
        if (IdMember is { } id && member.Name == id.Name)
        {
            var (dbType, name) = PostgresTypes.For(IdType, false);
            return ("id", dbType!.Value, name);
        }

        if (typeof(ISoftDeleted).IsAssignableFrom(DocumentType))
        {
            if (member.Name == nameof(ISoftDeleted.Deleted))
                return ("mt_deleted", NpgsqlTypes.NpgsqlDbType.Boolean, "boolean");
            if (member.Name == nameof(ISoftDeleted.DeletedAt))
                return ("mt_deleted_at", NpgsqlTypes.NpgsqlDbType.TimestampTz, "timestamp with time zone");
        }

        if (member.Name == "Version" && typeof(IVersioned).IsAssignableFrom(DocumentType))
            return ("mt_version", NpgsqlTypes.NpgsqlDbType.Uuid, "uuid");
        if (member.Name == "Version" && HasRevisionColumn && (typeof(IRevisioned).IsAssignableFrom(DocumentType) || typeof(ILongVersioned).IsAssignableFrom(DocumentType)))
            return ("mt_version", NpgsqlTypes.NpgsqlDbType.Bigint, "bigint");
        return null;
    }

    private static MemberInfo? FindIdMember(Type type)
    {
        const BindingFlags Instance = BindingFlags.Instance | BindingFlags.Public;
        var members = type.GetProperties(Instance).Cast<MemberInfo>().Concat(type.GetFields(Instance)).ToList();
        return members.Find(m => m.GetCustomAttribute<IdentityAttribute>() is not null)
            ?? members.Find(m => m is PropertyInfo && string.Equals(m.Name, "Id", StringComparison.OrdinalIgnoreCase))
            ?? members.Find(m => m is FieldInfo && string.Equals(m.Name, "id", StringComparison.OrdinalIgnoreCase));
    }
}
