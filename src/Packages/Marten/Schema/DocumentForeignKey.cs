using Marten.Internal;
using Weasel.Core;

namespace Marten.Schema;

/// <summary>A reference from the documents of one type to those of another.</summary>
public class DocumentForeignKey
{
    private readonly DocumentMapping mapping;
    private readonly DuplicatedField member;
    private string? name;

    internal DocumentForeignKey(DocumentMapping mapping, DuplicatedField field, Type referenceType)
    {
        this.mapping = mapping;
        member = field;
        ReferenceDocumentType = referenceType;
    }

    /// <summary>The type that is referred to.</summary>
    public Type ReferenceDocumentType { get; }

    /// <summary>The name; default: that of the table and the column, with <c>_fkey</c>.</summary>
    public string Name
    {
        get => name ?? $"{mapping.TableName}_{member.ColumnName}_fkey";
        set => name = value;
    }

    /// <summary>What happens to the documents when the one that they refer to is removed; default: it cannot be removed.</summary>
    public CascadeAction OnDelete { get; set; } = CascadeAction.NoAction;

    internal DocumentMapping Reference => mapping.Options.MappingFor(ReferenceDocumentType);

    /// <summary>The constraint, as in ADD CONSTRAINT name definition. Tenants refer only to documents of their own.</summary>
    internal string Definition()
    {
        var column = Identifiers.Quote(member.ColumnName);
        if (Reference.IsConjoined && !mapping.IsConjoined)
            throw new Exceptions.InvalidDocumentException($"{mapping.DocumentType.FullName} cannot refer to {ReferenceDocumentType.FullName}, whose ids are unique for each tenant only. Make both multi-tenanted, or none.");
        var (columns, keys) = Reference.IsConjoined ? ($"tenant_id, {column}", "tenant_id, id") : (column, "id");
        if (Reference.MovingColumn is { } moving)
            throw new Exceptions.InvalidDocumentException($"{mapping.DocumentType.FullName} cannot refer to {ReferenceDocumentType.FullName}, whose table is divided by {moving}: PostgreSQL can then not keep its ids unique.");
        var action = OnDelete switch
        {
            CascadeAction.Cascade => " ON DELETE CASCADE",
            CascadeAction.SetNull => $" ON DELETE SET NULL{(Reference.IsConjoined ? $" ({column})" : "")}",
            CascadeAction.SetDefault => " ON DELETE SET DEFAULT",
            CascadeAction.Restrict => " ON DELETE RESTRICT",
            _ => "",
        };
        return $"FOREIGN KEY ({columns}) REFERENCES {Reference.QualifiedTableName}({keys}){action}";
    }
}
