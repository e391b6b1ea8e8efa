using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

internal static class ShelfCheck
{
    public static bool IsOld(int years) => years is > Copy.YearsAtMost; // finds: module-references ""
}
