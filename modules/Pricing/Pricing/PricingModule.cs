using Marten;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Modules;
using ModularMonolith.Platform.Security;
using ModularMonolith.Pricing.CustomerGroups;
using ModularMonolith.Pricing.PriceLists;
using ModularMonolith.Pricing.Prices;
using ModularMonolith.Pricing.Quotes;
using ModularMonolith.Pricing.Taxes;

namespace ModularMonolith.Pricing;

internal interface IPricingStore : IDocumentStore;

[Module("pricing", Owner = "team-pricing", Purpose = "What things cost and why: price lists, promotions, tax, and quotes that explain themselves.", DependsOn = ["catalog"])]
[Permission("pricing:manage", "Change price lists, customer groups, promotions, coupons and taxes.")]
[Permission("pricing:read", "See price lists, customer groups, promotions, coupons and taxes.")]
internal sealed partial class PricingModule : IModule
{
    public void Configure(ModuleBuilder module)
    {
        module
            .UseStore<IPricingStore>(static options =>
            {
                options.Schema.For<PriceList>().DocumentAlias("price_list").Index(list => list.CustomerGroup!);
                options.Schema.For<CustomerGroup>().DocumentAlias("customer_group");
                options.Schema.For<TaxZone>().DocumentAlias("tax_zone").Index(zone => zone.Country);
                options.Schema.For<TaxExemption>().DocumentAlias("tax_exemption").Index(exemption => exemption.Subject!).Index(exemption => exemption.CustomerGroup!);
                ConfigurePromotions(options);
            })
            .AddSchemaScript(RuleBook.Script)
            .AddSchemaScript(CustomerGroup.Script)
            .AddSchemaScript(PriceListTables.Script)
            .AddSampleData<SampleTaxes>();
        var settings = PricingSettings.From(module.Configuration);
        module.Services.AddSingleton(settings);
        module.Services.AddSingleton(provider => new PricingDatabase(provider.GetRequiredService<ModuleDataSources>().For(module.Descriptor)));
        module.Services.AddSingleton<RuleBook>();
        module.Services.AddSingleton<LowestPrices>();
        module.Services.AddSingleton<PriceLookup>();
        module.Services.AddSingleton<TaxExemptions>();
        module.Services.AddSingleton<QuoteEngine>();
        AddTaxProvider(module.Services, settings);
        ConfigurePromotions(module);
    }

    private static void AddTaxProvider(IServiceCollection services, PricingSettings settings)
    {
        services.AddSingleton<TaxTable>();
        if (settings.TaxProvider is not { } provider)
        {
            services.AddSingleton<ITaxProvider>(static host => host.GetRequiredService<TaxTable>());
            return;
        }

        services.AddSingleton<ITaxProvider>(host => new HttpTaxProvider(
            HttpTaxProvider.CreateClient(provider), provider, host.GetRequiredService<TaxTable>(), host.GetRequiredService<TimeProvider>(), host.GetRequiredService<ILogger<HttpTaxProvider>>()));
    }

    static partial void ConfigurePromotions(StoreOptions options);

    static partial void ConfigurePromotions(ModuleBuilder module);
}
