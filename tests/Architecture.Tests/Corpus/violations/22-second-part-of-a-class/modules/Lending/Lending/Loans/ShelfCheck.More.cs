using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

internal sealed partial class ShelfCheck
{
    public static object Harmful() =>
        new Copy(); // finds: module-references "" → ModularMonolith.Shelves.Copies.Copy
}
