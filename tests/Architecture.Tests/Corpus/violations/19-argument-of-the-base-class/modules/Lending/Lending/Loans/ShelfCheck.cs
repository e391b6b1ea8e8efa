namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfCheck : List<Shelves.Copies.CopyState>; // finds: module-references "" → ModularMonolith.Shelves.Copies.CopyState
