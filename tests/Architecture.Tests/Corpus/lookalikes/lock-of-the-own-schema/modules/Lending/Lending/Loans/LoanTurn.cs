namespace ModularMonolith.Lending.Loans;

internal static class LoanTurn
{
    public static string Take() => "select pg_advisory_xact_lock(hashtextextended(current_schema() || '.turn', 0))";
}
