namespace ModularMonolith.Lending.Loans;

internal static class ShelfQuery
{
    public static string Build(string table = "shelves.mt_doc_copy") => "select data from " + table; // finds: sql-stays-in-its-schema "shelves"
}
