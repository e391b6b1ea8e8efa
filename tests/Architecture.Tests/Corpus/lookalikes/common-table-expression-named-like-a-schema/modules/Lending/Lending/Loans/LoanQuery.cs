namespace ModularMonolith.Lending.Loans;

internal sealed class LoanQuery
{
    public static string Count() => "with shelves as (select id from mt_doc_loan), readers(id) as materialized (select id from shelves) select readers.id from readers, shelves where shelves.id = readers.id";
}
