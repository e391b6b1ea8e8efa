namespace ModularMonolith.EndToEnd.Tests;

/// <summary>Many customers want the same piece at the same moment.</summary>
[Collection(PlainHosts.Name)]
public sealed class LastUnitTests(HostFixture host)
{
    private const int Buyers = 200;

    [Fact]
    public async Task Of_200_buyers_of_the_last_unit_one_gets_it_and_nothing_is_stuck()
    {
        var shop = host.Shop;
        var sku = Shop.NewSku();
        await shop.SellAsync(1, sku);
        var baskets = await Task.WhenAll(Enumerable.Range(0, Buyers).Select(_ => shop.BasketAsync(sku)));

        var answers = await Task.WhenAll(baskets.Select(shop.CheckoutAsync));

        var winner = Assert.Single(answers, answer => answer.Code == 201);
        foreach (var loser in answers.Where(answer => answer != winner))
        {
            var line = Assert.Single(loser.ExpectProblem(409, "stock-short").Json["lines"]!.AsArray())!;
            Assert.Equal((sku, 1, 0), ((string)line["sku"]!, (int)line["requested"]!, (int)line["available"]!));
        }

        Assert.Equal(new Stock(1, 1, 0), await shop.StockAsync(sku));

        // Given up by the winner, the piece can be had by another one, and is gone when that one has ordered.
        (await shop.Api.DeleteAsync("/api/ordering/checkouts/" + winner["id"])).Expect(204);
        Assert.Equal(new Stock(1, 0, 1), await shop.StockAsync(sku));
        var second = baskets[Array.FindIndex(answers, answer => answer.Code == 409)];
        var order = (await shop.OrderAsync((await shop.CheckoutAsync(second)).Expect(201).Json, Guid.NewGuid().ToString())).Expect(201);
        await shop.StockBecomesAsync(sku, 0, 0);

        // Cancelled, it is on the shelf again.
        (await shop.Api.PostAsync($"/api/ordering/orders/{order["id"]}/cancel", new { reason = "changed my mind" })).Expect(200);
        await shop.StockBecomesAsync(sku, 1, 0);
        await shop.VerifyStockAsync();
    }

    [Fact]
    public async Task Of_50_equal_orders_with_one_key_one_is_placed_and_all_are_answered_alike()
    {
        var shop = host.Shop;
        var sku = Shop.NewSku();
        await shop.SellAsync(10, sku);
        var checkout = (await shop.CheckoutAsync(await shop.BasketAsync(sku, 3))).Expect(201).Json;
        var key = Guid.NewGuid().ToString();

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => shop.OrderAsync(checkout, key)));

        Assert.All(answers, answer => answer.Expect(201));
        Assert.Single(answers.Select(answer => answer.Body).Distinct());
        (await shop.OrderAsync(checkout, Guid.NewGuid().ToString())).ExpectProblem(409, "checkout-ordered");
        await shop.StockBecomesAsync(sku, 7, 0);
    }

    [Fact]
    public async Task Buyers_of_the_same_two_products_in_any_order_do_not_block_each_other()
    {
        var shop = host.Shop;
        var (one, other) = (Shop.NewSku(), Shop.NewSku());
        await shop.SellAsync(20, one, other);
        // Each is somebody: a checkout of one and the same customer would give up an earlier one, and its stock with it.
        var buyers = await Task.WhenAll(Enumerable.Range(0, 40).Select(async number =>
        {
            var (first, second) = number % 2 == 0 ? (one, other) : (other, one);
            var guest = new Shop(host.Callers.Guest());
            var basket = await guest.Api.PostAsync("/api/baskets", new { lines = new[] { new { sku = first, quantity = 1 }, new { sku = second, quantity = 1 } } });
            return (Shop: guest, Basket: basket.Expect(201)["id"]);
        }));

        var checkouts = await Task.WhenAll(buyers.Select(buyer => buyer.Shop.CheckoutAsync(buyer.Basket)));

        Assert.Equal(20, checkouts.Count(answer => answer.Code == 201));
        Assert.All(checkouts.Where(answer => answer.Code != 201), answer => answer.ExpectProblem(409, "stock-short"));
        var orders = await Task.WhenAll(buyers.Zip(checkouts).Where(pair => pair.Second.Code == 201).Select(pair => pair.First.Shop.OrderAsync(pair.Second.Json, Guid.NewGuid().ToString())));
        Assert.All(orders, answer => answer.Expect(201));
        await shop.StockBecomesAsync(one, 0, 0);
        await shop.StockBecomesAsync(other, 0, 0);
        await shop.VerifyStockAsync();
        Array.ForEach(buyers, static buyer => buyer.Shop.Api.Dispose());
    }
}
