using System.Globalization;
using System.Text.Json.Nodes;

namespace ModularMonolith.EndToEnd.Tests.Conventions;

/// <summary>Conventions 23 to 28 and 35: what changes answer.</summary>
[Collection(ConventionsHosts.Name)]
public sealed class ResultConventionTests(ConventionsHost host)
{
    [Fact]
    public async Task Convention_23_what_was_created_says_where_it_is()
    {
        var sku = Shop.NewSku();
        await host.Shop.SellAsync(5, sku);
        var basket = (await host.Api.PostAsync("/api/baskets", new { lines = new[] { new { sku, quantity = 1 } } })).Expect(201);
        var checkout = (await host.Shop.CheckoutAsync(basket["id"])).Expect(201);
        var order = (await host.Shop.OrderAsync(checkout.Json, Guid.NewGuid().ToString())).Expect(201);
        var product = (await host.Api.PostAsync("/api/catalog/products", ConventionsHost.Product("Kettle"))).Expect(201);

        foreach (var created in new[] { checkout, order, product })
        {
            Assert.Equal(created["id"], (await host.Api.GetAsync(created.Header("Location"))).Expect(200)["id"]);
        }
    }

    [Fact]
    public async Task Convention_24_what_takes_long_is_accepted_and_has_a_status()
    {
        var sku = Shop.NewSku();
        var accepted = (await host.Api.PostBytesAsync("/api/catalog/imports", Shop.Products(3, sku), "text/csv", ("Prefer", "respond-async"))).Expect(202);

        Assert.Equal(("accepted", "respond-async", "1"), (accepted["status"], accepted.Header("Preference-Applied"), accepted.Header("Retry-After")));
        var ended = await Eventually.Async(() => host.Api.GetAsync(accepted.Header("Location")), answer => answer.Expect(200)["status"] != "accepted");
        Assert.Equal(("completed", accepted["id"]), (ended["status"], ended["id"]));
        await host.Shop.StockBecomesAsync(sku, 3, 0);
    }

