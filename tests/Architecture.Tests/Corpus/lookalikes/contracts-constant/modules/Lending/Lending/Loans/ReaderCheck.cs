using ModularMonolith.Readers.Contracts;

namespace ModularMonolith.Lending.Loans;

internal sealed class ReaderCheck
{
    public static bool IsTooMany(int count) => count > ReaderLimits.CopiesAtMost;

    public static string Name() => nameof(ReaderStanding.Owing) + nameof(ReaderView.Standing);

    public static int Default(int most = ReaderLimits.CopiesAtMost) => most;
}
