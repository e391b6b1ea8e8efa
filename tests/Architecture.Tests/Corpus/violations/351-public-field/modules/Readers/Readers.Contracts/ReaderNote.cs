namespace ModularMonolith.Readers.Contracts;

/// <summary>A note.</summary>
public sealed class ReaderNote
{
    /// <summary>What it says.</summary>
    public string Text = string.Empty; // finds: contracts-hold-no-behaviour ""
}
