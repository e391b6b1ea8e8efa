using System.Text.Json.Nodes;

namespace ModularMonolith.EndToEnd.Tests.Purchases;

/// <summary>A shop that delivers, taxes and takes cards, as its staff and its customers use it over HTTP.</summary>
internal sealed class Storefront(Callers callers) : IDisposable
{
    public const string Card = "pm_card_visa";

    /// <summary>What the goods of <see cref="Shop"/> cost, in cents.</summary>
    public const long Price = 1_250;

    /// <summary>What delivering costs, in cents.</summary>
    public const long ShippingPrice = 490;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly object Address = new { name = "Ann Example", line1 = "Hauptstraße 1", city = "Berlin", country = "DE", postalCode = "10115" };

    public static readonly object[] Parcels = [new { weightGrams = 500 }];

    public Api Staff { get; } = callers.Admin();

    public Shop Shop => new(Staff);

    /// <summary>Sets up a zone, a shipping method and 20 % tax that is put on top, for Germany.</summary>
    public async Task<Storefront> OpenAsync()
    {
        (await Staff.PostAsync("/api/shipping/zones", new { code = "germany", title = "Germany", areas = new[] { new { country = "DE" } } })).Expect(201);
        (await Staff.PostAsync("/api/shipping/methods", new
        {
            code = "standard",
            title = "Standard",
            kind = "delivery",
            zone = "germany",
            rates = new[] { new { kind = "flat", price = Euros(ShippingPrice) } },
        })).Expect(201);
        (await Staff.PostAsync("/api/pricing/tax-zones", new { code = "de", title = "Germany", country = "DE", rates = new[] { new { tax = "vat", name = "VAT 20 %", rate = 0.2 } } })).Expect(201);
        return this;
    }

    /// <summary>A coupon for ten per cent off, for at most some orders.</summary>
    public async Task<string> CouponAsync(int uses)
    {
        var code = "TEN" + Guid.NewGuid().ToString("N")[..10].ToUpperInvariant();
        var promotion = (await Staff.PostAsync("/api/pricing/promotions", new
        {
            title = "Ten off",
            byCoupon = true,
            actions = new[] { new { percentage = new { percent = 10 } } },
            limits = new { uses },
        }, Key())).Expect(201);
        (await Staff.PostAsync("/api/pricing/coupons", new { promotionId = promotion["id"], code }, Key())).Expect(201);
        (await Staff.PostAsync($"/api/pricing/promotions/{promotion["id"]}/activate", null)).Expect(200);
        return code;
    }

    /// <summary>The code of a new gift card.</summary>
    public async Task<string> GiftCardAsync(long cents) =>
        (await Staff.PostAsync("/api/payments/gift-cards", new { amount = Euros(cents), reason = "goodwill" }, Key())).Expect(201)["code"];

    /// <summary>A checkout with address and shipping method.</summary>
    public async Task<JsonNode> CheckoutAsync(Api customer, IReadOnlyDictionary<string, int> goods, params string[] coupons) =>
        (await StartCheckoutAsync(customer, goods, coupons)).Expect(201).Json;

    /// <summary>Tries to check out.</summary>
    public async Task<Answer> StartCheckoutAsync(Api customer, IReadOnlyDictionary<string, int> goods, string[] coupons)
    {
        var basket = await customer.PostAsync("/api/baskets", new { lines = goods.Select(static line => new { sku = line.Key, quantity = line.Value }) });
        return basket.Code == 201
            ? await customer.PostAsync("/api/ordering/checkouts", new { basketId = basket["id"], email = "ann@example.org", shippingAddress = Address, shippingMethod = "standard", coupons })
            : basket;
    }

    public static Task<Answer> OrderAsync(Api customer, JsonNode checkout, object[] tenders, string? key = null, int wait = 30) => customer.PostAsync(
        "/api/ordering/orders",
        new { checkoutId = (string)checkout["id"]!, expectedTotal = checkout["total"], payment = new { tenders } },
        ("Idempotency-Key", key ?? Guid.NewGuid().ToString()),
        ("Prefer", $"wait={wait}"));

