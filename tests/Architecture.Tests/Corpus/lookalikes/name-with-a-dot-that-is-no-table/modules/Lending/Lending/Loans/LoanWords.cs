namespace ModularMonolith.Lending.Loans;

internal static class LoanWords
{
    public const string Key = "shelves.title";

    public static string Say(string key = "shelves.open") => key + Key;
}
