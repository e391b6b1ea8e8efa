using System.Reflection;

namespace Marten.Schema;

/// <summary>The metadata columns of a document table.</summary>
public class DocumentMetadataCollection
{
    private readonly MetadataColumn[] columns;

    internal DocumentMetadataCollection() => columns = [CorrelationId, CausationId, LastModifiedBy, Headers, CreatedAt, LastModified, DotNetType, TenantId, DocumentType, IsSoftDeleted, SoftDeletedAt];

    /// <summary>The version identifier, which each write changes.</summary>
    public MetadataColumn Version { get; } = new("mt_version", "uuid") { Enabled = true };

    /// <summary>The revision number, where the type has one.</summary>
    public MetadataColumn Revision { get; } = new("mt_version", "bigint");

    /// <summary>When the document was last written.</summary>
    public MetadataColumn LastModified { get; } = new("mt_last_modified", "timestamp with time zone") { Enabled = true };

    /// <summary>The CLR type that wrote the document.</summary>
    public MetadataColumn DotNetType { get; } = new("mt_dotnet_type", "varchar") { Enabled = true };

    /// <summary>The tenant, where tenants share the table.</summary>
    public MetadataColumn TenantId { get; } = new("tenant_id", "varchar");

    /// <summary>The name of the type, in a hierarchy.</summary>
    public MetadataColumn DocumentType { get; } = new("mt_doc_type", "varchar");

    /// <summary>Whether the document is marked as deleted, where deletion only marks.</summary>
    public MetadataColumn IsSoftDeleted { get; } = new("mt_deleted", "boolean");

    /// <summary>When the document was marked as deleted, where deletion only marks.</summary>
    public MetadataColumn SoftDeletedAt { get; } = new("mt_deleted_at", "timestamp with time zone");

    /// <summary>The correlation id of the session that wrote the document last.</summary>
    public MetadataColumn CorrelationId { get; } = new("correlation_id", "varchar");

    /// <summary>The causation id of the session that wrote the document last.</summary>
    public MetadataColumn CausationId { get; } = new("causation_id", "varchar");

    /// <summary>The user on whose behalf the document was written last.</summary>
    public MetadataColumn LastModifiedBy { get; } = new("last_modified_by", "varchar");

    /// <summary>The headers of the session that wrote the document last.</summary>
    public MetadataColumn Headers { get; } = new("headers", "jsonb");

    /// <summary>When the document was first written.</summary>
    public MetadataColumn CreatedAt { get; } = new("mt_created_at", "timestamp with time zone");

    /// <summary>The optional columns that the table has besides those it has for other reasons.</summary>
    internal IEnumerable<MetadataColumn> EnabledColumns =>
        new[] { CorrelationId, CausationId, LastModifiedBy, Headers, CreatedAt }.Where(c => c.Enabled);

    /// <summary>The columns that members show, of those that a table may have.</summary>
    internal IEnumerable<MetadataColumn> ShownColumns(DocumentMapping mapping) => columns.Where(c => c.IsShown && c switch
    {
        _ when c == TenantId => mapping.IsConjoined,
        _ when c == DocumentType => mapping.IsHierarchy,
        _ when c == IsSoftDeleted || c == SoftDeletedAt => mapping.DeleteStyle == JasperFx.DeleteStyle.SoftDelete,
        _ => c.Enabled,
    });

    /// <summary>Leaves out the columns that only inform: the time of the last write, the CLR type, and the version where nothing is guarded by it.</summary>
    public void DisableInformationalFields()
    {
        LastModified.Enabled = false;
        DotNetType.Enabled = false;
        Version.Enabled = false;
    }
}

/// <summary>One metadata column.</summary>
public class MetadataColumn
{
    internal MetadataColumn(string name, string type)
    {
        Name = name;
        Type = type;
    }

    /// <summary>The name of the column.</summary>
    public string Name { get; }

    /// <summary>The type of the column.</summary>
    public string Type { get; }

    /// <summary>Whether the table has the column.</summary>
    public bool Enabled { get; set; }

    internal MemberInfo? Member { get; private set; }

    /// <summary>Whether the member is set from the column when a document is loaded.</summary>
    internal bool IsShown { get; private set; }

    internal void Track(Type documentType, string member)
    {
        Enabled = true;
        Member = documentType.GetProperty(member);
    }

    internal void Show(MemberInfo member)
    {
        Member = member;
        IsShown = true;
    }
}
