using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

internal static class ShelfCheck
{
    public static bool IsCopy(object thing) => thing is Copy; // finds: module-references ""

    public static object? AsCopy(object thing) => thing as Copy; // finds: module-references ""
}
