namespace ModularMonolith.Lending.Loans;

internal static class ShelfCheck
{
    public static int Years() => Copy.YearsAtMost; // finds: module-references ""
}
