namespace ModularMonolith.Lending.Loans;

internal static class LoanWords
{
    public static string Title() => new Copy("x").Title;
}

file sealed record Copy(string Title);
