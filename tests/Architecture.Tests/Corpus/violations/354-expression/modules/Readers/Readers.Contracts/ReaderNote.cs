namespace ModularMonolith.Readers.Contracts;

/// <summary>Notes.</summary>
/// <param name="Where">Which.</param>
public sealed record ReaderNotes(System.Linq.Expressions.Expression<Func<int, bool>> Where); // finds: contracts-hold-no-behaviour ""
