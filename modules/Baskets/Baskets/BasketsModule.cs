using Marten;
using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Baskets.Baskets;
using ModularMonolith.Platform.Modules;

namespace ModularMonolith.Baskets;

internal interface IBasketsStore : IDocumentStore;

[Module("baskets", Owner = "team-storefront", Purpose = "Guest baskets: what a customer is about to order, priced anew at every read.", DependsOn = ["catalog", "inventory", "pricing"])]
internal sealed class BasketsModule : IModule
{
    public void Configure(ModuleBuilder module)
    {
        module.Services.AddSingleton(BasketLifetime.From(module.Configuration));
        module.Services.AddScoped<OpenBaskets>();
        module.Services.AddScoped<Offers>();
        module
            // The column is not null and was read by the version before, which may still run beside this one.
            .UseStore<IBasketsStore>(static options => options.Schema.For<Basket>().Duplicate(basket => basket.ExpiresAt, configure: static _ => { }, notNull: true))
            .AddSchemaScript(ExpireBasket.TimersOfOlderBaskets);
    }
}
