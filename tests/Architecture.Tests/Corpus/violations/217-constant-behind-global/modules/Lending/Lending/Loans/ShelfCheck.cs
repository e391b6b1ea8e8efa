namespace ModularMonolith.Lending.Loans;

internal static class ShelfCheck
{
    public static int Years() => global::ModularMonolith.Shelves.Copies.Copy.YearsAtMost; // finds: module-references ""
}
