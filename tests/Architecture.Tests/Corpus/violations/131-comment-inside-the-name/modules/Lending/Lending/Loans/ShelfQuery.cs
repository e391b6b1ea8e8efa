namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfQuery
{
    public static string Hidden() => "truncate shelves /* ours, surely */ . mt_doc_copy"; // finds: sql-stays-in-its-schema "shelves" → shelves.mt_doc_copy
}
