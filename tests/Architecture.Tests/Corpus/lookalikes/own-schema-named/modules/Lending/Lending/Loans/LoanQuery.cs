namespace ModularMonolith.Lending.Loans;

internal sealed class LoanQuery
{
    public static string Count() => "select count(*) from lending.mt_doc_loan";

    public static string Check() => "select to_regclass('lending.mt_doc_loan')";
}
