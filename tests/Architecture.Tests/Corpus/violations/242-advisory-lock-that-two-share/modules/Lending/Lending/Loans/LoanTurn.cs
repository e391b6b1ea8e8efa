namespace ModularMonolith.Lending.Loans;

internal static class LoanTurn
{
    public const string Lock = "select pg_advisory_xact_lock(4711)";

    public static string Take() => "select pg_advisory_xact_lock(hashtext('night-work'))"; // finds: files-are-own "uses the file or lock 'night-work', which Readers uses too"
}
