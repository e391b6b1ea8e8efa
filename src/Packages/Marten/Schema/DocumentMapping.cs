using System.Reflection;
using JasperFx;
using JasperFx.Core.Reflection;
using JasperFx.Metadata;
using JasperFx.MultiTenancy;
using Marten.Exceptions;
using Marten.Internal;
using Weasel.Core.Sequences;

namespace Marten.Schema;

/// <summary>How the documents of one type are stored.</summary>
public partial class DocumentMapping
{
    private readonly StoreOptions options;
    private readonly List<DuplicatedField> duplicatedFields = [];
    private readonly List<DocumentIndex> indexes = [];
    private readonly List<DocumentForeignKey> foreignKeys = [];
    private readonly List<Weasel.Postgresql.Tables.ForeignKey> externalForeignKeys = [];
    private readonly HashSet<string> ignoredIndexes = new(StringComparer.OrdinalIgnoreCase);
    private readonly DocumentMetadataCollection metadata = new();
    private DocumentMapping? parent;
    private string? alias;
    private string? schemaName;
    private bool useOptimisticConcurrency;
    private bool useNumericRevisions;
    private DeleteStyle deleteStyle = DeleteStyle.Remove;
    private TenancyStyle tenancyStyle = TenancyStyle.Single;
    private HiloSettings? hiloSettings;

    internal DocumentMapping(Type documentType, StoreOptions options)
    {
        this.options = options;
        DocumentType = documentType;
        IdMember = FindIdMember(documentType);
        if (typeof(Marten.Metadata.ITenanted).IsAssignableFrom(documentType))
            tenancyStyle = TenancyStyle.Conjoined;
        UseOptimisticConcurrency = typeof(IVersioned).IsAssignableFrom(documentType);
        UseNumericRevisions = typeof(IRevisioned).IsAssignableFrom(documentType) || typeof(ILongVersioned).IsAssignableFrom(documentType);
        if (UseOptimisticConcurrency || UseNumericRevisions)
            VersionMember = documentType.GetProperty("Version");
        if (typeof(ISoftDeleted).IsAssignableFrom(documentType))
            DeleteStyle = DeleteStyle.SoftDelete;
        if (typeof(ITracked).IsAssignableFrom(documentType))
        {
            metadata.CorrelationId.Track(documentType, nameof(ITracked.CorrelationId));
            metadata.CausationId.Track(documentType, nameof(ITracked.CausationId));
            metadata.LastModifiedBy.Track(documentType, nameof(ITracked.LastModifiedBy));
        }
    }

    /// <summary>The type.</summary>
    public Type DocumentType { get; }

    /// <summary>The part of the table's name behind <c>mt_doc_</c>.</summary>
    public string Alias
    {
        get => parent is null ? alias ?? Identifiers.AliasFor(DocumentType) : Root.Alias;
        set => alias = value.ToLowerInvariant();
    }

    /// <summary>The schema of the table; default: that of the store.</summary>
    public string DatabaseSchemaName
    {
        get => Root.schemaName ?? options.DatabaseSchemaName;
        set => schemaName = value.ToLowerInvariant();
    }

    /// <summary>The member that identifies a document; null when the type has none, which makes it unusable as a document.</summary>
    public MemberInfo? IdMember { get; set; }

    /// <summary>The type of the identity: Guid, string, int, long, or a wrapper around one of them.</summary>
    public Type IdType => JsonLocators.TypeOf(RequiredIdMember);

    /// <summary>The wrapper that the identity is; null when it is none.</summary>
    internal ValueTypeInfo? IdWrapper => ValueTypeInfo.TryFind(IdType, out var wrapper) ? wrapper : null;

    /// <summary>The type of the column id: Guid, string, int or long.</summary>
    internal Type InnerIdType => IdWrapper?.SimpleType ?? IdType;

    /// <summary>Whether a version identifier guards documents against lost updates.</summary>
    public bool UseOptimisticConcurrency
    {
        get => Root.useOptimisticConcurrency;
        set => useOptimisticConcurrency = value;
    }

    /// <summary>Whether a revision number guards documents against lost updates.</summary>
    public bool UseNumericRevisions
    {
        get => Root.useNumericRevisions;
        set => useNumericRevisions = value;
    }

