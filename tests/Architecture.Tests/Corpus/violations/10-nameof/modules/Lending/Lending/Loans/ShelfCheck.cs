using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfCheck
{
    public static string Field() =>
        nameof(Copy.Title); // finds: module-references "" → ModularMonolith.Shelves.Copies.Copy.Title
}
