namespace ModularMonolith.Lending.Loans;

internal static class LoanNotes
{
    public static string Advice() => "Nobody may set search_path to shelves here.";

    public static string Query() => "select current_setting('search_path')";
}
