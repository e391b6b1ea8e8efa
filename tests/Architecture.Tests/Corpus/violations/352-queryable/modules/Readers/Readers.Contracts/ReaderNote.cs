namespace ModularMonolith.Readers.Contracts;

/// <summary>Notes.</summary>
/// <param name="Notes">All of them.</param>
public sealed record ReaderNotes(IQueryable<string> Notes); // finds: contracts-hold-no-behaviour ""
