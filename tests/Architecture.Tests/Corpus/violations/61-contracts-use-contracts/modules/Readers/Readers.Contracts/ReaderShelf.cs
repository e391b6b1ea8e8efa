using ModularMonolith.Shelves.Contracts;

namespace ModularMonolith.Readers.Contracts;

/// <summary>What a reader has put aside.</summary>
/// <param name="Copies">The copies.</param>
public sealed record ReaderShelf(IReadOnlyList<CopyView> Copies); // finds: contract-references "" → ModularMonolith.Shelves.Contracts.CopyView
