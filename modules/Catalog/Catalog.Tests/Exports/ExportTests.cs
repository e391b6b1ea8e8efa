using System.Globalization;
using System.Text;
using System.Text.Json;
using CsvHelper;
using ModularMonolith.Catalog.Tests.Imports;
using ModularMonolith.Inventory.Contracts;

namespace ModularMonolith.Catalog.Tests.Exports;

public sealed class ExportTests
{
    private static readonly string[] Rich =
    [
        "Handle,Title,Body (HTML),Vendor,Product Category,Type,Tags,Published,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Variant SKU,Variant Grams,Variant Inventory Tracker,Variant Inventory Qty,Variant Inventory Policy,Variant Price,Variant Compare At Price,Variant Requires Shipping,Variant Taxable,Variant Barcode,Image Src,Image Position,Image Alt Text,Gift Card,SEO Title,Google Shopping / MPN,Variant Image,Variant Weight Unit,Cost per item,Included / International,Price / International,Status",
        "tea-pot,\"Tea \"\"Pot\"\", large\",\"<p>Ä\r\nsecond line</p>\n\",Ünï & Söhne,Home > Kitchen,Pots,\"tea, pot\",TRUE,Colour,Red,Size,\"1,5 l\",TP-R,453.592,shopify,-4,DENY,19.90,0,TRUE,FALSE,4006381333931,https://cdn.example/1.jpg?v=1,2,\"a \"\"pot\"\"\",FALSE,SEO  title ,MPN-1,https://cdn.example/1.jpg?v=1,lb,5.5,TRUE,24.9,active",
        "tea-pot,,,,,,,,,Blue,,\"1,5 l\",,453.5920,,,continue,20,,FALSE,TRUE,,https://cdn.example/2.jpg,1,,,,MPN-2,,lb,6,,,",
        "tea-pot,,,,,,,,,,,,,,,,,,,,,,https://cdn.example/3.jpg,3,three,,,,,,,,,",
        "old-cup,Old cup,,,,,,FALSE,Title,Default Title,,,,,,7,,3,,true,true,,,,,,,,,,,,,archived",
        "gift,=Gift+1,,,,,,false,Title,Default Title,,,'=cmd,,,,,25,,,,,,,,TRUE,,,,,,,,draft",
    ];

    [Fact]
    public async Task The_export_of_the_sample_shop_is_the_sample_shop_with_skus()
    {
        await using var shop = await Shop.OpenAsync();
        await shop.Catalog.ImportAsync(SampleFile.Jewelery);
        await shop.Catalog.ImportAsync(SampleFile.Apparel);
        await shop.CountAsync();

        var exported = Rows(await shop.ExportAsync());

        var original = Rows(SampleFile.Apparel).Concat(Rows(SampleFile.Jewelery).Skip(1)).ToList();
        Assert.Equal(original[0], exported[0]);
        Assert.Equal(original.Count, exported.Count);
        var sku = Array.IndexOf(exported[0], "Variant SKU");
        Assert.All(exported.Skip(1).Where(row => row[8].Length > 0), row => Assert.NotEmpty(row[sku]));
        foreach (var (expected, actual) in Ordered(original).Zip(Ordered(exported)))
        {
            actual[sku] = string.Empty;
            Assert.Equal(expected, actual);
        }
    }

    [Fact]
    public async Task Importing_an_export_changes_nothing_and_into_an_empty_catalogue_it_gives_the_same_file()
    {
        await using var shop = await Shop.OpenAsync();
        await using var other = await Shop.OpenAsync();
        await shop.Catalog.ImportAsync(SampleFile.Jewelery);
        await shop.Catalog.ImportAsync(SampleFile.With(Rich[0], Rich[1..]));
        await shop.CountAsync();
        var exported = await shop.ExportAsync();

        var again = await shop.Catalog.ImportAsync(exported);
        await other.Catalog.ImportAsync(exported);
        await other.CountAsync();

        Assert.Equal((0, 0, 23), Counts(again));
        Assert.Equal(Encoding.UTF8.GetString(exported), Encoding.UTF8.GetString(await shop.ExportAsync()));
        Assert.Equal(Encoding.UTF8.GetString(exported), Encoding.UTF8.GetString(await other.ExportAsync()));
        var header = Rows(exported)[0];
        Assert.Equal(["Cost per item", "Included / International", "Price / International", "Product Category", "Status"], header[46..]);
        Assert.Equal(["tea-pot", "tea-pot", "tea-pot"], Rows(exported).Where(row => row[0] == "tea-pot").Select(row => row[0]));
    }

