namespace ModularMonolith.Lending.Loans;

internal static class ShelfEvents
{
    public static bool IsWithdrawal(string name) => name == "shelves.copy-withdrawn";
}
