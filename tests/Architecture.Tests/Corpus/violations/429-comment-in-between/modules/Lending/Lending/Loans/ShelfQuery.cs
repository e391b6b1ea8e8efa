namespace ModularMonolith.Lending.Loans;

internal static class ShelfQuery
{
    public const string Statement = """
        select id
        from -- the copies
             shelves /* our neighbours */ . mt_doc_copy -- finds: sql-stays-in-its-schema "shelves"
        """;
}
