using Marten;
using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Platform.Modules;
using ModularMonolith.Pricing.Coupons;
using ModularMonolith.Pricing.Promotions;
using ModularMonolith.Pricing.Quotes;
using ModularMonolith.Pricing.Redemptions;

namespace ModularMonolith.Pricing;

internal sealed partial class PricingModule
{
    static partial void ConfigurePromotions(StoreOptions options) =>
        // The list goes by id within a status: with the id in the index a page costs the same wherever it lies.
        options.Schema.For<Promotion>().DocumentAlias("promotion").Index([promotion => promotion.Status, promotion => promotion.Id]);

    static partial void ConfigurePromotions(ModuleBuilder module)
    {
        module
            .AddSchemaScript(PromotionTables.Script)
            .AddSchemaScript(CouponTables.Script)
            .AddSchemaScript(RedemptionTables.Script)
            .AddRecurring<ReleaseExpiredRedemptions>(ReleaseExpiredRedemptions.Name, ReleaseExpiredRedemptions.EveryMinute)
            .AddSampleData<SamplePromotion>();
        module.Services.AddSingleton<PromotionCache>();
        module.Services.AddSingleton<CouponCache>();
        module.Services.AddSingleton<UsageCache>();
        module.Services.AddSingleton<GuestIdentity>();
        module.Services.AddSingleton<RedemptionLimits>();
        module.Services.AddSingleton<IPromotionEngine, PromotionEngine>();
        module.Services.AddSingleton<IPromotionSource, PromotionSource>();
    }
}
