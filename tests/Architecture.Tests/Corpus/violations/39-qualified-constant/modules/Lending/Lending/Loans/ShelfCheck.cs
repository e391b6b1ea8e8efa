namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfCheck
{
    public static bool IsOld(int years) =>
        years > ModularMonolith.Shelves.Copies.Copy.YearsAtMost; // finds: module-references "" → ModularMonolith.Shelves.Copies.Copy.YearsAtMost
}
