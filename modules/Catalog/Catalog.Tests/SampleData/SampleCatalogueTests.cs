using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Catalog.SampleData;
using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Platform.Hosting;
using ModularMonolith.Platform.Testing;
using Npgsql;

namespace ModularMonolith.Catalog.Tests.SampleData;

public sealed class SampleCatalogueTests
{
    [Fact]
    public async Task An_empty_catalogue_is_filled_once_with_the_products_and_their_stock()
    {
        await using var host = await StartAsync(250);

        var steps = new Steps();
        var added = await Task.WhenAll(FillAsync(host, steps), FillAsync(host, steps));

        Assert.Equal([0, 250], added.Order());
        Assert.Equal([(100, 250), (200, 250), (250, 250)], steps.Reported);
        Assert.Equal(0, await FillAsync(host, steps));
        Assert.Equal(250L, await ScalarAsync<long>(host, "select count(*) from catalog.product_search"));
        Assert.Equal(250L, await ScalarAsync<long>(host, "select count(*) from catalog.mt_doc_product"));
        var declared = (await host.PublishedAsync<StockDeclared>()).SelectMany(one => one.Lines).ToList();
        Assert.Equal(await ScalarAsync<long>(host, "select count(*) from catalog.variant_entry"), declared.Count);
        Assert.Contains(declared, line => line.Quantity > 0);
    }

    [Fact]
    public async Task Filling_that_is_stopped_leaves_nothing_behind()
    {
        await using var host = await StartAsync(300);
        using var stop = new CancellationTokenSource();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => FillAsync(host, new Steps(stop.Cancel), stop.Token));

        Assert.Equal(0L, await ScalarAsync<long>(host, "select count(*) from catalog.product_search"));
        Assert.Empty(await host.PublishedAsync<StockDeclared>());
        Assert.Equal(300, await FillAsync(host, new Steps()));
    }

    [Fact]
    public void The_sample_products_are_the_same_at_every_run_and_have_names_of_their_own()
    {
        var now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var (one, other) = (new SampleProducts("EUR", now), new SampleProducts("EUR", now));

        var first = Enumerable.Range(0, 1_000).Select(_ => one.Next()).ToList();
        var second = Enumerable.Range(0, 1_000).Select(_ => other.Next()).ToList();

        Assert.Equal(first.Select(Comparable), second.Select(Comparable));
        Assert.Equal(1_000, first.Select(sample => sample.Product.Slug).Distinct().Count());
        var skus = first.SelectMany(sample => sample.Product.Variants).Select(variant => variant.Sku).ToList();
        Assert.Equal(skus.Distinct(), skus);
        Assert.All(first, sample => Assert.InRange(sample.Product.Variants.Count, 1, 6));
        Assert.All(first, sample => Assert.All(sample.Product.Variants, variant => Assert.Equal(sample.Product.Options.Count, variant.OptionValues.Count)));
        Assert.All(first, sample => Assert.All(sample.Product.Variants, variant => Assert.True(variant.Price.Amount > 0)));
    }

    private static string Comparable(SampleProduct sample) => JsonSerializer.Serialize(sample with
    {
        Product = sample.Product with { Id = default, Variants = [.. sample.Product.Variants.Select(variant => variant with { Id = default })] },
    });

    private static Task<ModuleHost> StartAsync(int products) => ModuleHost.StartAsync(
        typeof(CatalogModule).Assembly, settings: new Dictionary<string, string?> { ["catalog:SampleProducts"] = products.ToString(System.Globalization.CultureInfo.InvariantCulture) });

    private static async Task<int> FillAsync(ModuleHost host, Steps steps, CancellationToken cancellationToken = default)
    {
        await using var scope = host.Services.CreateAsyncScope();
        return await Assert.Single(scope.ServiceProvider.GetServices<ISampleData>()).FillAsync(steps, cancellationToken);
    }

    private static async Task<T> ScalarAsync<T>(ModuleHost host, string sql)
    {
        await using var source = NpgsqlDataSource.Create(host.ConnectionString);
        await using var command = source.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    private sealed class Steps(Action? afterFirst = null) : IProgress<(int Done, int Total)>
    {
        public List<(int Done, int Total)> Reported { get; } = [];

        public void Report((int Done, int Total) value)
        {
            lock (Reported)
            {
                Reported.Add(value);
            }

            afterFirst?.Invoke();
        }
    }
}
