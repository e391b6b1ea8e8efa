namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfQuery
{
    public static string Exists() => "select to_regclass('shelves.mt_doc_copy') is not null"; // finds: sql-stays-in-its-schema "shelves" → shelves.mt_doc_copy

    public static string Cast() => "select 'shelves.mt_doc_copy'::regclass::oid"; // finds: sql-stays-in-its-schema "shelves" → shelves.mt_doc_copy
}
