using static ModularMonolith.Lending.Loans.LoanNumbers;

namespace ModularMonolith.Lending.Loans;

internal static class LoanNumbers
{
    public const int YearsAtMost = 4;
}

internal static class LoanLimits
{
    public static bool IsOld(int years) => years > YearsAtMost;
}
