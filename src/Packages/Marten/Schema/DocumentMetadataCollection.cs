using System.Reflection;

namespace Marten.Schema;

/// <summary>The metadata columns that a document table may have besides those it always has.</summary>
public class DocumentMetadataCollection
{
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

    internal IEnumerable<MetadataColumn> EnabledColumns =>
        new[] { CorrelationId, CausationId, LastModifiedBy, Headers, CreatedAt }.Where(c => c.Enabled);
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

    internal void Track(Type documentType, string member)
    {
        Enabled = true;
        Member = documentType.GetProperty(member);
    }
}
