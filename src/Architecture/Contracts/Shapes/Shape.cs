namespace ModularMonolith.Architecture.Contracts.Shapes;

/// <summary>The JSON of a module's events.</summary>
/// <param name="Events">By stored name.</param>
/// <param name="Types">The objects and enumerations that they consist of, by name.</param>
internal sealed record ShapeFile(IReadOnlyDictionary<string, EventShape> Events, IReadOnlyDictionary<string, TypeShape> Types)
{
    /// <summary>No events.</summary>
    public static readonly ShapeFile Empty = new(new Dictionary<string, EventShape>(), new Dictionary<string, TypeShape>());
}

/// <summary>An event as it is stored.</summary>
/// <param name="Type">The class's name, for people.</param>
/// <param name="Version">Of an integration event; null of a stored one, which has none.</param>
/// <param name="Upcasts">The versions that an upcaster lifts by one.</param>
/// <param name="Key">What its key is made of, as the compiled code says; null of a stored event.</param>
/// <param name="Members">What its JSON object has, by name.</param>
internal sealed record EventShape(string Type, int? Version, IReadOnlyList<int> Upcasts, string? Key, IReadOnlyDictionary<string, MemberShape> Members);

/// <summary>An object or an enumeration: one of the two is null.</summary>
/// <param name="Members">What the JSON object has, by name.</param>
/// <param name="Values">The texts that the enumeration is written as, sorted.</param>
/// <param name="Kinds">The objects that may stand for it, by the text in the JSON that tells them apart; null where there are none.</param>
internal sealed record TypeShape(IReadOnlyDictionary<string, MemberShape>? Members, IReadOnlyList<string>? Values, KindsShape? Kinds = null);

/// <summary>The derived types of an object.</summary>
/// <param name="Member">The member that tells them apart.</param>
/// <param name="Types">The names of the types by what stands in it.</param>
internal sealed record KindsShape(string Member, IReadOnlyDictionary<string, string> Types);

/// <summary>A member of a JSON object.</summary>
/// <param name="Type">How it is written: <c>uuid</c>, <c>StockLine[]</c>, <c>map&lt;int32&gt;</c>; without the question mark.</param>
/// <param name="IsNullable">Whether it may be null.</param>
/// <param name="Default">What it is when it is missing, beside null; null when there is nothing.</param>
/// <param name="IsRequired">It must be there although it may be null.</param>
/// <param name="IsComputed">It is written, and not read.</param>
internal sealed record MemberShape(string Type, bool IsNullable, string? Default = null, bool IsRequired = false, bool IsComputed = false)
{
    private const string Required = ", required";
    private const string Computed = ", computed";
    private const string Missing = " = ";

    /// <summary>Whether a payload without it is no whole one.</summary>
    public bool MustBeThere => !IsComputed && Default is null && (!IsNullable || IsRequired);

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    public static MemberShape Parse(string text)
    {
        var at = text.IndexOf(Missing, StringComparison.Ordinal);
        var value = at < 0 ? null : text[(at + Missing.Length)..];
        var rest = at < 0 ? text : text[..at];
        var isComputed = rest.EndsWith(Computed, StringComparison.Ordinal);
        var isRequired = rest.EndsWith(Required, StringComparison.Ordinal);
        rest = isComputed ? rest[..^Computed.Length] : isRequired ? rest[..^Required.Length] : rest;
        return rest.EndsWith('?') ? new MemberShape(rest[..^1], true, value, isRequired, isComputed) : new MemberShape(rest, false, value, isRequired, isComputed);
    }

    /// <inheritdoc/>
    public override string ToString() =>
        Type + (IsNullable ? "?" : string.Empty) + (IsComputed ? Computed : IsRequired ? Required : string.Empty) + (Default is null ? string.Empty : Missing + Default);
}
