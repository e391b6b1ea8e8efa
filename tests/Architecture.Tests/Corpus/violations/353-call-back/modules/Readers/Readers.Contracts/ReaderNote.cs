namespace ModularMonolith.Readers.Contracts;

/// <summary>Notes.</summary>
/// <param name="Tell">Who is told.</param>
public sealed record ReaderNotes(Func<string, bool> Tell); // finds: contracts-hold-no-behaviour ""
