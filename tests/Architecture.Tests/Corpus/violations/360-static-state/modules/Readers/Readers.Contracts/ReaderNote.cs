namespace ModularMonolith.Readers.Contracts;

/// <summary>Notes.</summary>
public static class ReaderNotes
{
    /// <summary>The last one.</summary>
    public static string Last { get; set; } = string.Empty; // finds: no-static-mutable-state ""; contracts-hold-no-behaviour ""
}
