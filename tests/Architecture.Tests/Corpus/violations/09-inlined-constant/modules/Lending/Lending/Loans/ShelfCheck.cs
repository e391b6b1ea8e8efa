using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfCheck
{
    public static bool IsOld(int years) =>
        years > Copy.YearsAtMost; // finds: module-references "copies the value or name of ModularMonolith.Shelves.Copies.Copy.YearsAtMost" → ModularMonolith.Shelves.Copies.Copy.YearsAtMost
}
