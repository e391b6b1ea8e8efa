namespace ModularMonolith.Lending.Loans;

internal sealed class LoanOrder(IComparer<string> order)
{
    public static LoanOrder Default { get; } = new(StringComparer.Ordinal);

    public int Compare(string one, string other) => order.Compare(one, other);
}