    /// <summary>What a deletion does.</summary>
    public DeleteStyle DeleteStyle
    {
        get => Root.deleteStyle;
        set => deleteStyle = value;
    }

    /// <summary>Whether the tenants share the table, each with rows of its own.</summary>
    public TenancyStyle TenancyStyle
    {
        get => Root.tenancyStyle;
        set => tenancyStyle = value;
    }

    /// <summary>How integer identities are handed out; default: the settings of the store.</summary>
    public HiloSettings? HiloSettings
    {
        get => Root.hiloSettings;
        set => hiloSettings = value;
    }

    /// <summary>The optional metadata columns.</summary>
    public DocumentMetadataCollection Metadata => Root.metadata;

    /// <summary>The mapping of the type at the top of the hierarchy, which has the table; this one for a type without a base type in the store.</summary>
    internal DocumentMapping Root => parent is null ? this : parent.Root;

    /// <summary>Whether the documents are in the table of a base type.</summary>
    internal bool IsSubClass => parent is not null;

    /// <summary>Whether the table holds documents of several types.</summary>
    internal bool IsHierarchy => Root.SubClasses.Count > 0;

    /// <summary>The types below this one at the top, with the names that mt_doc_type has for them.</summary>
    internal List<DocumentMapping> SubClasses { get; } = [];

    /// <summary>The name of this type in mt_doc_type.</summary>
    internal string TypeAlias { get; private set; } = "BASE";

    internal bool IsConjoined => TenancyStyle == TenancyStyle.Conjoined;

    /// <summary>The columns of the primary key.</summary>
    internal IReadOnlyList<string> KeyColumns => MovingColumn is { } moving ? [.. IdentityColumns, moving] : IdentityColumns;

    /// <summary>The columns that identify a document.</summary>
    internal IReadOnlyList<string> IdentityColumns => IsConjoined ? ["tenant_id", "id"] : ["id"];

    internal StoreOptions Options => options;

    /// <summary>The member that shows the version identifier or the revision, if the type has one.</summary>
    internal MemberInfo? VersionMember
    {
        get => field ?? (parent is null ? null : Root.VersionMember);
        set;
    }

    /// <summary>Set for aggregates: the snapshot's mt_version is the version of its stream, written by the projection.</summary>
    internal bool IsStreamSnapshot { get; set; }

    internal bool ReadsSoftDeletion => typeof(ISoftDeleted).IsAssignableFrom(DocumentType);

    /// <summary>False for aggregates that are never stored: their type is declared, and has no table.</summary>
    internal bool IsStored { get; set; } = true;

    internal bool UsesNumbers => IdMember is not null && (InnerIdType == typeof(int) || InnerIdType == typeof(long) || UsesIdentityKey);

    internal bool HasRevisionColumn => UseNumericRevisions || IsStreamSnapshot;

    /// <summary>Whether the table has a version identifier or a revision.</summary>
    internal bool HasVersionColumn => HasRevisionColumn || UseOptimisticConcurrency || Metadata.Version.Enabled;

    internal string TableName => "mt_doc_" + Alias;

    internal string PrimaryKeyName => $"pkey_{TableName}_{string.Join("_", KeyColumns)}";

    internal string QualifiedTableName => Identifiers.Qualify(DatabaseSchemaName, TableName);

    internal List<DuplicatedField> DuplicatedFields => Root.duplicatedFields;

    internal List<DocumentIndex> Indexes => Root.indexes;

    internal List<DocumentForeignKey> ForeignKeys => Root.foreignKeys;

    /// <summary>References to tables that are no documents.</summary>
    internal List<Weasel.Postgresql.Tables.ForeignKey> ExternalForeignKeys => Root.externalForeignKeys;

    /// <summary>The setting of row-level security that was declared for this type.</summary>
    internal string? OwnRowSecuritySetting { get; set; }

    internal bool HasNoRowSecurity { get; set; }

    /// <summary>The setting that names the tenant to the policy of the table; null when it has none.</summary>
    internal string? RowSecuritySetting => !IsConjoined || Root.HasNoRowSecurity ? null : Root.OwnRowSecuritySetting ?? options.RowSecurity.Default;

    /// <summary>The names of indexes that the store leaves alone.</summary>
    internal HashSet<string> IgnoredIndexes => Root.ignoredIndexes;

