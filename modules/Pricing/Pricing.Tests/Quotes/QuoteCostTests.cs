using System.Diagnostics;
using ModularMonolith.Pricing.Contracts;

namespace ModularMonolith.Pricing.Tests.Quotes;

/// <summary>How often a quote asks the database. The host is a test's own, because groups and lists of other tests would count.</summary>
public sealed class QuoteCostTests
{
    [Fact]
    public async Task A_quote_asks_the_database_only_for_what_there_can_be()
    {
        var shop = new PricingHost();
        await shop.InitializeAsync();
        try
        {
            var (variant, reduced) = (shop.Sell(1_000), shop.Sell(800, compareAt: 1_000));
            GetPrices prices = new("EUR", "customer", [new PricedVariant(variant.VariantId, 1, variant.Price)]);

            Assert.Equal(0, await TripsAsync(() => shop.QuoteAsync("EUR", [PricingHost.Item(variant)], new QuoteDestination("DE"), "customer")));
            Assert.Equal(0, await TripsAsync(() => shop.Host.SendAsync(prices)));

            await shop.CreateAsync("/tax-zones", new { code = "de", title = "Germany", country = "DE", rates = new[] { new { tax = "vat", name = "VAT", rate = 0.19 } } });
            Assert.Equal(0, await TripsAsync(() => shop.QuoteAsync("EUR", [PricingHost.Item(variant)], new QuoteDestination("DE"), "customer")));
            Assert.Equal(1, await TripsAsync(() => shop.QuoteAsync("EUR", [PricingHost.Item(variant), PricingHost.Item(reduced)], new QuoteDestination("DE"), "customer")));

            await shop.CreateListAsync("EUR", [(variant.VariantId, 900, 1)]);
            Assert.Equal(1, await TripsAsync(() => shop.Host.SendAsync(prices)));
            await shop.CreateGroupAsync("customer");
            Assert.Equal(2, await TripsAsync(() => shop.QuoteAsync("EUR", [PricingHost.Item(variant)], new QuoteDestination("DE"), "customer")));
            Assert.Equal(1, await TripsAsync(() => shop.QuoteAsync("EUR", [PricingHost.Item(variant)], new QuoteDestination("DE"))));
        }
        finally
        {
            await shop.DisposeAsync();
        }
    }

    // What is set up is looked after once a second, which may fall into any of the tries.
    private static async Task<int> TripsAsync(Func<Task> request)
    {
        var fewest = int.MaxValue;
        for (var attempt = 0; attempt < 3; attempt++)
        {
            fewest = Math.Min(fewest, await CountAsync(request));
        }

        return fewest;
    }

    private static async Task<int> CountAsync(Func<Task> request)
    {
        using var source = new ActivitySource(nameof(QuoteCostTests));
        var trips = 0;
        var trace = default(ActivityTraceId);
        using var listener = new ActivityListener
        {
            ShouldListenTo = candidate => candidate.Name == "Npgsql" || candidate == source,
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.Source.Name == "Npgsql" && activity.TraceId == trace)
                {
                    Interlocked.Increment(ref trips);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        using (var root = source.StartActivity("request")!)
        {
            trace = root.TraceId;
            await request();
        }

        return trips;
    }
}
