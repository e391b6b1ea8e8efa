namespace ModularMonolith.Lending.Tests;

public sealed class LoanTests
{
    private static int _count;

    public static DateTime Now() => DateTime.Now.AddDays(_count++);
}
