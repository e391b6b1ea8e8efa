using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

internal sealed record ShelfCheck(Guid Id, Copy Copy); // finds: module-references "uses ModularMonolith.Shelves.Copies.Copy" → ModularMonolith.Shelves.Copies.Copy
