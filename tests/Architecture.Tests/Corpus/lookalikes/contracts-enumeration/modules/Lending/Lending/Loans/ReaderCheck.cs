using ModularMonolith.Readers.Contracts;

namespace ModularMonolith.Lending.Loans;

internal sealed class ReaderCheck
{
    public static string Describe(ReaderStanding standing) => standing switch
    {
        ReaderStanding.Good => "good",
        ReaderStanding.Owing => "owing",
        _ => "unknown",
    };
}
