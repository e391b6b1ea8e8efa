using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

internal delegate bool ShelfCheck(Copy copy); // finds: module-references "" → ModularMonolith.Shelves.Copies.Copy
