namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfCheck
{
    public static int Years() =>
        Copy.YearsAtMost; // finds: module-references "copies the value or name of ModularMonolith.Shelves.Copies.Copy.YearsAtMost" → ModularMonolith.Shelves.Copies.Copy.YearsAtMost
}
