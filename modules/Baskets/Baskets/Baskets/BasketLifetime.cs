using Microsoft.Extensions.Configuration;
using ModularMonolith.Platform.Modules;

namespace ModularMonolith.Baskets.Baskets;

/// <summary>How long a basket lives after its last change: <c>baskets:ExpiryDays</c>, 1 to 3,650, 30 unless configured.</summary>
internal sealed record BasketLifetime(TimeSpan AfterLastChange)
{
    private const string Setting = "ExpiryDays";
    private const int DefaultDays = 30;
    private const int MaximumDays = 3650;

    /// <exception cref="ModuleConfigurationException">The setting is not a number of days in its range.</exception>
    public static BasketLifetime From(IConfiguration configuration)
    {
        var text = configuration[Setting];
        if (string.IsNullOrWhiteSpace(text))
        {
            return new BasketLifetime(TimeSpan.FromDays(DefaultDays));
        }

        return int.TryParse(text, out var days) && days is >= 1 and <= MaximumDays
            ? new BasketLifetime(TimeSpan.FromDays(days))
            : throw new ModuleConfigurationException($"baskets:{Setting} is '{text}'. Set it to a whole number of days from 1 to {MaximumDays}, or leave it out for {DefaultDays}.");
    }
}
