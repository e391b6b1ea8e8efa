using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfCheck
{
    public static (Copy? Copy, int Count) Find() => // finds: module-references "" → ModularMonolith.Shelves.Copies.Copy
        default;
}
