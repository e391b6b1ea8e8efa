using System.Text.Json.Nodes;

namespace ModularMonolith.EndToEnd.Tests.Purchases;

/// <summary>Many customers want the same discount at the same moment.</summary>
public sealed class CouponRaceTests(PurchaseTests.OpenShop open) : IClassFixture<PurchaseTests.OpenShop>
{
    private const int Users = 500;
    private const int Uses = 100;

    // As a shop in front of the host would: so many requests are on their way at a time.
    private const int AtOnce = 32;

    private Storefront Store => open.Store;

    [Fact]
    public async Task Of_500_users_with_a_coupon_for_100_exactly_100_order_with_it()
    {
        var skus = Enumerable.Range(0, 10).Select(static _ => Shop.NewSku()).ToArray();
        await Store.Shop.SellAsync(Users, skus);
        var coupon = await Store.CouponAsync(Uses);
        var users = Enumerable.Range(0, Users).Select(_ => open.Callers.Guest()).ToArray();
        try
        {
            var checkouts = new JsonNode[Users];
            await EachAsync(async user =>
            {
                var basket = (await users[user].PostAsync("/api/baskets", new { lines = new[] { new { sku = skus[user % skus.Length], quantity = 1 } } })).Expect(201)["id"];
                checkouts[user] = (await users[user].PostAsync("/api/ordering/checkouts", new { basketId = basket, coupons = new[] { coupon } })).Expect(201).Json;
            });
            Assert.All(checkouts, static checkout => Assert.Equal(Storefront.Price * 90 / 100, Storefront.Cents(checkout["total"])));

            var answers = new Answer[Users];
            await EachAsync(async user => answers[user] = await new Shop(users[user]).OrderAsync(checkouts[user], Guid.NewGuid().ToString()));

            Assert.Equal(Uses, answers.Count(static answer => answer.Code == 201));
            Assert.All(answers.Where(static answer => answer.Code != 201), static answer => answer.ExpectProblem(409, "discounts-unavailable"));
            Assert.All(answers.Where(static answer => answer.Code == 201), static answer => Assert.Equal(Storefront.Price * 90 / 100, Storefront.Cents(answer.Json["total"])));

            // Who was too late orders at the price without it.
            var late = Array.FindIndex(answers, static answer => answer.Code == 409);
            var without = (await users[late].PatchAsync("/api/ordering/checkouts/" + checkouts[late]["id"], new { coupons = Array.Empty<string>() })).Expect(200).Json;
            Assert.Equal(Storefront.Price, Storefront.Cents((await new Shop(users[late]).OrderAsync(without, Guid.NewGuid().ToString())).Expect(201).Json["total"]));
            Assert.Equal(Uses, (await Store.Shop.OrdersAsync()).Count(static order => Storefront.Cents(order["total"]) == Storefront.Price * 90 / 100));
            await Store.Shop.VerifyStockAsync();
        }
        finally
        {
            foreach (var user in users)
            {
                user.Dispose();
            }
        }
    }

    private static Task EachAsync(Func<int, Task> work) =>
        Parallel.ForEachAsync(Enumerable.Range(0, Users), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (user, _) => await work(user));
}
