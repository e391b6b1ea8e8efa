using static ModularMonolith.Shelves.Copies.Copy;

namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfCheck
{
    public static bool IsOld(int years) =>
        years > YearsAtMost; // finds: module-references "" → ModularMonolith.Shelves.Copies.Copy.YearsAtMost
}
