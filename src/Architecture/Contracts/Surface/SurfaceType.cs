namespace ModularMonolith.Architecture.Contracts.Surface;

/// <summary>A public type of a Contracts assembly, as its line in the file says it.</summary>
/// <param name="Name">Without the namespace where it is the assembly's own; with the outer types' names and the type parameters.</param>
/// <param name="Kind"><c>class</c>, <c>record</c>, <c>struct</c>, <c>record struct</c>, <c>interface</c>, <c>enum</c> or <c>delegate</c>.</param>
/// <param name="Modifiers"><c>sealed</c>, <c>static</c>, <c>abstract</c>, <c>readonly</c>; with spaces between them.</param>
/// <param name="Attributes">As they are written, with brackets, sorted.</param>
/// <param name="Parameters">The positional ones of a record, in their order; null where there are none.</param>
/// <param name="Bases">The base class and the interfaces that no other one implies.</param>
/// <param name="Members">Everything else that is public, sorted.</param>
/// <param name="Constraints">What its type parameters have to be; empty where they may be anything.</param>
internal sealed record SurfaceType(
    string Name, string Kind, string Modifiers, IReadOnlyList<string> Attributes, IReadOnlyList<SurfaceParameter>? Parameters, IReadOnlyList<string> Bases, IReadOnlyList<SurfaceMember> Members,
    string Constraints = "")
{
    /// <summary>What values of the type consist of: positional parameters and settable properties.</summary>
    public IEnumerable<SurfaceParameter> Data => (Parameters ?? []).Concat(Members.Where(static member => member.Data is not null).Select(static member => member.Data!));

    /// <summary>The members that are no data.</summary>
    public IEnumerable<SurfaceMember> Code => Members.Where(static member => member.Data is null);
}

/// <summary>A part of a value.</summary>
/// <param name="Type">As in C#.</param>
/// <param name="Name">The name.</param>
/// <param name="Default">What it is when it is left out; null when it must be given. Of a property that need not be set: empty.</param>
internal sealed record SurfaceParameter(string Type, string Name, string? Default)
{
    /// <summary>Whether it may be null.</summary>
    public bool IsNullable => Type.EndsWith('?');

    /// <summary>The type without the question mark.</summary>
    public string BareType => Type.TrimEnd('?');

    /// <inheritdoc/>
    public override string ToString() => Default is { Length: > 0 } ? $"{Type} {Name} = {Default}" : $"{Type} {Name}";
}

/// <summary>A member that is no positional parameter.</summary>
/// <param name="Key">What makes it another one when it changes: the name and, of a method, the types of its parameters.</param>
/// <param name="Text">The line.</param>
/// <param name="Data">What it is of a value; null when it is none.</param>
/// <param name="Value">The value of a constant or of an enumeration's member.</param>
internal sealed record SurfaceMember(string Key, string Text, SurfaceParameter? Data = null, string? Value = null);
