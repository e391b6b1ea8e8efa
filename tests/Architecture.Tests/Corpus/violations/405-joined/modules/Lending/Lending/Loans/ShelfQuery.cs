namespace ModularMonolith.Lending.Loans;

internal static class ShelfQuery
{
    public static string Build(string column) => string.Join(' ', "select", column, "from", "shelves.mt_events"); // finds: sql-stays-in-its-schema "shelves"
}
