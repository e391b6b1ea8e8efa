namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfCheck
{
    public static int Years() =>
        Copy.YearsAtMost; // finds: module-references "" → ModularMonolith.Shelves.Copies.Copy.YearsAtMost
}
