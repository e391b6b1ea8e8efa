namespace ModularMonolith.Architecture.Graph;

/// <summary>What kind of type it is.</summary>
public enum TypeKind
{
    /// <summary>A class, records included.</summary>
    Class,

    /// <summary>A struct.</summary>
    Struct,

    /// <summary>An interface.</summary>
    Interface,

    /// <summary>An enumeration.</summary>
    Enum,

    /// <summary>A delegate.</summary>
    Delegate,
}

/// <summary>A type that a person wrote.</summary>
/// <param name="Name">Its name; the arguments are empty.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Visibility">As written; a nested type may be hidden by the one around it.</param>
/// <param name="IsSealed">Whether nothing can derive from it.</param>
/// <param name="IsAbstract">Whether it is abstract; a static class is abstract and sealed.</param>
/// <param name="IsRecord">Whether it is a record.</param>
/// <param name="BaseType">What it derives from, with arguments; null for interfaces and object's direct heirs.</param>
/// <param name="Interfaces">The interfaces that the compiler lists for it, inherited ones of its own interfaces included, with arguments.</param>
/// <param name="Attributes">Its attributes.</param>
/// <param name="Members">Its members.</param>
/// <param name="Place">Where its declaration stands; the name, where the sources are there.</param>
public sealed record TypeFacts(
    TypeName Name, TypeKind Kind, Visibility Visibility, bool IsSealed, bool IsAbstract, bool IsRecord, TypeName? BaseType, IReadOnlyList<TypeName> Interfaces,
    IReadOnlyList<AttributeFacts> Attributes, IReadOnlyList<MemberFacts> Members, SourceSpan? Place)
{
    /// <summary>What its type parameters must be.</summary>
    public IReadOnlyList<TypeName> Constraints { get; init; } = [];

    /// <summary>Whether it stands inside another type.</summary>
    public bool IsNested => Name.FullName.Contains('/', StringComparison.Ordinal);

    /// <summary>Whether it has only static members.</summary>
    public bool IsStatic => IsAbstract && IsSealed;

    /// <summary>An attribute by its full name, or null.</summary>
    public AttributeFacts? Attribute(string fullName) => Attributes.FirstOrDefault(attribute => attribute.Type.FullName == fullName);

    /// <summary>The full name.</summary>
    public override string ToString() => Name.FullName;
}

/// <summary>What kind of member it is.</summary>
public enum MemberKind
{
    /// <summary>A method, operator or accessor.</summary>
    Method,

    /// <summary>A constructor.</summary>
    Constructor,

    /// <summary>The code that initialises static fields.</summary>
    StaticConstructor,

    /// <summary>A field.</summary>
    Field,

    /// <summary>A property; the code of its accessors is in the methods <c>get_…</c> and <c>set_…</c>.</summary>
    Property,
}

/// <summary>A member that a person wrote.</summary>
/// <param name="Name">Its name in the compiled code.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Visibility">Who can see it.</param>
/// <param name="Flags">What else is said of it.</param>
/// <param name="Type">The return type, or the type of the field or property; null for void.</param>
/// <param name="Parameters">The parameters of a method or constructor.</param>
/// <param name="Attributes">Its attributes.</param>
/// <param name="Uses">What its code uses, in the order of the code.</param>
/// <param name="Texts">The texts in its code: literals, and what is put together of literals. What is not known is <see cref="TextUse.Hole"/>.</param>
/// <param name="Place">Where it stands; null where neither symbols nor sources know.</param>
public sealed record MemberFacts(
    string Name, MemberKind Kind, Visibility Visibility, MemberFlags Flags, TypeName? Type, IReadOnlyList<ParameterFacts> Parameters, IReadOnlyList<AttributeFacts> Attributes,
    IReadOnlyList<Use> Uses, IReadOnlyList<TextUse> Texts, SourceSpan? Place)
{
    /// <summary>The name as the source has it: a property instead of its accessor, the type's name of a constructor is left to the caller.</summary>
    public string SourceName => Kind == MemberKind.Method && (Name.StartsWith("get_", StringComparison.Ordinal) || Name.StartsWith("set_", StringComparison.Ordinal)) ? Name[4..] : Name;

    /// <summary>Whether a flag is set.</summary>
    public bool Is(MemberFlags flag) => (Flags & flag) != 0;

    /// <summary>An attribute by its full name, or null.</summary>
    public AttributeFacts? Attribute(string fullName) => Attributes.FirstOrDefault(attribute => attribute.Type.FullName == fullName);
}

/// <summary>What is said of a member.</summary>
[Flags]
public enum MemberFlags
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>It belongs to the type and not to an instance.</summary>
    Static = 1,

    /// <summary>It has no body.</summary>
    Abstract = 2,

    /// <summary>A field that is set only by constructors.</summary>
    ReadOnly = 4,

    /// <summary>A field whose value the compiler copies.</summary>
    Constant = 8,

    /// <summary>An async method.</summary>
    Async = 16,

    /// <summary>A property that can be set after construction.</summary>
    Settable = 32,

    /// <summary>A property that can be set while an object is made.</summary>
    InitOnly = 64,

    /// <summary>It overrides an inherited member.</summary>
    Override = 128,

    /// <summary>A part of its types is <c>dynamic</c>.</summary>
    Dynamic = 256,

    /// <summary>The compiler wrote it: a field behind a property, an accessor without code.</summary>
    Generated = 512,

    /// <summary>It has no managed body: it is implemented elsewhere.</summary>
    External = 1024,

    /// <summary>A property whose type is an array; <see cref="MemberFacts.Type"/> is the type of its elements.</summary>
    Array = 2048,
}

/// <summary>A parameter.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="Attributes">Its attributes.</param>
public sealed record ParameterFacts(string Name, TypeName Type, IReadOnlyList<AttributeFacts> Attributes);

/// <summary>One use of something by a member's code.</summary>
/// <param name="Kind">How.</param>
/// <param name="Target">The type, with its arguments; for a call the type that declares the member.</param>
/// <param name="Member">The member that is called, or null.</param>
/// <param name="MemberArguments">The type arguments of a generic method.</param>
/// <param name="Texts">For a call, its arguments from first to last as far as they are known texts, else null for each; empty where none is.</param>
/// <param name="Span">The statement.</param>
public sealed record Use(EdgeKind Kind, TypeName Target, string? Member, IReadOnlyList<TypeName> MemberArguments, IReadOnlyList<string?> Texts, SourceSpan? Span)
{
    /// <summary>How many parameters the called method has, the instance left out; -1 for anything but a method.</summary>
    public int ParameterCount { get; init; } = -1;

    /// <summary>Whether a field, or an element of the array in it, is written, not read.</summary>
    public bool Writes { get; init; }

    /// <summary>Whether an instance is made.</summary>
    public bool Creates { get; init; }

    /// <summary>For GetResult of an awaiter: whether it is the compiler's await.</summary>
    public bool IsAwait { get; init; }

    /// <summary>Whether one of the called method's parameters is a TimeProvider.</summary>
    public bool TakesTimeProvider { get; init; }

    /// <summary>Whether the time that is given to the called method is zero: it looks, and does not wait.</summary>
    public bool Polls { get; init; }

    /// <summary>Whether the call is reflection that asks for members that are not public.</summary>
    public bool ReachesHidden { get; init; }
}