    [Fact]
    public async Task Products_made_over_the_api_come_back_unchanged_whatever_they_hold()
    {
        await using var shop = await Shop.OpenAsync();
        await CreateAsync(shop, """
            {"title":" Odd, \"title\" ","descriptionHtml":" <b>\r\nx</b>\t","vendor":" ","options":["Size "],"isGiftCard":true,
             "variants":[{"price":{"amount":5,"currency":"EUR"},"optionValues":[" S"],"weightGrams":1.50,"weightUnit":"kg","tracksInventory":false},
                         {"price":{"amount":100000,"currency":"EUR"},"optionValues":["M"],"compareAtPrice":{"amount":0,"currency":"EUR"},"sku":"ODD,M","inventoryPolicy":"continue","isTaxable":false,
                          "attributes":[{"name":"Note","value":" first\nsecond "},{"name":"Empty","value":""}]}],
             "images":[{"url":"https://cdn.example/b.png","position":20},{"url":"https://cdn.example/a.png","alt":"A","position":10}],
             "seo":{"title":"","description":"D"},"attributes":[{"name":"Title","value":"hidden"},{"name":"Product Category","value":"Odd"},{"name":"Season","value":"2026"}]}
            """);
        await CreateAsync(shop, """{"title":"Plain","variants":[{"price":{"amount":199,"currency":"EUR"}}]}""");
        await shop.CountAsync();
        var exported = await shop.ExportAsync();

        var again = await shop.Catalog.ImportAsync(exported, dryRun: true);

        Assert.Equal((0, 0, 2), Counts(again));
    }

    [Fact]
    public async Task An_empty_catalogue_is_exported_as_the_header()
    {
        await using var shop = await Shop.OpenAsync();

        var exported = await shop.ExportAsync();

        Assert.Equal(Rows(SampleFile.Apparel)[0], Assert.Single(Rows(exported)));
    }

    [Fact]
    public async Task A_failing_inventory_is_an_error_and_not_a_file_without_quantities()
    {
        await using var shop = await Shop.OpenAsync();
        await shop.Catalog.ImportAsync(SampleFile.Apparel);
        shop.Catalog.IsFailing = true;

        using var response = await shop.Catalog.Client.GetAsync(new Uri("/api/catalog/exports/products.csv", UriKind.Relative));

        Assert.Equal(500, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
    }

    private static async Task CreateAsync(Shop shop, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await shop.Catalog.Client.PostAsync(new Uri("/api/catalog/products", UriKind.Relative), content);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    private static (int Created, int Updated, int Unchanged) Counts(JsonElement report)
    {
        var products = report.GetProperty("products");
        return (products.GetProperty("created").GetInt32(), products.GetProperty("updated").GetInt32(), products.GetProperty("unchanged").GetInt32());
    }

    private static IEnumerable<string[]> Ordered(List<string[]> rows) => rows.Skip(1).OrderBy(row => row[0], StringComparer.Ordinal);

    private static List<string[]> Rows(byte[] file)
    {
        using var parser = new CsvParser(new StreamReader(new MemoryStream(file)), CultureInfo.InvariantCulture);
        var rows = new List<string[]>();
        while (parser.Read())
        {
            rows.Add(parser.Record!);
        }

        return rows;
    }

    /// <summary>A catalogue of its own, because an export is of all of it.</summary>
    private sealed class Shop(ImportHost catalog) : IAsyncDisposable
    {
        public ImportHost Catalog { get; } = catalog;

        public static async Task<Shop> OpenAsync()
        {
            var catalog = new ImportHost();
            await catalog.InitializeAsync();
            return new Shop(catalog);
        }

        /// <summary>Lets the Inventory of the test hear what was declared.</summary>
        public async Task CountAsync()
        {
            foreach (var line in (await Catalog.Host.PublishedAsync<StockDeclared>()).SelectMany(declared => declared.Lines))
            {
                Catalog.OnHand.TryAdd(line.Sku, line.Quantity);
            }
        }

        public async Task<byte[]> ExportAsync()
        {
            using var response = await Catalog.Client.GetAsync(new Uri("/api/catalog/exports/products.csv", UriKind.Relative));
            Assert.Equal("text/csv", response.Content.Headers.ContentType!.MediaType);
            Assert.Equal("products.csv", response.Content.Headers.ContentDisposition!.FileName);
            return await response.Content.ReadAsByteArrayAsync();
        }

        public ValueTask DisposeAsync() => new(Catalog.DisposeAsync());
    }
}