    /// <summary>Buys one kind of goods with a card and waits for the outcome.</summary>
    public async Task<JsonNode> BuyAsync(Api customer, string sku, int quantity, string card = Card) =>
        (await OrderAsync(customer, await CheckoutAsync(customer, new Dictionary<string, int> { [sku] = quantity }), [CardOf(card)])).Expect(201).Json;

    public async Task<JsonNode> OrderOf(string id) => (await Staff.GetAsync("/api/ordering/orders/" + id)).Expect(200).Json;

    /// <summary>All orders of the shop, each with its shipments and refunds.</summary>
    public async Task<IReadOnlyList<JsonNode>> OrdersAsync() => await Task.WhenAll((await Shop.OrdersAsync()).Select(order => OrderOf((string)order["id"]!)));

    public Task<JsonNode> OrderBecomesAsync(string id, Func<JsonNode, bool> condition) => Eventually.Async(() => OrderOf(id), condition, Patience);

    /// <summary>Packs goods of an order as one shipment.</summary>
    public async Task<string> PackAsync(string orderId, Guid variantId, int quantity)
    {
        await Eventually.Async(() => Staff.GetAsync("/api/shipping/fulfilments/" + orderId), static answer => answer.Code == 200 && answer["status"] != "expected", Patience);
        return (await Staff.PostAsync($"/api/shipping/fulfilments/{orderId}/shipments", new { lines = new[] { new { variantId, quantity } }, parcels = Parcels }, Key())).Expect(201)["id"];
    }

    public Task<JsonNode> ShipmentBecomesAsync(string id, params string[] statuses) => Eventually.Async(
        async () => (await Staff.GetAsync("/api/shipping/shipments/" + id)).Expect(200).Json, shipment => statuses.Contains((string?)shipment["status"]), Patience);

    /// <summary>Waits until a shipment may leave, and has it leave.</summary>
    public async Task DispatchAsync(string id)
    {
        await ShipmentBecomesAsync(id, "ready");
        (await Staff.PostAsync($"/api/shipping/shipments/{id}/dispatch", null)).Expect(200);
    }

    public async Task DeliverAsync(string id) => (await Staff.PostAsync(
        $"/api/shipping/shipments/{id}/tracking", new { status = "delivered", occurredAt = TimeProvider.System.GetUtcNow() })).Expect(200);

    /// <summary>What is on the ledger's accounts of an order, in cents by account.</summary>
    public async Task<IReadOnlyDictionary<string, long>> BalancesAsync(string orderId)
    {
        var entries = (await Staff.GetAsync("/api/ledger/orders/" + orderId)).Expect(200).Json;
        return entries["balances"]!.AsArray().ToDictionary(static balance => (string)balance!["account"]!, static balance => (long)balance!["balance"]!["amount"]!, StringComparer.Ordinal);
    }

    /// <summary>Checks what must be true of stock and money whatever has happened.</summary>
    public async Task VerifyAsync()
    {
        await Shop.VerifyStockAsync();
        var ledger = (await Staff.GetAsync("/api/ledger/verification")).Expect(200);
        Assert.True((bool)ledger.Json["isSound"]!, ledger.ToString());
    }

    public static object CardOf(string token) => new { kind = "card", token };

    public static object Euros(long cents) => new { amount = cents, currency = "EUR" };

    public static (string, string) Key() => ("Idempotency-Key", Guid.NewGuid().ToString());

    public static long Cents(JsonNode? money) => (long)money!["amount"]!;

    public static Guid VariantOf(JsonNode order, int line = 0) => Guid.Parse((string)order["lines"]![line]!["variantId"]!);

    public void Dispose() => Staff.Dispose();
}
