using ModularMonolith.Catalog.Contracts;
using Npgsql;

namespace ModularMonolith.Catalog.Tests.Products;

/// <summary>What an earlier version has written. It has a database of its own, which loses a column for a moment.</summary>
public sealed class OlderRowsTests(CatalogHost catalog) : IClassFixture<CatalogHost>
{
    [Fact]
    public async Task Rows_of_an_earlier_version_are_filled_by_the_next_migration()
    {
        var product = await catalog.CreateAsync(Bodies.Simple("Older Shirt", vendor: "Old", type: "Shirt", tags: ["worn"]));
        var giftCard = await catalog.CreateAsync(new { title = "Older Card", isGiftCard = true, variants = new[] { new { price = Bodies.Euros(1_000) } } });
        await ExecuteAsync("alter table catalog.variant_entry drop column tax_category");
        await ExecuteAsync("update catalog.product_search set product_type = null, vendor = null, labels = null");

        await catalog.Host.MigrateAsync();

        var variants = await catalog.Host.SendAsync(new GetVariants([VariantId(product, 0), VariantId(giftCard, 0)]));
        var shirt = variants.Single(variant => variant.ProductId == product.Id);
        Assert.Equal(("Shirt", "Old", null), (shirt.ProductType, shirt.Vendor, shirt.TaxCategory));
        Assert.Equal(["worn"], shirt.Tags!);
        Assert.Equal(TaxCategories.NotTaxable, variants.Single(variant => variant != shirt).TaxCategory);
    }

    private static Guid VariantId(Answer product, int index) => product.Json.GetProperty("variants")[index].GetProperty("id").GetGuid();

    private async Task ExecuteAsync(string sql)
    {
        await using var source = NpgsqlDataSource.Create(catalog.Host.ConnectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
