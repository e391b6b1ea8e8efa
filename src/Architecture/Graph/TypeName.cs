namespace ModularMonolith.Architecture.Graph;

/// <summary>The name of a type as the compiler refers to it. Arrays, pointers and references stand for their elements.</summary>
/// <param name="Assembly">The simple name of the assembly that the reference points to; empty for a type parameter.</param>
/// <param name="FullName">Namespace and name; nested types follow their outer one behind a slash, generic ones have their arity behind a back-tick: <c>System.Collections.Generic.List`1</c>.</param>
/// <param name="Arguments">The type arguments of a constructed generic type.</param>
public sealed record TypeName(string Assembly, string FullName, IReadOnlyList<TypeName> Arguments)
{
    /// <summary>The name without namespace, outer types and arity.</summary>
    public string Name => field ??= SimpleName(FullName);

    /// <summary>The namespace; that of the outermost type for a nested one.</summary>
    public string Namespace => field ??= NamespaceOf(FullName);

    /// <summary>Whether it is a parameter of the generic type or method around it.</summary>
    public bool IsParameter => Assembly.Length == 0;

    /// <summary>The type and, recursively, its arguments.</summary>
    public IEnumerable<TypeName> Flatten() => Arguments.Count == 0 ? [this] : Arguments.SelectMany(static argument => argument.Flatten()).Prepend(this);

    /// <summary>The type as C# writes it, without namespaces.</summary>
    public override string ToString() => Arguments.Count == 0 ? Name : $"{Name}<{string.Join(", ", Arguments)}>";

    /// <inheritdoc/>
    public bool Equals(TypeName? other) =>
        other is not null && (ReferenceEquals(this, other) || (FullName == other.FullName && Assembly == other.Assembly && Arguments.SequenceEqual(other.Arguments)));

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Assembly, FullName, Arguments.Count);

    internal static string SimpleName(string fullName)
    {
        var name = fullName[(fullName.LastIndexOfAny(['.', '/']) + 1)..];
        return name.IndexOf('`', StringComparison.Ordinal) is > 0 and var arity ? name[..arity] : name;
    }

    internal static string NamespaceOf(string fullName)
    {
        var outer = fullName.IndexOf('/', StringComparison.Ordinal) is > 0 and var nested ? fullName[..nested] : fullName;
        return outer.LastIndexOf('.') is > 0 and var end ? outer[..end] : string.Empty;
    }
}
