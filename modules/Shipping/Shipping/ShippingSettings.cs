using System.Text;
using Microsoft.Extensions.Configuration;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Modules;

namespace ModularMonolith.Shipping;

/// <summary>What can be set.</summary>
/// <param name="Currency">The currency of shipping costs that are asked for without one.</param>
/// <param name="LabelDeadline">How long one request for a label may take; 1 to 120 seconds.</param>
/// <param name="CarrierSecret">The key of the carrier's signatures, at least 32 bytes; null when no carrier sends anything.</param>
internal sealed record ShippingSettings(string Currency, TimeSpan LabelDeadline, byte[]? CarrierSecret)
{
    private const int DefaultLabelSeconds = 15;
    private const int MaximumLabelSeconds = 120;
    private const int ShortestSecret = 32;

    public static ShippingSettings From(IConfiguration configuration)
    {
        var currency = configuration.GetValue<string>("Currency") ?? "EUR";
        if (!Money.IsCurrencyCode(currency))
        {
            throw new ModuleConfigurationException($"shipping:Currency is '{currency}'; it must be three upper-case letters as in ISO 4217, for example EUR.");
        }

        var seconds = configuration.GetValue("LabelSeconds", DefaultLabelSeconds);
        if (seconds is < 1 or > MaximumLabelSeconds)
        {
            throw new ModuleConfigurationException($"shipping:LabelSeconds is {seconds}; it must be between 1 and {MaximumLabelSeconds}.");
        }

        var secret = configuration.GetValue<string>("CarrierSecret") is { Length: > 0 } text ? Encoding.UTF8.GetBytes(text) : null;
        return secret is { Length: < ShortestSecret }
            ? throw new ModuleConfigurationException($"shipping:CarrierSecret is shorter than {ShortestSecret} characters. Agree upon a longer one with the carrier.")
            : new ShippingSettings(currency, TimeSpan.FromSeconds(seconds), secret);
    }
}
