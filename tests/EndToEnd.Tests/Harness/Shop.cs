using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace ModularMonolith.EndToEnd.Tests.Harness;

/// <summary>What a shop and its customers do, over HTTP.</summary>
internal sealed class Shop(Api api)
{
    private const string Header = "Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Inventory Tracker,Variant Inventory Qty,Variant Price,Published";

    public Api Api => api;

    /// <summary>A SKU that no other test uses.</summary>
    public static string NewSku() => "E2E-" + Guid.CreateVersion7().ToString("N");

    public async Task<JsonNode> ImportAsync(byte[] csv)
    {
        var answer = await api.PostBytesAsync("/api/catalog/imports", csv, "text/csv");
        Assert.True(answer.Code is 200 or 201, answer.ToString());
        return answer.Json;
    }

    public async Task<byte[]> ExportAsync() => Encoding.UTF8.GetBytes((await api.GetAsync("/api/catalog/exports/products.csv")).Expect(200).Body);

    /// <summary>Puts products with one variant each on sale and waits until their stock is there.</summary>
    public async Task SellAsync(int quantity, params string[] skus)
    {
        await ImportAsync(Products(quantity, skus));
        foreach (var sku in skus)
        {
            await Eventually.Async(() => StockAsync(sku), stock => stock is not null && stock.OnHand == quantity);
        }
    }

    public static byte[] Products(int quantity, params string[] skus)
    {
        var csv = new StringBuilder(Header).Append('\n');
        foreach (var sku in skus)
        {
            csv.Append(CultureInfo.InvariantCulture, $"{sku.ToLowerInvariant()},Product {sku},Title,Default Title,{sku},shopify,{quantity},12.50,true\n");
        }

        return Encoding.UTF8.GetBytes(csv.ToString());
    }

    /// <summary>The stock of a SKU over all locations; null while Inventory does not know it.</summary>
    public async Task<Stock?> StockAsync(string sku)
    {
        var answer = await api.GetAsync("/api/inventory/stock?sku=" + Uri.EscapeDataString(sku));
        var item = answer.Expect(200).Json["items"]!.AsArray().SingleOrDefault(item => (string?)item!["sku"] == sku);
        return item is null ? null : new Stock((int)item["onHand"]!, (int)item["reserved"]!, (int)item["available"]!);
    }

    /// <summary>Waits until the stock of a SKU is as expected; what moves it comes through the log.</summary>
    public Task<Stock?> StockBecomesAsync(string sku, int onHand, int reserved) =>
        Eventually.Async(() => StockAsync(sku), stock => stock == new Stock(onHand, reserved, onHand - reserved));

    /// <summary>Checks that movements, items and reservations agree in the whole warehouse.</summary>
    public async Task VerifyStockAsync()
    {
        string? cursor = null;
        do
        {
            var verification = (await api.GetAsync("/api/inventory/verification" + (cursor is null ? string.Empty : "?cursor=" + cursor))).Expect(200);
            Assert.True(verification.Json["differences"]!.AsArray().Count == 0, verification.ToString());
            cursor = (string?)verification.Json["next"];
        }
        while (cursor is not null);
    }

    public async Task<string> BasketAsync(string sku, int quantity = 1)
    {
        var answer = await api.PostAsync("/api/baskets", new { lines = new[] { new { sku, quantity } } });
        return answer.Expect(201)["id"];
    }

    public Task<Answer> CheckoutAsync(string basketId) => api.PostAsync("/api/ordering/checkouts", new { basketId });

    public Task<Answer> OrderAsync(JsonNode checkout, string key) => api.PostAsync(
        "/api/ordering/orders",
        new { checkoutId = (string)checkout["id"]!, expectedTotal = checkout["total"] },
        ("Idempotency-Key", key));

    /// <summary>Everything from an empty basket to the order.</summary>
    public async Task<JsonNode> BuyAsync(string sku, int quantity = 1)
    {
        var checkout = (await CheckoutAsync(await BasketAsync(sku, quantity))).Expect(201);
        return (await OrderAsync(checkout.Json, Guid.NewGuid().ToString())).Expect(201).Json;
    }

    /// <summary>All orders of the shop.</summary>
    public async Task<IReadOnlyList<JsonNode>> OrdersAsync()
    {
        var orders = new List<JsonNode>();
        string? cursor = null;
        do
        {
            var page = (await api.GetAsync("/api/ordering/orders?limit=100" + (cursor is null ? string.Empty : "&cursor=" + cursor))).Expect(200).Json;
            orders.AddRange(page["items"]!.AsArray().Select(order => order!));
            cursor = (string?)page["next"];
        }
        while (cursor is not null);
        return orders;
    }
}

internal sealed record Stock(int OnHand, int Reserved, int Available);
