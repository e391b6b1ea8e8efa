using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfCheck
{
    public static int Count(Copy[] copies) // finds: module-references "uses ModularMonolith.Shelves.Copies.Copy" → ModularMonolith.Shelves.Copies.Copy
    {
        return copies.Length;
    }
}
