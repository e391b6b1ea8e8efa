using Microsoft.Extensions.Configuration;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Modules;

namespace ModularMonolith.Catalog;

/// <summary>The configuration section <c>catalog</c>.</summary>
/// <param name="Currency">The currency of every price, ISO 4217; <c>EUR</c> unless configured.</param>
/// <param name="SampleProducts">How many products the sample data has; 1 to 100,000, 1,000 unless configured.</param>
internal sealed record CatalogSettings(string Currency, int SampleProducts)
{
    public static CatalogSettings From(IConfiguration configuration)
    {
        var currency = configuration["Currency"] ?? "EUR";
        if (!Money.IsCurrencyCode(currency))
        {
            throw new ModuleConfigurationException($"catalog:Currency is '{currency}'. A currency is three upper-case letters as in ISO 4217, for example EUR.");
        }

        var products = configuration.GetValue("SampleProducts", 1_000);
        return products is >= 1 and <= 100_000
            ? new CatalogSettings(currency, products)
            : throw new ModuleConfigurationException($"catalog:SampleProducts is {products}. It must be between 1 and 100,000; to start empty set SampleData:Enabled to false.");
    }
}
