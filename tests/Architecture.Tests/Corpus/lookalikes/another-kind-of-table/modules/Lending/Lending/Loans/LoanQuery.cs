namespace ModularMonolith.Lending.Loans;

internal sealed class LoanQuery
{
    public static string Own(string suffix) => $"select id from mt_doc_loan{suffix} where extract(epoch from created.at) > 0 and exists (select from unnest(?) as created(at))";

    public static string Lock() => "lock table mt_doc_loan in share mode; select nextval('loan_number'); copy mt_doc_loan (id) from stdin (format binary)";
}
