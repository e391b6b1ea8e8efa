namespace ModularMonolith.Lending.Loans;

internal static class ReaderCheck
{
    public static bool IsMany(int copies) => copies > CopiesAtMost && Standing.Good == 0;
}
