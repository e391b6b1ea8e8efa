using System.Text.Json.Nodes;

namespace ModularMonolith.EndToEnd.Tests.Purchases;

/// <summary>From the checkout to the delivery and back, with the provider that is built in.</summary>
public sealed class PurchaseTests(PurchaseTests.OpenShop open) : IClassFixture<PurchaseTests.OpenShop>
{
    private Storefront Store => open.Store;

    [Fact]
    public async Task What_is_ordered_is_paid_parcel_by_parcel_delivered_and_refunded_to_the_cent()
    {
        var sku = await OnSaleAsync(10);
        using var customer = await open.Callers.CustomerAsync();
        var coupon = await Store.CouponAsync(uses: 1);
        var checkout = await Store.CheckoutAsync(customer, new Dictionary<string, int> { [sku] = 3 }, coupon);

        // 3 × 12.50 less 10 %, 20 % tax on top of goods and delivery.
        var total = (3 * Storefront.Price * 90 / 100 + Storefront.ShippingPrice) * 120 / 100;
        Assert.Equal(total, Storefront.Cents(checkout["total"]));
        var order = (await Storefront.OrderAsync(customer, checkout, [Storefront.CardOf(Storefront.Card)])).Expect(201).Json;
        var id = (string)order["id"]!;
        Assert.Equal(("confirmed", "authorised", "waiting"), Statuses(order));

        var first = await Store.PackAsync(id, Storefront.VariantOf(order), 1);
        await Store.DispatchAsync(first);
        var partly = await Store.OrderBecomesAsync(id, static seen => (string?)seen["fulfilmentStatus"] == "partially-shipped");
        Assert.Equal("partially-captured", (string?)partly["paymentStatus"]);
        var second = await Store.PackAsync(id, Storefront.VariantOf(order), 2);
        await Store.DispatchAsync(second);
        await Store.DeliverAsync(first);
        await Store.DeliverAsync(second);
        var done = await Store.OrderBecomesAsync(id, static seen => (string?)seen["status"] == "completed");
        Assert.Equal(("completed", "captured", "delivered"), Statuses(done));

        await ReturnAllAsync(customer, id, Storefront.VariantOf(order), 3);
        var returned = await Store.OrderBecomesAsync(id, static seen => (string?)seen["paymentStatus"] == "refunded");
        Assert.Equal(total, Storefront.Cents(returned["refundedTotal"]));
        Assert.Equal("returned", (string?)returned["fulfilmentStatus"]);
        await Store.Shop.StockBecomesAsync(sku, 10, 0);
        await Store.VerifyAsync();

        // The coupon was for one order; that it came back does not give it back.
        using var other = await open.Callers.CustomerAsync();
        var basket = (await other.PostAsync("/api/baskets", new { lines = new[] { new { sku, quantity = 1 } } })).Expect(201)["id"];
        await Eventually.Async(
            () => other.PostAsync("/api/ordering/checkouts?dryRun=true", new { basketId = basket, coupons = new[] { coupon } }),
            static without => Storefront.Cents(without.Json["total"]) == Storefront.Price);
    }

    [Theory]
    [InlineData("pm_card_chargeDeclined")]
    [InlineData("pm_card_visa_chargeDeclinedInsufficientFunds")]
    public async Task A_declined_payment_cancels_the_order_and_releases_the_stock(string card)
    {
        var sku = await OnSaleAsync(2);
        using var customer = open.Callers.Guest();

        var order = await Store.BuyAsync(customer, sku, 2, card);

        Assert.Equal(("cancelled", "declined", "none"), Statuses(order));
        Assert.False(string.IsNullOrEmpty((string?)order["reason"]));
        await Store.Shop.StockBecomesAsync(sku, 2, 0);
        await Store.VerifyAsync();
    }

    [Fact]
    public async Task A_gift_card_pays_first_and_the_card_what_is_left()
    {
        var sku = await OnSaleAsync(5);
        using var customer = open.Callers.Guest();
        var code = await Store.GiftCardAsync(1_000);
        var checkout = await Store.CheckoutAsync(customer, new Dictionary<string, int> { [sku] = 2 });

        var order = (await Storefront.OrderAsync(customer, checkout, [new { kind = "gift-card", code }, Storefront.CardOf(Storefront.Card)])).Expect(201).Json;

        Assert.Equal("confirmed", (string?)order["status"]);
        var shipment = await Store.PackAsync((string)order["id"]!, Storefront.VariantOf(order), 2);
        await Store.DispatchAsync(shipment);
        await Store.OrderBecomesAsync((string)order["id"]!, static seen => (string?)seen["paymentStatus"] == "captured");
        var left = (await customer.PostAsync("/api/payments/gift-cards/balance", new { code })).Expect(200).Json;
        Assert.Equal(0, Storefront.Cents(left["available"]));
        await Store.VerifyAsync();
    }

    [Fact]
    public async Task A_card_that_wants_the_customers_consent_says_where_and_goes_on_afterwards()
    {
        var sku = await OnSaleAsync(1);
        using var customer = open.Callers.Guest();

        var order = await Store.BuyAsync(customer, sku, 1, "pm_card_authenticationRequired");

        Assert.Equal("action-required", (string?)order["paymentStatus"]);
        (await customer.PostAsync((string)order["actionUrl"]! + "/confirm")).Expect(204);
        var confirmed = await Store.OrderBecomesAsync((string)order["id"]!, static seen => (string?)seen["status"] == "confirmed");
        Assert.Equal("authorised", (string?)confirmed["paymentStatus"]);
    }

