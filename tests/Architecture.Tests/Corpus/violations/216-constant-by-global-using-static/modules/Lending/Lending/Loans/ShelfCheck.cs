namespace ModularMonolith.Lending.Loans;

internal static class ShelfCheck
{
    public static int Years() => YearsAtMost; // finds: module-references ""
}
