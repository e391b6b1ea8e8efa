namespace ModularMonolith.EndToEnd.Tests.Security;

/// <summary>
/// API6:2023, unrestricted access to sensitive business flows. What keeps somebody from holding a shop's stock: a basket holds nothing, a checkout needs somebody known, holds for minutes, and one basket
/// has one checkout. docs/security.md says what that does not stop.
/// </summary>
[Collection(SecurityHosts.Name)]
public sealed class BusinessFlowTests(SecurityHost host)
{
    [Fact]
    public async Task Baskets_hold_no_stock_however_many_there_are()
    {
        var sku = Shop.NewSku();
        await host.Shop.SellAsync(5, sku);
        using var anonymous = host.Callers.Anonymous();
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => new Shop(anonymous).BasketAsync(sku, 5)));

        Assert.Equal(new Stock(5, 0, 5), await host.Shop.StockAsync(sku));
        using var customer = await host.Callers.CustomerAsync();
        var shop = new Shop(customer);
        (await shop.CheckoutAsync(await shop.BasketAsync(sku, 5))).Expect(201);
    }

    [Fact]
    public async Task Nobody_unknown_holds_stock()
    {
        var sku = Shop.NewSku();
        await host.Shop.SellAsync(5, sku);
        using var anonymous = host.Callers.Anonymous();
        var shop = new Shop(anonymous);

        (await shop.CheckoutAsync(await shop.BasketAsync(sku, 5))).ExpectProblem(401, "unauthenticated");

        Assert.Equal(new Stock(5, 0, 5), await host.Shop.StockAsync(sku));
    }

    [Fact]
    public async Task One_basket_holds_its_stock_once_for_minutes_and_gives_it_back()
    {
        var sku = Shop.NewSku();
        await host.Shop.SellAsync(10, sku);
        using var customer = await host.Callers.CustomerAsync();
        var shop = new Shop(customer);
        var basket = await shop.BasketAsync(sku, 2);
        var checkout = (await shop.CheckoutAsync(basket)).Expect(201);
        for (var again = 0; again < 5; again++)
        {
            checkout = (await shop.CheckoutAsync(basket)).Expect(201);
        }

        await host.Shop.StockBecomesAsync(sku, 10, 2);
        var expires = DateTimeOffset.Parse(checkout["expiresAt"], System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(expires - TimeProvider.System.GetUtcNow(), TimeSpan.Zero, TimeSpan.FromMinutes(11));
        (await customer.DeleteAsync("/api/ordering/checkouts/" + checkout["id"])).Expect(204);
        await host.Shop.StockBecomesAsync(sku, 10, 0);
    }

    [Fact]
    public async Task A_checkout_reserves_what_is_there_and_never_more()
    {
        var sku = Shop.NewSku();
        await host.Shop.SellAsync(3, sku);
        using var customer = await host.Callers.CustomerAsync();
        var shop = new Shop(customer);
        (await customer.PostAsync("/api/baskets", new { lines = new[] { new { sku, quantity = 999 } } })).ExpectProblem(409, "not-enough-stock");
        var baskets = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => shop.BasketAsync(sku)));
        var answers = await Task.WhenAll(baskets.Select(shop.CheckoutAsync));

        Assert.Equal(3, answers.Count(static answer => answer.Code == 201));
        Assert.All(answers.Where(static answer => answer.Code != 201), static answer => answer.ExpectProblem(409, "stock-short"));
    }

    [Fact]
    public async Task Somebody_elses_address_gets_a_few_mails_however_often_they_are_asked_for()
    {
        var email = $"{Guid.NewGuid():N}@example.com";
        using var anonymous = host.Callers.Anonymous();
        string? last = null;
        for (var time = 0; time < 8; time++)
        {
            last = (await anonymous.PostAsync("/api/identity/accounts", new { email, password = $"a password of number {time}" })).Expect(202)["registrationId"];
        }

        // The mails are made one after the other; when this later one of another address is there, so are all before it.
        await host.Callers.RegisterAsync();
        Assert.Null(host.Callers.MailTokenOf(last!));
    }
}
