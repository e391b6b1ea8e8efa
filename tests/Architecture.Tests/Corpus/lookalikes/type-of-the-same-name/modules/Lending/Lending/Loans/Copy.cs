namespace ModularMonolith.Lending.Loans;

/// <summary>A copy as Lending sees it.</summary>
internal sealed record Copy(Guid Id, string Title)
{
    public const int YearsAtMost = 3;

    public static string Field => nameof(Title);

    public static bool IsOld(int years) => years > Copy.YearsAtMost;
}
