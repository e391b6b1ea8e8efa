using System.Globalization;
using System.Text;
using Npgsql;

namespace ModularMonolith.EndToEnd.Tests;

/// <summary>The host is killed in the middle of an import; a part of it is never there.</summary>
public sealed class ImportCrashTests
{
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
