using JasperFx.Core.Reflection;
using JasperFx.Metadata;
using Marten.Exceptions;
using Marten.Internal.Operations;
using Marten.Internal.Sessions;
using Marten.Schema;
using Npgsql;
using NpgsqlTypes;

namespace Marten.Internal.Storage;

/// <summary>Reads and writes the documents of one type. One for each type and store; the SQL is built once.</summary>
internal abstract class DocumentStorage
{
    private readonly ValueTypeInfo? idWrapper;
    private readonly Type innerIdType;

    protected DocumentStorage(DocumentMapping mapping)
    {
        Mapping = mapping;
        Sql = new DocumentSql(mapping);
        idWrapper = mapping.IdWrapper;
        innerIdType = mapping.InnerIdType;
    }

    public DocumentMapping Mapping { get; }

    public DocumentSql Sql { get; }

    public Type DocumentType => Mapping.DocumentType;

    /// <summary>The type whose table and identities the documents share.</summary>
    public Type RootType => Mapping.Root.DocumentType;

    public NpgsqlDbType IdDbType => Sql.IdDbType;

    /// <summary>The columns that <see cref="ReadObject"/> needs, with the alias d, in order.</summary>
    public string SelectColumns => Sql.SelectColumns;

    /// <summary>The table with its schema and the alias d.</summary>
    public string From => Sql.From;

    /// <summary>What hides soft-deleted rows, with the alias d; null when the type is not soft-deleted.</summary>
    public string? DefaultFilter => Sql.DefaultFilter;

    /// <summary>The parameters that name one document to the statements above: its id and, where tenants share a table, the tenant.</summary>
    public List<NpgsqlParameter> Key(object id, QuerySession session) => Key(SqlBuilder.CreateParameter(CheckedId(id), IdDbType), session);

    /// <summary>As the other, for several ids.</summary>
    public List<NpgsqlParameter> Keys(Array ids, QuerySession session) => Key(SqlBuilder.CreateParameter(ids, NpgsqlDbType.Array | IdDbType), session);

    private List<NpgsqlParameter> Key(NpgsqlParameter id, QuerySession session) =>
        Mapping.IsConjoined ? [id, SqlBuilder.CreateParameter(session.TenantId, NpgsqlDbType.Varchar)] : [id];

    /// <summary>The document of the current row; the columns begin at <paramref name="firstColumn"/>. Returns the known instance in a session that remembers.</summary>
    public abstract object ReadObject(NpgsqlDataReader reader, int firstColumn, QuerySession session);

    /// <summary>The value of the column id: the identity, or what it wraps.</summary>
    public abstract object IdentityOf(object document);

    /// <summary>The identity as a key of a certain type: wrapped where that is the wrapper.</summary>
    public object KeyOf(object document, Type keyType) => idWrapper is not null && keyType.IsAssignableFrom(idWrapper.OuterType) ? idWrapper.Wrap(IdentityOf(document)) : IdentityOf(document);

    /// <summary>Takes a document that was read from columns of the caller into the session; returns the known instance in one that remembers.</summary>
    public abstract object Adopt(object document, object? version, (bool Deleted, DateTimeOffset? At)? deletion, QuerySession session);

    /// <summary>The type that a value of mt_doc_type names.</summary>
    public abstract Type TypeFor(string alias);

    /// <summary>Gives a new document its identity; false when a block of numbers must be fetched first.</summary>
    public abstract bool TryAssignIdentity(object document, DocumentStore store);

    /// <summary>Sets the identity: the value of the column id, which is wrapped where the member is a wrapper.</summary>
    public abstract void SetIdentity(object document, object id);

    /// <summary>Sets the version member, if the type has one.</summary>
    public abstract void SetVersion(object document, object version);

    public abstract object? VersionOf(object document);

    /// <summary>Sets the member that shows a metadata column.</summary>
    public abstract void Show(object document, MetadataColumn column, object? value);

    /// <summary>Sets the members that show who and what writes a document, before it is written.</summary>
    public void ShowWriter(object document, DocumentSession session)
    {
        foreach (var column in Sql.Shown)
        {
            var metadata = Mapping.Metadata;
            if (column == metadata.CorrelationId)
                Show(document, column, session.CorrelationId);
            else if (column == metadata.CausationId)
                Show(document, column, session.CausationId);
            else if (column == metadata.LastModifiedBy)
                Show(document, column, session.LastModifiedBy);
            else if (column == metadata.TenantId)
                Show(document, column, session.TenantId);
        }
    }

    /// <summary>Sets the member that shows the tenant, if there is one.</summary>
    public void ShowTenant(object document, string tenantId)
    {
        if (Sql.Shown.Contains(Mapping.Metadata.TenantId))
            Show(document, Mapping.Metadata.TenantId, tenantId);
    }

    public abstract void SetSoftDeletion(object document, bool deleted, DateTimeOffset? at);

    /// <summary>The value of the column id: the id, or what it wraps. An id of another type is refused.</summary>
    public object CheckedId(object id)
    {
        ArgumentNullException.ThrowIfNull(id);
        if (id.GetType() == innerIdType)
            return id;
        if (idWrapper is not null && id.GetType() == idWrapper.OuterType)
            return idWrapper.Unwrap(id) ?? throw new ArgumentException($"The id of a {DocumentType.Name} has no value.", nameof(id));
        if (id is int number && innerIdType == typeof(long))
            return (long)number;
        throw new DocumentIdTypeMismatchException(DocumentType, id.GetType());
    }

