using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

internal static class ShelfCheck
{
    public static int Most() => ShelfNumbers.most; // finds: module-references ""
}
