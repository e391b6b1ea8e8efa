namespace ModularMonolith.Lending.Loans;

internal static class ShelfQuery
{
    public const string Only = "select id from only shelves.mt_doc_copy"; // finds: sql-stays-in-its-schema "shelves"

    public const string Lateral = "select l.id from loan as l cross join lateral (select 1 from shelves.mt_doc_copy as c where c.id = l.id) as x"; // finds: sql-stays-in-its-schema "shelves"

    public const string With = "with gone as (delete from shelves.mt_doc_copy returning id) select id from gone"; // finds: sql-stays-in-its-schema "shelves"

    public const string Cursor = "declare c cursor for select id from shelves.mt_doc_copy"; // finds: sql-stays-in-its-schema "shelves"

    public const string Whole = "table shelves.mt_doc_copy"; // finds: sql-stays-in-its-schema "shelves"

    public const string Unicode = "select id from U&\"shelv\\0065s\".mt_doc_copy"; // finds: sql-stays-in-its-schema "shelves"
}
