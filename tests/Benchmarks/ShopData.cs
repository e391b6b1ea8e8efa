using System.Text.Json;
using ModularMonolith.Benchmarks.Load;

namespace ModularMonolith.Benchmarks;

/// <summary>What the generator asks for: read from the running host, so that both sides get the same questions.</summary>
internal sealed record ShopData(IReadOnlyList<string> ProductIds, IReadOnlyList<string> Words, IReadOnlyList<string> Variants)
{
    private const int Products = 1_000;
    private const int Units = 1_000_000;
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    public static async Task<ShopData> ReadAsync(Uri host)
    {
        using var connection = await Connection.OpenAsync(host);
        var products = await ProductsAsync(connection);
        var words = await WordsAsync(connection, products.Select(product => product.Title));
        var variants = new List<string>();
        foreach (var (id, _) in products)
        {
            if (await SellableAsync(connection, id) is { } variant)
            {
                variants.Add(variant.Id);
                await ReceiveAsync(connection, variant.Sku);
            }
        }

        return new ShopData([.. products.Select(product => product.Id)], words, variants);
    }

    // The host fills the catalogue while it already serves.
    private static async Task<List<(string Id, string Title)>> ProductsAsync(Connection connection)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (true)
        {
            var products = new List<(string, string)>();
            string? cursor = null;
            do
            {
                using var page = await GetAsync(connection, "/api/catalog/products?sort=title&limit=100" + (cursor is null ? string.Empty : "&cursor=" + cursor));
                products.AddRange(page.RootElement.GetProperty("items").EnumerateArray()
                    .Select(item => (item.GetProperty("id").GetString()!, item.GetProperty("title").GetString()!)));
                cursor = page.RootElement.GetProperty("next").GetString();
            }
            while (cursor is not null);
            if (products.Count >= Products)
            {
                return products;
            }

            await timer.WaitForNextTickAsync(deadline.Token);
        }
    }

    private static async Task<List<string>> WordsAsync(Connection connection, IEnumerable<string> titles)
    {
        var words = new List<string>();
        foreach (var word in titles.SelectMany(title => title.Split(' ')).Where(word => word.Length > 3 && word.All(char.IsAsciiLetter)).Distinct(StringComparer.OrdinalIgnoreCase))
        {
            using var page = await GetAsync(connection, "/api/catalog/products?limit=20&q=" + word);
            if (page.RootElement.GetProperty("items").GetArrayLength() == 20)
            {
                words.Add(word);
            }
        }

        return words.Count > 0 ? words : throw new InvalidOperationException("No word of the sample data finds 20 products.");
    }

    private static async Task<(string Id, string Sku)?> SellableAsync(Connection connection, string productId)
    {
        using var product = await GetAsync(connection, "/api/catalog/products/" + productId);
        foreach (var variant in product.RootElement.GetProperty("variants").EnumerateArray())
        {
            if (variant.GetProperty("tracksInventory").GetBoolean())
            {
                return (variant.GetProperty("id").GetString()!, variant.GetProperty("sku").GetString()!);
            }
        }

        return null;
    }

    private static async Task ReceiveAsync(Connection connection, string sku)
    {
        var receipt = JsonSerializer.Serialize(new { sku, location = "main", quantity = Units, reference = "benchmark" });
        (await connection.SendAsync(Connection.Request("POST", "/api/inventory/receipts", receipt, Guid.NewGuid().ToString()))).Expect(200);
    }

    private static async Task<JsonDocument> GetAsync(Connection connection, string path) =>
        JsonDocument.Parse((await connection.SendAsync(Connection.Request("GET", path))).Expect(200).Body);
}
