namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfQuery
{
    private const string Schema = "shelves";

    public static string Build(Guid id)
    {
        var table = $"{Schema}.mt_doc_copy";
        return $"select data from {table} where id = '{id}'"; // finds: sql-stays-in-its-schema "shelves" → shelves.mt_doc_copy
    }
}
