namespace ModularMonolith.Lending.Loans;

internal sealed class LoanQuery
{
    public static string Exists() => "select exists (select from information_schema.tables where table_schema = current_schema() and table_name = 'mt_doc_loan')";

    public static string Size() => "select pg_catalog.pg_total_relation_size('mt_doc_loan'::regclass)";
}
