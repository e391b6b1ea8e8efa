using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfCheck
{
    public static string Field() =>
        nameof(Copy.Title); // finds: module-references "copies the value or name of ModularMonolith.Shelves.Copies.Copy.Title" → ModularMonolith.Shelves.Copies.Copy.Title
}
