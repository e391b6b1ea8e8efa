namespace ModularMonolith.Lending.Loans;

internal static class ShelfCheck
{
    public static int Years() => ShelfCopy.YearsAtMost; // finds: module-references ""
}
