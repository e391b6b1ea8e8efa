namespace ModularMonolith.Lending.Loans;

internal static class ShelfTables
{
    public const string Copies = "shelves.mt_doc_copy";
}
