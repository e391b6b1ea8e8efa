namespace ModularMonolith.Lending.Loans;

internal static class ShelfTables
{
    public const string Copies = "shelves.mt_doc_copy"; // finds: sql-stays-in-its-schema "names the table shelves.mt_doc_copy in a text"
}
