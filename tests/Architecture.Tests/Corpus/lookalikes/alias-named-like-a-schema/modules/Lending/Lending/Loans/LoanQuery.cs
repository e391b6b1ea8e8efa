namespace ModularMonolith.Lending.Loans;

internal sealed class LoanQuery
{
    public static string Count() => """
        select shelves.id, readers.total
        from mt_doc_loan as shelves
        join (select data ->> 'readerId' as id, count(*) as total from mt_doc_loan group by 1) readers on readers.id = shelves.data ->> 'readerId'
        where shelves.id > ?
        """;
}
