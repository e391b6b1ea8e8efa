namespace ModularMonolith.Lending.Loans;

internal static class ShelfQuery
{
    public static string Build(string column, string table, int most) => "select " + column + " from shelves." + table + " where seq < " + most + " order by seq"; // finds: sql-stays-in-its-schema "shelves"
}
