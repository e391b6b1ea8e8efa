namespace ModularMonolith.Lending.Loans;

internal static class ShelfQuery
{
    public static string Build()
    {
        return $"select data from {Schema()}.mt_events"; // finds: sql-stays-in-its-schema "shelves"

        static string Schema() => "shelves";
    }
}
