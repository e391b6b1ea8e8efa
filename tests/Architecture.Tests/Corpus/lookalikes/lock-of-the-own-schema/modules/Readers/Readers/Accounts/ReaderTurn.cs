namespace ModularMonolith.Readers.Accounts;

internal static class ReaderTurn
{
    public static string Take() => "select pg_advisory_xact_lock(hashtextextended(current_schema() || '.turn', 0))";

    public static string Hint() => "Listen to readers";
}
