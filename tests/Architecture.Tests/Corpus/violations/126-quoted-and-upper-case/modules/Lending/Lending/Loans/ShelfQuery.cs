namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfQuery
{
    public static string Quoted() => "update \"shelves\".\"mt_doc_copy\" set data = '{}'"; // finds: sql-stays-in-its-schema "shelves" → shelves.mt_doc_copy

    public static string Loud() => "SELECT COUNT(*) FROM SHELVES.MT_DOC_COPY"; // finds: sql-stays-in-its-schema "shelves" → shelves.mt_doc_copy
}
