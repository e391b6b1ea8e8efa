namespace ModularMonolith.Lending.Loans;

internal static class ShelfQuery
{
    private static readonly string Schema = "shelves";
    private static readonly string Table = Schema + ".mt_events"; // finds: sql-stays-in-its-schema "shelves"

    public static string Build() => "select data from " + Table; // finds: sql-stays-in-its-schema "shelves"
}
