using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using ModularMonolith.Platform.Testing;

namespace ModularMonolith.Ordering.Tests;

public sealed class MetricsTests(OrderingHost ordering) : IClassFixture<OrderingHost>
{
    [Fact]
    public async Task Orders_and_revenue_are_counted_when_they_are_committed_and_dry_runs_are_not()
    {
        // Other hosts of this process count at the same time: only what is in a currency of this test's own is looked at.
        var revenue = new ConcurrentBag<double>();
        using var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Name == "modularmonolith.ordering.revenue")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((_, measurement, tags, _) =>
        {
            if (tags.ToArray().Any(static tag => tag is { Key: "currency", Value: "XTS" }))
            {
                revenue.Add(measurement);
            }
        });
        listener.Start();
        var variant = ordering.Shop.Sell(1_250, tracksInventory: false);
        ordering.Shop.Reprice(variant, 1_250, "XTS");
        var order = (await ordering.OrderAsync(await ordering.CheckoutAsync(new { basketId = ordering.Shop.Fill((variant, 2)), currency = "XTS" }))).Id;

        await ordering.PostAsync($"{OrderingHost.Orders}/{order}/mark-paid?dryRun=true", string.Empty);
        Assert.Empty(revenue);
        await ordering.PostAsync($"{OrderingHost.Orders}/{order}/mark-paid", string.Empty);

        await Eventually.TrueAsync(() => Task.FromResult(!revenue.IsEmpty));
        Assert.Equal([25.00], revenue);
    }
}
