using System.Text;

namespace ModularMonolith.EndToEnd.Tests;

/// <summary>The main job on real input: a shop's export comes in, customers find and buy, the same export goes out.</summary>
public sealed class WholeJobTests(HostFixture host) : IClassFixture<HostFixture>
{
    public static readonly TheoryData<string, string, string> Files = new()
    {
        { "apparel.csv", "shirt", "ocean-blue-shirt" },
        { "jewelery.csv", "bracelet", "chain-bracelet" },
        { "written here", "watering can", "watering-can-5-l" },
    };

    // By the format's rules, in the ways other shops' files differ from the two real ones: a byte order mark, Windows line ends,
    // newer and unknown columns in another order, quoted line breaks and quotation marks, a draft, a discount, a digital product.
    private const string Garden =
        "Title,Handle,Status,Published,Product Category,Variant SKU,Variant Price,Variant Compare At Price,Cost per item,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Variant Inventory Tracker,Variant Inventory Qty,Variant Grams,Variant Weight Unit,Variant Requires Shipping,Variant Taxable,Body (HTML),Vendor,Type,Tags,Image Src,Image Position,Image Alt Text,Included / International,Price / International,Gift Card,Variant Barcode,Our Shelf\r\n"
        + "Watering can 5 l,watering-can-5-l,active,true,Home & Garden > Watering,CAN-GREEN-5,19.90,24.90,8.10,Colour,Green,Size,5 l,shopify,12,850,g,true,true,\"<p>A can with a \"\"long\"\" spout,\r\nfor beds and pots.</p>\",Gießerei & Söhne,Garden,\"watering, spring, \"\"new\"\"\",https://example.com/can.jpg,1,\"Can, green\",true,21.50,false,4006381333931,A-17\r\n"
        + ",watering-can-5-l,,,,CAN-BLUE-5,19.90,,8.10,,Blue,,5 l,shopify,3,850,g,true,true,,,,,https://example.com/can-blue.jpg,2,,,,,,A-18\r\n"
        + ",watering-can-5-l,,,,,,,,,,,,,,,,,,,,,,https://example.com/can-side.jpg,3,Side view,,,,,\r\n"
        + "Garden course,garden-course,active,TRUE,,COURSE-1,49,,,Title,Default Title,,,,,0,,false,true,One evening,Gießerei & Söhne,Course,,,,,,,FALSE,,\r\n"
        + "Hose,hose,draft,false,,HOSE,30.00,,,Title,Default Title,,,shopify,0,2000,kg,true,true,,Gießerei & Söhne,Garden,,,,,,,,,\r\n";

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_shops_file_is_imported_found_bought_and_cancelled(string file, string words, string slug)
    {
        var shop = host.Shop;
        var report = await shop.ImportAsync(Contents(file));
        Assert.True((int)report["products"]!["created"]! > 0, report.ToJsonString());

        var hits = (await shop.Api.GetAsync("/api/catalog/products?q=" + Uri.EscapeDataString(words))).Expect(200).Json["items"]!.AsArray();
        Assert.Contains(hits, hit => (string?)hit!["slug"] == slug);

        var (sku, stock) = await FirstVariantAsync(shop, slug);
        var basket = await shop.BasketAsync(sku);
        var checkout = (await shop.CheckoutAsync(basket)).Expect(201);
        var order = (await shop.OrderAsync(checkout.Json, Guid.NewGuid().ToString())).Expect(201);
        Assert.Equal(checkout["total"], order["total"]);
        await shop.StockBecomesAsync(sku, stock.OnHand - 1, 0);
        await Eventually.Async(() => shop.Api.GetAsync("/api/baskets/" + basket), answer => answer.Code is 404 or 409 or 410);

        var location = order.Header("Location");
        var seen = (await shop.Api.GetAsync(location)).Expect(200);
        Assert.Equal("placed", seen["status"]);
        (await shop.Api.GetAsync(location, ("If-None-Match", seen.Header("ETag")))).Expect(304);
        (await shop.Api.PostAsync(location + "/cancel", new { reason = "wrong colour" })).Expect(200);
        await shop.StockBecomesAsync(sku, stock.OnHand, 0);
        Assert.Equal("cancelled", (await shop.Api.GetAsync(location, ("If-None-Match", seen.Header("ETag")))).Expect(200)["status"]);
        Assert.Equal(2, (await shop.Api.GetAsync(location + "/history")).Expect(200).Json["entries"]!.AsArray().Count);
        await shop.VerifyStockAsync();
    }

    [Fact]
    public async Task What_is_exported_imports_to_the_same_state_here_and_elsewhere()
    {
        await using var origin = await RunningHost.StartAsync();
        await using var other = await RunningHost.StartAsync();
        var (shop, copy) = (new Shop(origin.Api), new Shop(other.Api));
        foreach (var file in Files.Select(row => (string)row[0]))
        {
            await shop.ImportAsync(Contents(file));
        }

        // Quantities come from Inventory, which hears of them through the log.
        var exported = await SettledExportAsync(shop);

        var again = await shop.ImportAsync(exported);
        Assert.Equal(0, (int)again["products"]!["created"]!);
        Assert.Equal(0, (int)again["products"]!["updated"]!);
        Assert.Equal(Encoding.UTF8.GetString(exported), Encoding.UTF8.GetString(await shop.ExportAsync()));

        await copy.ImportAsync(exported);
        Assert.Equal(Encoding.UTF8.GetString(exported), Encoding.UTF8.GetString(await SettledExportAsync(copy)));
    }

    [Fact]
    public async Task A_dry_run_reports_the_same_and_changes_nothing()
    {
        await using var running = await RunningHost.StartAsync();
        var shop = new Shop(running.Api);
        var before = await shop.ExportAsync();

        var dry = await running.Api.PostBytesAsync("/api/catalog/imports?dryRun=true", Contents("apparel.csv"), "text/csv");

        Assert.True(dry.Code is 200 or 201, dry.ToString());
        Assert.True((bool)dry.Json["dryRun"]!);
        Assert.Equal(before, await shop.ExportAsync());
        var real = await shop.ImportAsync(Contents("apparel.csv"));
        Assert.Equal(dry.Json["products"]!.ToJsonString(), real["products"]!.ToJsonString());
    }

    private static byte[] Contents(string file) => file == "written here"
        ? [.. Encoding.UTF8.GetPreamble(), .. Encoding.UTF8.GetBytes(Garden)]
        : File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Data", file));

    private static async Task<byte[]> SettledExportAsync(Shop shop)
    {
        await StockIsDeclaredAsync(shop);
        return await shop.ExportAsync();
    }

    // Both real files and ours have lines with stock; once the last of their events is delivered, two exports in a row agree and show stock.
    private static async Task StockIsDeclaredAsync(Shop shop) => await Eventually.Async(() => shop.StockAsync("CAN-BLUE-5"), stock => stock is { OnHand: 3 });

    private static async Task<(string Sku, Stock Stock)> FirstVariantAsync(Shop shop, string slug)
    {
        var product = (await shop.Api.GetAsync("/api/catalog/products/by-slug/" + slug)).Expect(200);
        var sku = (string)product.Json["variants"]![0]!["sku"]!;
        Assert.NotEmpty(sku);
        return (sku, (await Eventually.Async(() => shop.StockAsync(sku), stock => stock is { OnHand: > 0 }))!);
    }
}
