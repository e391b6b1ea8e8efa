namespace ModularMonolith.Lending.Loans;

internal static class ShelfQuery
{
    public static string Build(Func<string, string> ask) => ask("shelves.mt_doc_copy"); // finds: sql-stays-in-its-schema "shelves"
}
