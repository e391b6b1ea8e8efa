using Marten;
using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Baskets.Baskets;
using ModularMonolith.Platform.Modules;

namespace ModularMonolith.Baskets;

internal interface IBasketsStore : IDocumentStore;

[Module("baskets", Owner = "team-storefront", Purpose = "Guest baskets: what a customer is about to order, priced by the catalogue at every read.", DependsOn = ["catalog", "inventory"])]
internal sealed class BasketsModule : IModule
{
    private static readonly TimeSpan SweepPeriod = TimeSpan.FromMinutes(1);

    public void Configure(ModuleBuilder module)
    {
        module.Services.AddSingleton(BasketLifetime.From(module.Configuration));
        module.Services.AddScoped<OpenBaskets>();
        module.Services.AddScoped<Offers>();
        module
            .UseStore<IBasketsStore>(static options => options.Schema.For<Basket>().Duplicate(basket => basket.ExpiresAt, configure: static _ => { }, notNull: true))
            .AddRecurring<DeleteExpiredBaskets>(SweepPeriod);
    }
}
