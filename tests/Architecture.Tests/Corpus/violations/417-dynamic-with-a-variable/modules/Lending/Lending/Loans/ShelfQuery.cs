namespace ModularMonolith.Lending.Loans;

internal static class ShelfQuery
{
    public const string Block = """
        do $$
        declare
            stacks text := 'shelves';
        begin
            execute format('delete from %I.mt_events', stacks); -- finds: sql-stays-in-its-schema "shelves"
        end
        $$
        """;
}
