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

/// <summary>What a customer does from an empty basket to an order that is paid and confirmed: basket, line, checkout, address, shipping, and the order with a card, whose answer is waited for.</summary>
internal sealed class PaidOrder(ShopData shop) : IScenario
{
    private const string Address = """{"email":"ann@example.org","shippingAddress":{"name":"Ann Example","line1":"Hauptstraße 1","city":"Berlin","country":"DE","postalCode":"10115"}}""";

    private static readonly byte[] NewBasket = Connection.Request("POST", "/api/baskets", "{}");

    public string Name => "basket → confirmed";

    public int Target => 150;

    public bool IsCompared => false;

    public string? LastBasket { get; private set; }

    public async ValueTask RunAsync(Connection connection, Random random)
    {
        var basket = Member((await connection.SendAsync(NewBasket)).Expect(201), "id");
        var variant = shop.Variants[random.Next(shop.Variants.Count)];
        (await connection.SendAsync(Connection.Request("POST", $"/api/baskets/{basket}/lines", $$"""{"variantId":"{{variant}}","quantity":1}"""))).Expect(200);
        var checkout = "/api/ordering/checkouts/" + Member((await connection.SendAsync(Connection.Request("POST", "/api/ordering/checkouts", $$"""{"basketId":"{{basket}}"}"""))).Expect(201), "id");
        (await connection.SendAsync(Connection.Request("PATCH", checkout, Address))).Expect(200);
        var offered = (await connection.SendAsync(Connection.Request("PATCH", checkout, """{"shippingMethod":"standard"}"""))).Expect(200);
        var order = (await connection.SendAsync(Connection.Request("POST", "/api/ordering/orders", OrderOf(offered), Guid.NewGuid().ToString(), prefer: "wait=20"))).Expect(201);
        if (Member(order, "status") is var status and not "confirmed")
        {
            throw new InvalidOperationException($"The order is {status} and not confirmed: {Encoding.UTF8.GetString(order.Body.Span)}");
        }

        LastBasket = basket;
    }

    private static string OrderOf(Response checkout)
    {
        using var json = JsonDocument.Parse(checkout.Body);
        return $$$"""{"checkoutId":"{{{json.RootElement.GetProperty("id").GetString()}}}","expectedTotal":{{{json.RootElement.GetProperty("total").GetRawText()}}},"payment":{"tenders":[{"kind":"card","token":"pm_card_visa"}]}}""";
    }

    private static string Member(Response response, string name)
    {
        using var json = JsonDocument.Parse(response.Body);
        return json.RootElement.GetProperty(name).GetString()!;
    }
}

internal static class Expectations
{
    public static Response Expect(this Response response, int status) => response.Status == status
        ? response
        : throw new InvalidOperationException($"Expected {status}, got {Encoding.UTF8.GetString(response.Body.Span)}");
}