    public DocumentWrite Write(object document, WriteKind kind, DocumentSession session) =>
        new(this, document, IdentityOf(document), kind, session);
}

/// <summary>Reads and writes the documents of one type.</summary>
internal sealed class DocumentStorage<T> : DocumentStorage where T : notnull
{
    private readonly Func<T, object?> getId;
    private readonly Action<T, object>? setId;
    private readonly Func<T, object>? getVersion;
    private readonly Action<T, object>? setVersion;
    private readonly Dictionary<string, Type>? types;
    private readonly Dictionary<MetadataColumn, Action<T, object?>> shown;

    public DocumentStorage(DocumentMapping mapping)
        : base(mapping)
    {
        types = mapping.IsHierarchy ? mapping.Root.SubClasses.Append(mapping.Root).ToDictionary(m => m.TypeAlias, m => m.DocumentType) : null;
        shown = Sql.Shown.ToDictionary(c => c, c => MemberAccess.MetadataSetter<T>(c.Member!));
        getId = MemberAccess.IdentityGetter<T>(mapping);
        setId = MemberAccess.IdentitySetter<T>(mapping);
        if (mapping.VersionMember is { } version)
        {
            getVersion = MemberAccess.Getter<T>(version);
            setVersion = MemberAccess.Setter<T>(version);
        }
    }

    public override object ReadObject(NpgsqlDataReader reader, int firstColumn, QuerySession session) => Read(reader, firstColumn, session);

    public T Read(NpgsqlDataReader reader, int firstColumn, QuerySession session)
    {
        var document = (types is null ? session.Serializer.FromJson<T>(reader, firstColumn) : (T?)session.Serializer.FromJson(TypeOf(reader, firstColumn + 1), reader, firstColumn))
            ?? throw new InvalidDocumentException($"A row of {Mapping.QualifiedTableName} holds JSON null instead of a document.");
        var id = IdentityOf(document);
        if (session.IdentityMapFor(RootType) is { } map)
        {
            if (map.TryGetValue((RootType, id), out var known))
                return (T)known;
            map[(RootType, id)] = document;
        }

        Sql.ReadMetadata(this, document, id, reader, firstColumn + Sql.MetadataOffset, session);
        session.DocumentLoaded(id, document);
        return document;
    }

    public override object Adopt(object document, object? version, (bool Deleted, DateTimeOffset? At)? deletion, QuerySession session)
    {
        var id = IdentityOf(document);
        if (session.IdentityMapFor(RootType) is { } map)
        {
            if (map.TryGetValue((RootType, id), out var known))
                return known;
            map[(RootType, id)] = document;
        }

        if (version is not null)
        {
            SetVersion(document, version);
            session.RememberVersion(RootType, id, version);
        }

        if (deletion is { } mark)
            SetSoftDeletion(document, mark.Deleted, mark.At);
        session.DocumentLoaded(id, document);
        return document;
    }

    private Type TypeOf(NpgsqlDataReader reader, int column) => TypeFor(reader.IsDBNull(column) ? "BASE" : reader.GetString(column));

    public override Type TypeFor(string alias)
    {
        return types!.TryGetValue(alias, out var type)
            ? type
            : throw new InvalidDocumentException($"A row of {Mapping.QualifiedTableName} has the type '{alias}', which the store does not know. Declare it with Schema.For<{Mapping.Root.DocumentType.Name}>().AddSubClass(...).");
    }

    public override object IdentityOf(object document) => getId((T)document)
        ?? throw new InvalidOperationException($"A document of type {DocumentType.FullName} has no identity. Assign its {Mapping.RequiredIdMember.Name} before storing it.");

    public override bool TryAssignIdentity(object document, DocumentStore store)
    {
        var id = getId((T)document);
        switch (id)
        {
            case Guid guid when guid == Guid.Empty:
                SetIdentity(document, Guid.CreateVersion7(store.Options.Events.TimeProvider.GetUtcNow()));
                return true;
            case null when Mapping.InnerIdType == typeof(Guid):
                SetIdentity(document, Guid.CreateVersion7(store.Options.Events.TimeProvider.GetUtcNow()));
                return true;
            case null when Mapping.InnerIdType != typeof(string):
                return false;
            case string { Length: 0 } or null when Mapping.UsesIdentityKey:
                return false;
            case string { Length: 0 } or null:
                throw new InvalidOperationException($"A document of type {DocumentType.FullName} has no identity. Assign its {Mapping.RequiredIdMember.Name} before storing it.");
            case int number when number <= 0:
            case long large when large <= 0:
                return false;
            default:
                return true;
        }
    }

    public override void SetIdentity(object document, object id) =>
        (setId ?? throw new InvalidDocumentException($"{DocumentType.FullName}.{Mapping.RequiredIdMember.Name} cannot be set."))((T)document, id);

    public override void SetVersion(object document, object version) => setVersion?.Invoke((T)document, version);

    public override object? VersionOf(object document) => getVersion?.Invoke((T)document);

    public override void Show(object document, MetadataColumn column, object? value) => shown[column]((T)document, value);

    public override void SetSoftDeletion(object document, bool deleted, DateTimeOffset? at)
    {
        if (Sql.Shown.Contains(Mapping.Metadata.IsSoftDeleted))
            Show(document, Mapping.Metadata.IsSoftDeleted, deleted);
        if (Sql.Shown.Contains(Mapping.Metadata.SoftDeletedAt))
            Show(document, Mapping.Metadata.SoftDeletedAt, at);
        if (document is not ISoftDeleted soft)
            return;
        soft.Deleted = deleted;
        soft.DeletedAt = at;
    }
}
