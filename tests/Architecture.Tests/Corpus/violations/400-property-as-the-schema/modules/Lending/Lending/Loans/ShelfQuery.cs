namespace ModularMonolith.Lending.Loans;

internal static class ShelfQuery
{
    private static string Schema => "shelves";

    public static string Build() => $"select data from {Schema}.mt_events"; // finds: sql-stays-in-its-schema "shelves"
}
