using ModularMonolith.Shelves.Contracts;

namespace ModularMonolith.Readers.Contracts;

/// <summary>What a reader has put aside.</summary>
/// <param name="Copies">The copies.</param>
public sealed record ReaderShelf(IReadOnlyList<CopyView> Copies); // finds: contract-references "uses ModularMonolith.Shelves.Contracts.CopyView as a type argument" → ModularMonolith.Shelves.Contracts.CopyView
