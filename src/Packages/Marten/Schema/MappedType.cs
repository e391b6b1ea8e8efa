namespace Marten.Schema;

/// <summary>A type of a hierarchy with its name in the column mt_doc_type.</summary>
public class MappedType
{
    /// <summary>Names a type.</summary>
    /// <param name="type">The type.</param>
    /// <param name="alias">Its name; null for the type's name in snake case.</param>
    public MappedType(Type type, string? alias = null)
    {
        Type = type;
        Alias = alias;
    }

    /// <summary>The type.</summary>
    public Type Type { get; }

    /// <summary>Its name; null for the type's name in snake case.</summary>
    public string? Alias { get; }

    /// <summary>Names a type by itself.</summary>
    public static implicit operator MappedType(Type type) => new(type);
}
