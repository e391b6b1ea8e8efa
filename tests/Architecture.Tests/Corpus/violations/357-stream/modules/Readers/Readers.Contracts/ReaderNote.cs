namespace ModularMonolith.Readers.Contracts;

/// <summary>Notes.</summary>
/// <param name="Content">What they say.</param>
public sealed record ReaderNotes(Stream Content); // finds: contracts-hold-no-behaviour ""