    [Fact]
    public async Task Convention_25_a_bulk_operation_answers_for_each_item_and_its_key_stands_for_all()
    {
        var sku = Shop.NewSku();
        await host.Shop.SellAsync(5, sku);
        var body = new { items = new[] { new { sku, delta = -1, reason = "count" }, new { sku = "never seen", delta = 1, reason = "count" }, new { sku, delta = -9, reason = "count" } } };
        var key = ("Idempotency-Key", Guid.NewGuid().ToString());

        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => host.Api.PostAsync("/api/inventory/adjustments/bulk", body, key)));

        var first = (await host.Api.PostAsync("/api/inventory/adjustments/bulk", body, key)).Expect(200);
        Assert.All(answers, answer => Assert.True(answer.Code == 409 || answer.Expect(200).Body == first.Body, answer.ToString()));
        Assert.Equal([null, "/problems/not-found", "/problems/insufficient-stock"], first.Json["items"]!.AsArray().Select(item => (string?)item!["problem"]?["type"]));
        Assert.Equal(new Stock(4, 0, 4), await host.Shop.StockAsync(sku));
    }

    [Fact]
    public async Task Conventions_26_27_and_28_money_time_and_ids_have_one_form()
    {
        var sku = Shop.NewSku();
        await host.Shop.SellAsync(5, sku);
        var order = await host.Shop.BuyAsync(sku);
        var other = await host.Shop.BuyAsync(sku);

        Assert.Equal(["amount", "currency"], order["total"]!.AsObject().Select(member => member.Key).Order());
        Assert.Equal((1250, "EUR"), ((int)order["total"]!["amount"]!, (string)order["total"]!["currency"]!));
        var placed = (string)order["placedAt"]!;
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)$", placed);
        Assert.InRange(DateTimeOffset.Parse(placed, CultureInfo.InvariantCulture), DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddMinutes(5));
        foreach (var id in new[] { (string)order["id"]!, (string)other["id"]! })
        {
            // Version 7 has 74 random bits (RFC 9562, section 5.7).
            Assert.Matches("^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$", id);
        }

        Assert.NotEqual(((string)order["id"]!)[^12..], ((string)other["id"]!)[^12..]);
    }

    [Fact]
    public async Task Convention_35_a_dry_run_answers_what_would_be_and_changes_nothing()
    {
        var content = ConventionsHost.Product("Tried out");
        var tried = (await host.Api.PostAsync("/api/catalog/products?dryRun=true", content)).Expect(200);

        Assert.Equal("true", tried.Header("Dry-Run"));
        Assert.Empty(tried.Header("Location"));
        Assert.Equal("Tried out", tried["title"]);
        (await host.Api.GetAsync("/api/catalog/products/" + tried["id"])).ExpectProblem(404);
        Assert.Empty((await host.Api.PostAsync("/api/catalog/products?dryRun=false", content)).Expect(201).Header("Dry-Run"));
    }

    [Fact]
    public async Task Convention_35_a_dry_run_is_refused_for_the_reasons_for_which_the_real_one_is()
    {
        var (path, tag) = await host.ProductAsync();
        (await host.Api.PostAsync("/api/catalog/products?dryRun=true", new { title = "", variants = Array.Empty<object>() })).ExpectProblem(400, "validation");
        (await host.Api.PutAsync(path + "?dryRun=true", ConventionsHost.Product("Other"), ("If-Match", "\"v99\""))).ExpectProblem(412);
        (await host.Api.PostAsync("/api/catalog/products?dryRun=perhaps", ConventionsHost.Product("Other"))).ExpectProblem(400, "malformed-request");
        (await host.Api.PostAsync("/api/catalog/products?dryRun=", ConventionsHost.Product("Other"))).ExpectProblem(400, "malformed-request");
        (await host.Api.GetAsync("/api/catalog/products?dryRun=true")).ExpectProblem(400, "malformed-request");

        Assert.Equal("Other", (await host.Api.PutAsync(path + "?dryRun=true", ConventionsHost.Product("Other"), ("If-Match", tag))).Expect(200)["title"]);
        var now = (await host.Api.GetAsync(path)).Expect(200);
        Assert.Equal(("Kettle", tag), (now["title"], now.Header("ETag")));
    }

    [Fact]
    public async Task Convention_35_a_dry_run_over_several_modules_takes_all_of_it_back_and_leaves_the_key()
    {
        var sku = Shop.NewSku();
        await host.Shop.SellAsync(5, sku);
        var basket = await host.Shop.BasketAsync(sku, 2);

        var tried = (await host.Api.PostAsync("/api/ordering/checkouts?dryRun=true", new { basketId = basket })).Expect(200);
        Assert.Equal(2500, (int)tried.Json["total"]!["amount"]!);
        Assert.Equal(new Stock(5, 0, 5), await host.Shop.StockAsync(sku));
        (await host.Api.GetAsync("/api/ordering/checkouts/" + tried["id"])).ExpectProblem(404);

        var checkout = (await host.Shop.CheckoutAsync(basket)).Expect(201).Json;
        var key = Guid.NewGuid().ToString();
        var order = new { checkoutId = (string)checkout["id"]!, expectedTotal = checkout["total"] };
        var rehearsed = (await host.Api.PostAsync("/api/ordering/orders?dryRun=true", order, ("Idempotency-Key", key))).Expect(200);
        (await host.Api.GetAsync("/api/ordering/orders/" + rehearsed["id"])).ExpectProblem(404);
        var events = await host.ScalarAsync<long>($"select count(*) from integration.message where payload::text like '%{rehearsed["id"]}%'");
        Assert.Equal(0, events);

        var real = (await host.Shop.OrderAsync(checkout, key)).Expect(201);
        Assert.Empty(real.Header("Idempotency-Replayed"));
        (await host.Api.GetAsync(real.Header("Location"))).Expect(200);
        await host.Shop.StockBecomesAsync(sku, 3, 0);
        Assert.IsType<JsonObject>(real.Json);
    }
}
