using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfCheck
{
    public static int Count(Copy[] copies) // finds: module-references "" → ModularMonolith.Shelves.Copies.Copy
    {
        return copies.Length;
    }
}
