namespace ModularMonolith.Readers.Accounts;

/// <summary>A name.</summary>
public sealed class ReaderName // finds: module-types-are-internal "is public"
{
    /// <summary>The text.</summary>
    public string Text { get; init; } = string.Empty;
}
