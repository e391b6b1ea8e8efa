namespace ModularMonolith.Lending.Loans;

internal sealed class LoanQuery
{
    public static string Different() => "select shelves.id from mt_doc_loan shelves where shelves.data ->> 'a' is distinct from shelves.data ->> 'b' and trim(both 'x' from shelves.title) <> substring(shelves.note from 2)";
}
