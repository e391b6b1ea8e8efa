namespace ModularMonolith.Lending.Loans;

internal sealed class LoanQuery
{
    public static string Path() => "select data #>> '{shelves,copy}', jsonb_path_query(data, '$.shelves.copy') from mt_doc_loan where data -> 'shelves' is not null";

    public static string Text() => "update mt_doc_loan set data = jsonb_set(data, '{note}', '\"from shelves.mt_doc_copy\"')";
}
