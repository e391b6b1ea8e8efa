namespace ModularMonolith.Lending.Loans;

internal static class ShelfQuery
{
    public const string Connection = "Host=db;Options=-c search_path=shelves"; // finds: sql-stays-in-its-schema "shelves"

    public const string Role = "alter role lending set search_path = shelves, lending"; // finds: sql-stays-in-its-schema "shelves"

    public const string Config = "select set_config('search_path', 'shelves', false)"; // finds: sql-stays-in-its-schema "shelves"

    public const string Schema = "set schema 'shelves'"; // finds: sql-stays-in-its-schema "shelves"
}
