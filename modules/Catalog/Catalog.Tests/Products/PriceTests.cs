using ModularMonolith.Catalog.Contracts;
using ModularMonolith.Platform.Testing;
using Npgsql;

namespace ModularMonolith.Catalog.Tests.Products;

/// <summary>What other modules are told of prices, and of what rules of prices and taxes may depend on.</summary>
public sealed class PriceTests(CatalogHost catalog) : IClassFixture<CatalogHost>
{
    [Fact]
    public async Task New_variants_and_changed_prices_are_told_and_no_others()
    {
        var created = await catalog.CreateAsync(Bodies.Sized("Told Shirt", "TOLD", "S", "M"));
        var (small, medium) = (VariantId(created, 0), VariantId(created, 1));
        object body = new
        {
            title = "Told Shirt",
            options = new[] { "Size" },
            variants = new object[]
            {
                new { id = small, optionValues = new[] { "S" }, price = Bodies.Euros(1_000) },
                new { id = medium, optionValues = new[] { "M" }, price = Bodies.Euros(900), compareAtPrice = Bodies.Euros(1_100) },
                new { sku = "TOLD-L", optionValues = new[] { "L" }, price = Bodies.Euros(1_200) },
            },
        };

        var edited = CatalogHost.Expect(await catalog.PutAsync("/products/" + created.Id, body, created.ETag), System.Net.HttpStatusCode.OK);
        CatalogHost.Expect(await catalog.PutAsync("/products/" + created.Id, new { title = "Told Shirt, again", options = new[] { "Size" }, variants = Variants(edited) }, edited.ETag), System.Net.HttpStatusCode.OK);

        var told = (await catalog.Host.PublishedAsync<PricesChanged>()).Where(changed => changed.ProductId == created.Id).ToList();
        Assert.Equal(2, told.Count);
        Assert.Equal(new[] { small, medium }, told[0].Prices.Select(price => price.VariantId));
        Assert.Equal([(medium, 900L, (long?)1_100L), (VariantId(edited, 2), 1_200L, null)], told[1].Prices.Select(price => (price.VariantId, price.Price.Amount, price.CompareAtPrice?.Amount)));
        Assert.True(told[0].ChangedAt < told[1].ChangedAt);
    }

    [Fact]
    public async Task A_variant_names_what_rules_depend_on()
    {
        var product = await catalog.CreateAsync(new
        {
            title = "Rule Book",
            vendor = "Press",
            type = "Book",
            tags = new[] { "paper", "new" },
            taxCategory = "books",
            options = new[] { "Cover" },
            variants = new object[]
            {
                new { optionValues = new[] { "Hard" }, price = Bodies.Euros(2_000) },
                new { optionValues = new[] { "None" }, price = Bodies.Euros(100), isTaxable = false },
            },
        });

        var variants = await catalog.Host.SendAsync(new GetVariants([VariantId(product, 0), VariantId(product, 1)]));

        var hard = variants.Single(variant => variant.VariantId == VariantId(product, 0));
        Assert.Equal(("Book", "Press", "books"), (hard.ProductType, hard.Vendor, hard.TaxCategory));
        Assert.Equal(["paper", "new"], hard.Tags!);
        Assert.Equal(TaxCategories.NotTaxable, variants.Single(variant => variant != hard).TaxCategory);
        Assert.Equal("books", product["taxCategory"]);
    }

    [Fact]
    public async Task A_new_price_is_told_at_once_where_it_was_set_and_soon_by_other_hosts()
    {
        var created = await catalog.CreateAsync(Bodies.Sized("Repriced Shirt", "REPRICED", "S"));
        var id = VariantId(created, 0);
        Assert.NotEqual(1_234, await PriceAsync(id));
        object body = new { title = "Repriced Shirt", options = new[] { "Size" }, variants = new[] { new { id, optionValues = new[] { "S" }, price = Bodies.Euros(1_234) } } };
        CatalogHost.Expect(await catalog.PutAsync("/products/" + created.Id, body, created.ETag), System.Net.HttpStatusCode.OK);

        Assert.Equal(1_234, await PriceAsync(id));

        // As another host does it: this one is not told.
        await using var source = NpgsqlDataSource.Create(catalog.Host.ConnectionString);
        await using var command = source.CreateCommand("update catalog.variant_entry set price = 4321 where id = $1");
        command.Parameters.AddWithValue(id);
        await command.ExecuteNonQueryAsync();
        await Eventually.Async(() => PriceAsync(id), static price => price == 4_321);
    }

    private async Task<long> PriceAsync(Guid id) => Assert.Single(await catalog.Host.SendAsync(new GetVariants([id]))).Price.Amount;

    private static Guid VariantId(Answer product, int index) => product.Json.GetProperty("variants")[index].GetProperty("id").GetGuid();

    private static object[] Variants(Answer product) => [.. product.Json.GetProperty("variants").EnumerateArray().Select(variant => new
    {
        id = variant.GetProperty("id").GetGuid(),
        optionValues = variant.GetProperty("optionValues"),
        price = variant.GetProperty("price"),
        compareAtPrice = variant.GetProperty("compareAtPrice"),
    })];
}
