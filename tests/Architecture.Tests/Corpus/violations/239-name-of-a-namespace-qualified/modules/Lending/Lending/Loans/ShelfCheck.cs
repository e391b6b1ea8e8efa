namespace ModularMonolith.Lending.Loans;

internal static class ShelfCheck
{
    public static string Word() => nameof(Shelves.Copies.Copy); // finds: module-references ""
}
