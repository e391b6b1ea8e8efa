namespace ModularMonolith.Lending.Loans;

internal static class ShelfQuery
{
    private static readonly string[] Statements =
    [
        "delete from loan",
        "delete from shelves.mt_doc_copy", // finds: sql-stays-in-its-schema "shelves"
    ];

    private static readonly Dictionary<string, string> ByName = new() // finds: no-static-mutable-state ""
    {
        ["count"] = "select count(*) from shelves.mt_streams", // finds: sql-stays-in-its-schema "shelves"
    };

    public static int Count => Statements.Length + ByName.Count;
}
