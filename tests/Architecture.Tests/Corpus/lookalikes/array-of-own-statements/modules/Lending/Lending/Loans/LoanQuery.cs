namespace ModularMonolith.Lending.Loans;

internal static class LoanQuery
{
    private static readonly string Table = "mt_doc_loan";

    public static string Build(string column, int most) => "select " + column + " from " + Table + " where data ->> 'shelves' is null limit " + most + " offset 0";

    public static string Joined() => string.Join(", ", "shelves", "readers", "lending");
}
