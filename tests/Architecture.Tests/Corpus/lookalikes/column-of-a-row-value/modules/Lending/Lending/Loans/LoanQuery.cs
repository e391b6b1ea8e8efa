namespace ModularMonolith.Lending.Loans;

internal sealed class LoanQuery
{
    public static string Rows() => "select (shelves).id, shelves.*, count(shelves.id) over () from mt_doc_loan shelves order by shelves.id";

    public static string Change() => "update mt_doc_loan as readers set data = readers.data from (values (1)) as shelves(id) where readers.id = shelves.id";
}
