using Microsoft.Extensions.Configuration;

namespace ModularMonolith.Lending;

/// <summary>What can be set.</summary>
/// <param name="Time">How long a copy may be kept.</param>
internal sealed record LendingSettings(TimeSpan Time)
{
    public static LendingSettings From(IConfiguration configuration) => new(TimeSpan.FromDays(configuration.GetValue("LoanDays", 28)));
}
