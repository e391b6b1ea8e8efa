using Microsoft.Extensions.Configuration;

namespace ModularMonolith.Lending;

/// <summary>What can be set.</summary>
/// <param name="Time">How long a copy may be kept.</param>
/// <param name="Renewals">How often.</param>
internal sealed record LendingSettings(TimeSpan Time, int Renewals)
{
    public static LendingSettings From(IConfiguration configuration) => new( // finds: settings-are-documented "reads 'Renewals', which docs/configuration.md does not name"
        TimeSpan.FromDays(configuration.GetValue("LoanDays", 28)),
        configuration.GetValue("Renewals", 2));
}
