namespace ModularMonolith.Analyzers.Tests;

/// <summary>Ways between modules that stand in texts, SQL aside.</summary>
public sealed class TextTests
{
    [Fact]
    public Task Keys_files_and_locks_with_another_modules_name_are_reported() => AnalyzedModule.Slice.ReportsAsync("""
        using Microsoft.Extensions.Caching.Memory;

        namespace ModularMonolith.Ordering;

        internal sealed class Prices(IMemoryCache cache)
        {
            private const string Prefix = "catalog:";

            public object?[] All(string sku)
            {
                var key = $"{Prefix}price:{sku}";
                return
                [
                    cache.{|MM0035:Get<string>|}(key),
                    AppContext.{|MM0035:GetData|}("racks.level"),
                    Environment.{|MM0035:GetEnvironmentVariable|}("CATALOG_LEVEL"),
                    System.IO.File.{|MM0036:ReadAllText|}("/var/tmp/catalog.json"),
                    System.IO.Path.{|MM0036:Combine|}(System.IO.Path.GetTempPath(), "racks-" + sku),
                    {|MM0036:new Mutex(false, "Global\\catalog")|},
                ];
            }
        }
        """);

    [Fact]
    public Task Own_keys_and_words_that_begin_like_a_module_are_not_reported() => AnalyzedModule.Slice.ReportsAsync("""
        using Microsoft.Extensions.Caching.Memory;

        namespace ModularMonolith.Ordering;

        internal sealed class Prices(IMemoryCache cache)
        {
            public object?[] All(string sku) =>
            [
                cache.Get<string>("ordering:catalog:" + sku),
                cache.Get<string>("catalogue:" + sku),
                cache.Get<string>(sku + "catalog:"),
                cache.Set(sku, "catalog:"),
                System.IO.File.ReadAllText("catalog.json"),
                System.IO.Path.Combine("catalog", sku),
            ];
        }
        """);

    [Fact]
    public Task Calls_of_the_products_own_API_are_reported() => AnalyzedModule.Slice.ReportsAsync("""
        using System.Net.Http;

        namespace ModularMonolith.Ordering;

        internal sealed class CatalogClient(HttpClient http)
        {
            private const string Local = {|MM0037:"http://localhost:5080/things"|};

            public Task<string> Product(string sku) => http.GetStringAsync({|MM0037:$"/api/catalog/products/{sku}"|});

            public Task<string> Shelf(string host) => http.GetStringAsync({|MM0037:$"https://{host}/api/v1/racks"|});

            public Task<string> Other() => http.GetStringAsync("https://example.org/api/catalog/products");

            public string Here => Local;
        }

        internal sealed class Links
        {
            public string Product(string sku) => $"/api/catalog/products/{sku}";
        }
        """);

    [Fact]
    public async Task The_message_says_which_key_is_whose()
    {
        var messages = await AnalyzedModule.Slice.MessagesAsync("""
            namespace ModularMonolith.Ordering;

            internal sealed class Levels
            {
                public object? Read() => AppContext.GetData("racks.level");
            }
            """);

        Assert.StartsWith("Levels.Read uses the key 'racks.level', which is named after Shelves. Begin keys with", Assert.Single(messages), StringComparison.Ordinal);
    }

    [Fact]
    public Task Services_of_another_module_are_reported() => new AnalyzedModule { SeesCatalogContracts = true }.ReportsAsync("""
        using ModularMonolith.Catalog.Contracts;

        namespace ModularMonolith.Ordering;

        internal sealed class Pricing(IEnumerable<IStockList> {|MM0023:lists|}, IPriceList prices)
        {
            public Func<IStockList, int> Count => static list => {|MM0023:list|}.Count();

            public object All => (lists, prices);
        }

        internal sealed record Listed(IPriceList Prices);
        """);
}
