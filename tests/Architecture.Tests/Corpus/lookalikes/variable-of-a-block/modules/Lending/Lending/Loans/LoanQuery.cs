namespace ModularMonolith.Lending.Loans;

internal static class LoanQuery
{
    public const string Block = """
        do $$
        declare
            word text := 'shelves';
        begin
            execute format('update mt_doc_loan set data = data - %L', word);
        end
        $$
        """;
}
