namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfCheck : List<Shelves.Copies.CopyState>; // finds: module-references "uses ModularMonolith.Shelves.Copies.CopyState as a type argument" → ModularMonolith.Shelves.Copies.CopyState
