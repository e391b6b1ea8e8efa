using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

internal delegate bool ShelfCheck(Copy copy); // finds: module-references "uses ModularMonolith.Shelves.Copies.Copy" → ModularMonolith.Shelves.Copies.Copy
