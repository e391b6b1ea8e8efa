namespace ModularMonolith.Architecture.Graph;

/// <summary>A text in a member's code.</summary>
/// <param name="Text">The text.</param>
/// <param name="Span">The statement.</param>
public sealed record TextUse(string Text, SourceSpan? Span)
{
    /// <summary>Stands in a text for a part that only the running program knows.</summary>
    public const char Hole = '\uFFFC';
}
