namespace ModularMonolith.Lending.Loans;

internal static class ShelfQuery
{
    public const string Usage = "grant usage on schema shelves to lending"; // finds: sql-stays-in-its-schema "shelves"

    public const string Default = "alter default privileges in schema shelves grant select on tables to lending"; // finds: sql-stays-in-its-schema "shelves"

    public const string Move = "alter table loan set schema shelves"; // finds: sql-stays-in-its-schema "shelves"

    public const string Policy = "create policy all_of_it on shelves.mt_doc_copy using (true)"; // finds: sql-stays-in-its-schema "shelves"
}