    /// <summary>Whether documents without a text identity get one made of the alias and a number.</summary>
    internal bool UsesIdentityKey { get; set; }

    /// <summary>Whether the indexes have the tenant first.</summary>
    internal bool StartsIndexesByTenant { get; set; }

    internal MemberInfo RequiredIdMember => IdMember ?? throw new InvalidDocumentException(
        $"{DocumentType.FullName} has no identity. Add a public Id property of type Guid, string, int or long, mark a member with [Identity], or configure Schema.For<{DocumentType.Name}>().Identity(...).");

    /// <summary>
    /// The SQL of a member: the id column, a metadata column, a duplicated column, or an expression over the JSON that is
    /// the same as the one a declared index uses.
    /// </summary>
    internal SqlMember Locate(IReadOnlyList<MemberInfo> path, string tableAlias = "d")
    {
        if (path.Count == 1 && ColumnOf(path[0]) is { } column)
            return new SqlMember(tableAlias.Length == 0 ? column.Name : $"{tableAlias}.{column.Name}", null, null, column.Name == "id" ? InnerIdType : JsonLocators.TypeOf(path[0]), column.DbType, column.PostgresType, false) { Wrapper = column.Name == "id" ? IdWrapper : null };
        foreach (var field in DuplicatedFields)
        {
            if (field.Owner.IsAssignableFrom(DocumentType) && SamePath(field.Path, path))
                return field.Locate(tableAlias);
        }

        return options.Locators.Locate(tableAlias.Length == 0 ? "data" : tableAlias + ".data", path);
    }

    /// <summary>Puts the documents of this type into the table of a base type.</summary>
    internal void AttachTo(DocumentMapping baseMapping, string? name)
    {
        if (!baseMapping.DocumentType.IsAssignableFrom(DocumentType) || DocumentType == baseMapping.DocumentType)
            throw new ArgumentException($"{DocumentType.FullName} does not derive from {baseMapping.DocumentType.FullName}.", nameof(baseMapping));
        parent = baseMapping;
        TypeAlias = name ?? Identifiers.SnakeCase(DocumentType.Name);
        if (!Root.SubClasses.Contains(this))
            Root.SubClasses.Add(this);
    }

    /// <summary>The condition that leaves only this type and those below it; null for all of the table.</summary>
    internal string? TypeFilter(string tableAlias)
    {
        if (!IsSubClass)
            return null;
        var names = Root.SubClasses.Where(s => DocumentType.IsAssignableFrom(s.DocumentType)).Select(s => Identifiers.Literal(s.TypeAlias)).ToList();
        return names.Count == 1 ? $"{tableAlias}.mt_doc_type = {names[0]}" : $"{tableAlias}.mt_doc_type = ANY(ARRAY[{string.Join(", ", names)}]::varchar[])";
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
            var (dbType, name) = PostgresTypes.For(InnerIdType, false);
            return ("id", dbType!.Value, name);
        }

        if (Metadata.ShownColumns(this).FirstOrDefault(c => c.Member!.Name == member.Name) is { } shown)
            return (shown.Name, shown.Type switch
            {
                "boolean" => NpgsqlTypes.NpgsqlDbType.Boolean,
                "jsonb" => NpgsqlTypes.NpgsqlDbType.Jsonb,
                "varchar" => NpgsqlTypes.NpgsqlDbType.Varchar,
                _ => NpgsqlTypes.NpgsqlDbType.TimestampTz,
            }, shown.Type);
        if (typeof(ISoftDeleted).IsAssignableFrom(DocumentType))
        {
            if (member.Name == nameof(ISoftDeleted.Deleted))
                return ("mt_deleted", NpgsqlTypes.NpgsqlDbType.Boolean, "boolean");
            if (member.Name == nameof(ISoftDeleted.DeletedAt))
                return ("mt_deleted_at", NpgsqlTypes.NpgsqlDbType.TimestampTz, "timestamp with time zone");
        }

        if (IsConjoined && member.Name == nameof(Marten.Metadata.ITenanted.TenantId) && typeof(Marten.Metadata.ITenanted).IsAssignableFrom(DocumentType))
            return ("tenant_id", NpgsqlTypes.NpgsqlDbType.Varchar, "varchar");
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
