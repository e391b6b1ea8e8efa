namespace ModularMonolith.Lending.Loans;

internal static class ShelfQuery
{
    public static string Build(bool isAll) => isAll switch
    {
        true => "select id from shelves.mt_doc_copy", // finds: sql-stays-in-its-schema "shelves"
        false => "select 1",
    };
}
