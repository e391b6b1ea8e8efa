namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfQuery
{
    public static string Enter() => "set local search_path to lending, shelves"; // finds: sql-stays-in-its-schema "shelves"
}