    [Fact]
    public async Task An_order_that_is_cancelled_while_it_is_packed_is_not_charged_and_does_not_leave()
    {
        var sku = await OnSaleAsync(2);
        using var customer = open.Callers.Guest();
        var order = await Store.BuyAsync(customer, sku, 2);
        var id = (string)order["id"]!;

        (await customer.PostAsync($"/api/ordering/orders/{id}/cancel", new { reason = "found it in the attic" })).Expect(200);

        await Store.OrderBecomesAsync(id, static seen => (string?)seen["paymentStatus"] == "voided");
        await Store.Shop.StockBecomesAsync(sku, 2, 0);
        await Eventually.Async(() => Store.Staff.GetAsync("/api/shipping/fulfilments/" + id), static answer => answer.Code == 200 && answer["status"] == "cancelled");
        await Store.VerifyAsync();
    }

    [Fact]
    public async Task Of_50_equal_orders_with_a_card_one_is_placed_and_charged_once()
    {
        var sku = await OnSaleAsync(3);
        using var customer = open.Callers.Guest();
        var checkout = await Store.CheckoutAsync(customer, new Dictionary<string, int> { [sku] = 3 });
        var key = Guid.NewGuid().ToString();

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Storefront.OrderAsync(customer, checkout, [Storefront.CardOf(Storefront.Card)], key)));

        var id = Assert.Single(answers.Select(static answer => answer.Expect(201)["id"]).Distinct());
        var payment = (await Store.Staff.GetAsync("/api/payments/payments/" + checkout["id"])).Expect(200).Json;
        Assert.Equal(Storefront.Cents(checkout["total"]), Storefront.Cents(payment["amount"]));
        await Store.Shop.StockBecomesAsync(sku, 0, 0);
    }

    [Fact]
    public async Task An_order_is_shown_as_it_was_at_a_time()
    {
        var sku = await OnSaleAsync(1);
        using var customer = open.Callers.Guest();
        var order = await Store.BuyAsync(customer, sku, 1);
        var address = "/api/ordering/orders/" + order["id"];
        var placedAt = (string)(await customer.GetAsync(address + "/history")).Expect(200).Json["entries"]![0]!["at"]!;

        var then = (await customer.GetAsync($"{address}?asOf={Uri.EscapeDataString(placedAt)}")).Expect(200).Json;

        Assert.Equal(("placed", "pending", "none"), Statuses(then));
        (await customer.GetAsync($"{address}?asOf=2020-01-01T00:00:00Z")).ExpectProblem(404);
    }

    [Fact]
    public async Task A_dry_run_of_a_checkout_explains_the_total_and_keeps_nothing()
    {
        var sku = await OnSaleAsync(1);
        using var customer = open.Callers.Guest();
        var basket = (await customer.PostAsync("/api/baskets", new { lines = new[] { new { sku, quantity = 1 } } })).Expect(201)["id"];

        var dry = (await customer.PostAsync("/api/ordering/checkouts?dryRun=true", new { basketId = basket, coupons = new[] { "NO-SUCH-COUPON" } })).Json;

        Assert.Equal(Storefront.Price, Storefront.Cents(dry["total"]));
        Assert.Contains(dry["quote"]!["decisions"]!.AsArray(), static decision => (string?)decision!["kind"] == "coupon" && !(bool)decision["isApplied"]! && ((string)decision["reason"]!).Length > 0);
        Assert.Equal(new Stock(1, 0, 1), await Store.Shop.StockAsync(sku));
    }

    private async Task<string> OnSaleAsync(int quantity)
    {
        var sku = Shop.NewSku();
        await Store.Shop.SellAsync(quantity, sku);
        return sku;
    }

    private async Task ReturnAllAsync(Api customer, string orderId, Guid variantId, int quantity)
    {
        await Eventually.Async(
            () => customer.GetAsync($"/api/returns/orders/{orderId}/returnable"), answer => answer.Code == 200 && answer.Json["lines"]!.AsArray().Any(line => Guid.Parse((string)line!["variantId"]!) == variantId && (int)line["quantity"]! >= quantity));
        var asked = (await customer.PostAsync("/api/returns/returns", new { orderId, lines = new[] { new { variantId, quantity, reason = "doesNotFit" } } }, Storefront.Key())).Expect(201);
        var path = "/api/returns/returns/" + asked["id"];
        if (asked["status"] == "requested")
        {
            (await Store.Staff.PostAsync(path + "/approve", null)).Expect(200);
        }

        (await Store.Staff.PostAsync(path + "/receive", null)).Expect(200);
        (await Store.Staff.PostAsync(path + "/inspect", new
        {
            lines = new[] { new { variantId, quantity, condition = "asNew", disposition = "restock", isRefunded = true } },
            refundsShipping = true,
        })).Expect(200);
        await Eventually.Async(() => customer.GetAsync(path), static answer => answer.Code == 200 && answer["status"] == "completed");
    }

    private static (string?, string?, string?) Statuses(JsonNode order) => ((string?)order["status"], (string?)order["paymentStatus"], (string?)order["fulfilmentStatus"]);

    public sealed class OpenShop : IAsyncLifetime
    {
        private RunningHost? _running;

        internal Storefront Store { get; private set; } = null!;

        internal Callers Callers => _running!.Callers;

        public async Task InitializeAsync()
        {
            _running = await RunningHost.StartAsync(static settings => settings.With("pricing__PricesIncludeTax", "false"));
            Store = await new Storefront(Callers).OpenAsync();
        }

        public async Task DisposeAsync()
        {
            Store?.Dispose();
            if (_running is { } running)
            {
                await running.DisposeAsync();
            }
        }
    }
}
