using Microsoft.Extensions.Configuration;
using ModularMonolith.Platform.Modules;
using ModularMonolith.Pricing.Taxes;

namespace ModularMonolith.Pricing;

/// <summary>The configuration section <c>pricing</c>.</summary>
/// <param name="PricesIncludeTax">Whether prices are meant with tax, as consumers see them; true unless configured.</param>
/// <param name="TaxRounding">Where tax is rounded.</param>
/// <param name="HomeCountry">The country whose tax counts while the destination is unknown, ISO 3166-1 alpha-2; null for none.</param>
/// <param name="ShippingTaxCategory">The tax category of delivering.</param>
/// <param name="TaxProvider">The service that knows the rates; null for the tax table.</param>
/// <param name="GuestSecret">The key of the hashes by which guests are told apart; null for one that follows from the secret of the database.</param>
internal sealed record PricingSettings(
    bool PricesIncludeTax, TaxRounding TaxRounding, string? HomeCountry, string ShippingTaxCategory, TaxProviderSettings? TaxProvider, string? GuestSecret = null)
{
    private const int ShortestSecret = 32;

    /// <exception cref="ModuleConfigurationException">A setting is out of its range.</exception>
    public static PricingSettings From(IConfiguration configuration)
    {
        var rounding = configuration.GetValue<string>("TaxRounding") ?? "line";
        var home = configuration.GetValue<string>("HomeCountry");
        return new PricingSettings(
            configuration.GetValue<bool?>("PricesIncludeTax") ?? true,
            rounding switch
            {
                "line" => TaxRounding.Line,
                "order" => TaxRounding.Order,
                _ => throw new ModuleConfigurationException($"pricing:TaxRounding is '{rounding}'. It is 'line' or 'order'."),
            },
            string.IsNullOrEmpty(home) || TaxRules.IsCountry(home)
                ? (string.IsNullOrEmpty(home) ? null : home)
                : throw new ModuleConfigurationException($"pricing:HomeCountry is '{home}'. A country is two upper-case letters as in ISO 3166-1, for example DE."),
            configuration.GetValue<string>("ShippingTaxCategory") ?? "shipping",
            ProviderFrom(configuration),
            configuration.GetValue<string>("GuestSecret") switch
            {
                null or "" => null,
                { Length: < ShortestSecret } => throw new ModuleConfigurationException($"pricing:GuestSecret is shorter than {ShortestSecret} characters. Make it a long random text, the same on every host."),
                var secret => secret,
            });
    }

    private static TaxProviderSettings? ProviderFrom(IConfiguration configuration)
    {
        if (configuration.GetValue<string>("TaxProvider:Address") is not { Length: > 0 } address)
        {
            return null;
        }

        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https"))
        {
            throw new ModuleConfigurationException($"pricing:TaxProvider:Address is '{address}'. It is an absolute http or https address.");
        }

        var seconds = configuration.GetValue<double?>("TaxProvider:DeadlineSeconds") ?? 2;
        if (seconds is not (>= 0.1 and <= 30))
        {
            throw new ModuleConfigurationException($"pricing:TaxProvider:DeadlineSeconds is {seconds}. It must be between 0.1 and 30.");
        }

        var onFailure = configuration.GetValue<string>("TaxProvider:OnFailure") ?? "refuse";
        return new TaxProviderSettings(uri, TimeSpan.FromSeconds(seconds), configuration.GetValue<string>("TaxProvider:Token"), onFailure switch
        {
            "refuse" => false,
            "table" => true,
            _ => throw new ModuleConfigurationException($"pricing:TaxProvider:OnFailure is '{onFailure}'. It is 'refuse' or 'table'."),
        });
    }
}

/// <summary>How the service that knows tax rates is reached.</summary>
/// <param name="Address">Where requests are sent.</param>
/// <param name="Deadline">How long an answer is waited for.</param>
/// <param name="Token">Sent as bearer token, if there is one.</param>
/// <param name="FallsBackToTable">Whether the tax table stands in while it does not answer; otherwise quotes are refused.</param>
internal sealed record TaxProviderSettings(Uri Address, TimeSpan Deadline, string? Token, bool FallsBackToTable);
