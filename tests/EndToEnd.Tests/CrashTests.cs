namespace ModularMonolith.EndToEnd.Tests;

/// <summary>The host is killed in the middle of its work; what it has promised holds, and nothing is there twice or by halves.</summary>
public sealed class CrashTests
{
    private const int Units = 2_000;

    [Fact]
    public async Task Orders_outlive_kill_9_exactly_once()
    {
        await using var folder = new DataFolder();
        var settings = HostSettings.In(folder).With("ordering__ReservationMinutes", "1");
        var skus = Enumerable.Range(0, 4).Select(_ => Shop.NewSku()).ToList();
        var attempts = new List<Traffic.Attempt>();
        var host = await HostProcess.StartAsync(settings);
        try
        {
            await Using(host, shop => shop.SellAsync(Units, [.. skus]));
            foreach (var orders in new[] { 15, 25, 35 })
            {
                attempts.AddRange(await KillDuringTrafficAsync(host, skus, orders));
                await host.DisposeAsync();
                host = await HostProcess.StartAsync(settings);
                await Using(host, shop => SettleAsync(shop, attempts));
            }

            await Using(host, async shop =>
            {
                // Checkouts whose customer never got an answer gave their stock back by expiry.
                foreach (var sku in skus)
                {
                    var left = Units - attempts.Count(attempt => attempt.Sku == sku);
                    await Eventually.Async(() => shop.StockAsync(sku), stock => stock == new Stock(left, 0, left), TimeSpan.FromSeconds(100));
                }

                await shop.VerifyStockAsync();
            });
            Assert.Equal(0, await host.StopAsync());
        }
        finally
        {
            await host.DisposeAsync();
        }
    }

    private static async Task<IReadOnlyCollection<Traffic.Attempt>> KillDuringTrafficAsync(HostProcess host, IReadOnlyList<string> skus, int orders)
    {
        using var api = host.Callers.Admin();
        var traffic = new Traffic(new Shop(api), skus);
        var running = traffic.RunAsync(customers: 8);
        await traffic.AcknowledgedAsync(orders);
        await host.KillAsync();
        await running;
        Assert.Empty(traffic.Refusals);
        return traffic.Attempts;
    }

    // Customers without an answer repeat their request; then each order that was ever sent exists exactly once, and its basket is closed.
    private static async Task SettleAsync(Shop shop, List<Traffic.Attempt> attempts)
    {
        foreach (var attempt in attempts.ToList())
        {
            var answer = await shop.OrderAsync(attempt.Checkout, attempt.Key);
            if (attempt.OrderId is null && answer.Code == 409 && answer["type"] == "/problems/checkout-expired")
            {
                // The start took longer than the checkout lasts; the order does not exist then.
                attempts.Remove(attempt);
                continue;
            }

            answer.Expect(201);
            Assert.Equal(attempt.OrderId ?? answer["id"], answer["id"]);
            attempt.OrderId = answer["id"];
        }

        var orders = await shop.OrdersAsync();
        Assert.Equal(attempts.Select(attempt => attempt.OrderId!).Order(StringComparer.Ordinal), orders.Select(order => (string)order["id"]!).Order(StringComparer.Ordinal));
        foreach (var attempt in attempts)
        {
            await Eventually.Async(() => shop.Api.GetAsync("/api/baskets/" + attempt.BasketId), answer => answer.Code is 404 or 409 or 410);
        }

        foreach (var sku in attempts.Select(attempt => attempt.Sku).Distinct())
        {
            await Eventually.Async(() => shop.StockAsync(sku), stock => stock!.OnHand == Units - attempts.Count(attempt => attempt.Sku == sku));
        }
    }

    private static async Task Using(HostProcess host, Func<Shop, Task> work)
    {
        using var api = host.Callers.Admin();
        await work(new Shop(api));
    }
}
