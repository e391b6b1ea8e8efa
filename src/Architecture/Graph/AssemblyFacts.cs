namespace ModularMonolith.Architecture.Graph;

/// <summary>What one compiled assembly says, with the places in the sources that its symbols know.</summary>
/// <param name="Name">The simple name.</param>
/// <param name="References">The simple names of the assemblies that its code uses; a project reference that is not used is not among them.</param>
/// <param name="Attributes">Those of the assembly itself.</param>
/// <param name="Types">The types that a person wrote; what the compiler makes of lambdas, iterators and async methods is a part of the member around it.</param>
public sealed record AssemblyFacts(string Name, IReadOnlyList<string> References, IReadOnlyList<AttributeFacts> Attributes, IReadOnlyList<TypeFacts> Types);

/// <summary>An attribute with its arguments as text.</summary>
/// <param name="Type">The attribute's type.</param>
/// <param name="Arguments">The constructor's arguments in their order: text, numbers in invariant form, full names of types; those of an array one by one.</param>
/// <param name="Named">The named arguments; several values of one array stand under the same name.</param>
/// <param name="Types">The types among the arguments.</param>
public sealed record AttributeFacts(TypeName Type, IReadOnlyList<string> Arguments, IReadOnlyList<KeyValuePair<string, string>> Named, IReadOnlyList<TypeName> Types)
{
    /// <summary>The value of a named argument, or null.</summary>
    public string? this[string name] => Named.FirstOrDefault(pair => pair.Key == name).Value;

    /// <summary>All values of a named argument that is an array.</summary>
    public IEnumerable<string> All(string name) => Named.Where(pair => pair.Key == name).Select(static pair => pair.Value);
}

/// <summary>Who can see a type or a member.</summary>
public enum Visibility
{
    /// <summary>Only the type around it.</summary>
    Private,

    /// <summary>The assembly (and for <c>private protected</c>, types in it that derive).</summary>
    Internal,

    /// <summary>Types that derive, in any assembly.</summary>
    Protected,

    /// <summary>Everybody.</summary>
    Public,
}
