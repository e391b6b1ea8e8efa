namespace ModularMonolith.Lending.Loans;

internal static class ShelfQuery
{
    public const string Trigger = "create trigger lent after insert on shelves.mt_doc_copy for each row execute function note()"; // finds: sql-stays-in-its-schema "shelves"

    public const string Key = "alter table loan add constraint loan_copy foreign key (copy_id) references shelves.mt_doc_copy (id)"; // finds: sql-stays-in-its-schema "shelves"

    public const string Copy = "copy shelves.mt_doc_copy (id) from stdin (format binary)"; // finds: sql-stays-in-its-schema "shelves"

    public const string Merge = "merge into shelves.mt_doc_copy as c using loan on loan.copy_id = c.id when matched then delete"; // finds: sql-stays-in-its-schema "shelves"

    public const string Sequence = "select nextval('shelves.mt_events_sequence')"; // finds: sql-stays-in-its-schema "shelves"

    public const string Function = "select shelves.mt_upsert_copy($1, $2)"; // finds: sql-stays-in-its-schema "shelves"
}
