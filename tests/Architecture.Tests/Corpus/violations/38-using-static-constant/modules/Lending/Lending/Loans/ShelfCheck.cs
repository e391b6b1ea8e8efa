using static ModularMonolith.Shelves.Copies.Copy;

namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfCheck
{
    public static bool IsOld(int years) =>
        years > YearsAtMost; // finds: module-references "copies the value or name of ModularMonolith.Shelves.Copies.Copy.YearsAtMost" → ModularMonolith.Shelves.Copies.Copy.YearsAtMost
}
