using System.Globalization;
using System.Text;
using System.Text.Json;
using ModularMonolith.Benchmarks.Load;

namespace ModularMonolith.Benchmarks;

internal sealed class ProductById(ShopData shop) : IScenario
{
    private readonly byte[][] _requests = [.. shop.ProductIds.Select(id => Connection.Request("GET", "/api/catalog/products/" + id))];

    public string Name => "product by id";

    public int Target => 5_000;

    public async ValueTask RunAsync(Connection connection, Random random) =>
        (await connection.SendAsync(_requests[random.Next(_requests.Length)])).Expect(200);
}

internal sealed class Search(ShopData shop) : IScenario
{
    private readonly byte[][] _requests = [.. shop.Words.Select(word => Connection.Request("GET", "/api/catalog/products?limit=20&q=" + Uri.EscapeDataString(word)))];

    public string Name => "search, 20 hits";

    public int Target => 1_000;

    public async ValueTask RunAsync(Connection connection, Random random) =>
        (await connection.SendAsync(_requests[random.Next(_requests.Length)])).Expect(200);
}

/// <summary>An empty basket, a line, a checkout, the order: four requests.</summary>
internal sealed class WholeFlow(ShopData shop) : IScenario
{
    private static readonly byte[] NewBasket = Connection.Request("POST", "/api/baskets", "{}");

    public string Name => "basket → order";

    public int Target => 100;

    /// <summary>The basket of some order, to see when everything that follows from an order is done.</summary>
    public string? LastBasket { get; private set; }

    public async ValueTask RunAsync(Connection connection, Random random)
    {
        var basket = Text((await connection.SendAsync(NewBasket)).Expect(201), "id");
        var variant = shop.Variants[random.Next(shop.Variants.Count)];
        (await connection.SendAsync(Connection.Request("POST", $"/api/baskets/{basket}/lines", $$"""{"variantId":"{{variant}}","quantity":1}"""))).Expect(200);
        var checkout = (await connection.SendAsync(Connection.Request("POST", "/api/ordering/checkouts", $$"""{"basketId":"{{basket}}"}"""))).Expect(201);
        var order = Connection.Request("POST", "/api/ordering/orders", OrderOf(checkout), Guid.NewGuid().ToString());
        (await connection.SendAsync(order)).Expect(201);
        LastBasket = basket;
    }

    private static string OrderOf(Response checkout)
    {
        using var json = JsonDocument.Parse(checkout.Body);
        var total = json.RootElement.GetProperty("total");
        return string.Create(CultureInfo.InvariantCulture, $$$"""{"checkoutId":"{{{json.RootElement.GetProperty("id").GetString()}}}","expectedTotal":{"amount":{{{total.GetProperty("amount").GetInt64()}}},"currency":"{{{total.GetProperty("currency").GetString()}}}"}}""");
    }

    private static string Text(Response response, string member)
    {
        using var json = JsonDocument.Parse(response.Body);
        return json.RootElement.GetProperty(member).GetString()!;
    }
}

internal static class Expectations
{
    public static Response Expect(this Response response, int status) => response.Status == status
        ? response
        : throw new InvalidOperationException($"Expected {status}, got {Encoding.UTF8.GetString(response.Body.Span)}");
}
