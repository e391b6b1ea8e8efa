using System.Globalization;
using System.Text;
using Npgsql;

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

    [Fact]
    public async Task An_import_that_kill_9_interrupts_leaves_nothing_or_everything()
    {
        const int Products = 4_000;
        await using var folder = new DataFolder();
        var settings = HostSettings.In(folder);
        var file = Shop.Products(3, [.. Enumerable.Range(0, Products).Select(number => "KILL-" + number.ToString("D5", CultureInfo.InvariantCulture))]);
        var interrupted = 0;
        var host = await HostProcess.StartAsync(settings);
        try
        {
            foreach (var grownBytes in new[] { 0L, 400_000, 1_600_000 })
            {
                using (var api = host.Callers.Admin())
                {
                    var import = new Shop(api).ImportAsync(file);
                    await UntilWritingAsync(folder, grownBytes, import);
                    await host.KillAsync();
                    var answered = await Record.ExceptionAsync(() => import) is null;
                    interrupted += answered ? 0 : 1;
                }

                await host.DisposeAsync();
                host = await HostProcess.StartAsync(settings);
                await Using(host, async shop => Assert.Contains(await CountProductsAsync(shop), new[] { 0, Products }));
            }

            Assert.True(interrupted > 0, "Every import was faster than the kill.");
            await Using(host, async shop =>
            {
                await shop.ImportAsync(file);
                Assert.Equal(Products, await CountProductsAsync(shop));
                await Eventually.Async(() => shop.StockAsync("KILL-03999"), stock => stock is { OnHand: 3 });
                await shop.VerifyStockAsync();
            });
        }
        finally
        {
            await host.DisposeAsync();
        }
    }

    [Fact]
    public async Task An_accepted_import_outlives_kill_9()
    {
        const int Products = 4_000;
        await using var folder = new DataFolder();
        var settings = HostSettings.In(folder);
        var file = Shop.Products(3, [.. Enumerable.Range(0, Products).Select(number => "LATER-" + number.ToString("D5", CultureInfo.InvariantCulture))]);
        var host = await HostProcess.StartAsync(settings);
        try
        {
            string location;
            using (var api = host.Callers.Admin())
            {
                location = (await api.PostBytesAsync("/api/catalog/imports", file, "text/csv", ("Prefer", "respond-async"))).Expect(202).Header("Location");
            }

            await host.KillAsync();
            await host.DisposeAsync();
            host = await HostProcess.StartAsync(settings);
            await Using(host, async shop =>
            {
                var report = await Eventually.Async(() => shop.Api.GetAsync(location), answer => answer.Expect(200)["status"] != "accepted", TimeSpan.FromSeconds(60));
                Assert.Equal(("completed", Products), (report["status"], (int)report.Json["products"]!["created"]!));
                Assert.Equal(Products, await CountProductsAsync(shop));
                await Eventually.Async(() => shop.StockAsync("LATER-03999"), stock => stock is { OnHand: 3 });
            });
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
        foreach (var attempt in attempts)
        {
            var answer = (await shop.OrderAsync(attempt.Checkout, attempt.Key)).Expect(201);
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

    private static async Task<int> CountProductsAsync(Shop shop) =>
        Encoding.UTF8.GetString(await shop.ExportAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length - 1;

    // The rows are not visible before the commit, but the transaction is, and so is the space that they take.
    private static async Task UntilWritingAsync(DataFolder folder, long grownBytes, Task import)
    {
        await using var server = NpgsqlDataSource.Create(folder.ConnectionString("modular_monolith"));
        const string Size = "select coalesce(sum(pg_total_relation_size(oid)), 0)::bigint from pg_class where relnamespace = 'catalog'::regnamespace and relkind = 'r'";
        const string Writing = "select exists (select from pg_stat_activity where backend_xid is not null and application_name = 'modular-monolith/catalog')";
        var before = await ScalarAsync<long>(server, Size);
        while (!import.IsCompleted && (!await ScalarAsync<bool>(server, Writing) || await ScalarAsync<long>(server, Size) < before + grownBytes))
        {
            await Task.Yield();
        }
    }

    private static async Task<T> ScalarAsync<T>(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }
}
