using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

internal static unsafe class ShelfCheck
{
    public static int Size() => sizeof(ShelfMark); // finds: module-references ""
}
