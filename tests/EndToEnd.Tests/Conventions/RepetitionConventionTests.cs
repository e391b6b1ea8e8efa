using System.Text.Json.Nodes;

namespace ModularMonolith.EndToEnd.Tests.Conventions;

/// <summary>Conventions 11 to 17, but for 15, which <see cref="CrashTests"/> shows: keys that make a request's effect happen once.</summary>
[Collection(ConventionsHosts.Name)]
public sealed class RepetitionConventionTests(ConventionsHost host)
{
    [Fact]
    public async Task Convention_11_what_moves_money_or_goods_needs_a_key()
    {
        (await host.Shop.OrderAsync(await CheckoutAsync(), string.Empty)).ExpectProblem(400, "idempotency-key-required");
        (await host.Api.PostAsync("/api/inventory/receipts", Receipt(1))).ExpectProblem(400, "idempotency-key-required");
    }

    [Fact]
    public async Task Conventions_12_and_13_the_same_request_gets_the_same_bytes_and_another_one_is_refused()
    {
        var (checkout, key) = (await CheckoutAsync(), NewKey());

        var first = (await host.Shop.OrderAsync(checkout, key)).Expect(201);
        var again = (await host.Shop.OrderAsync(checkout, key)).Expect(201);

        Assert.Equal(first.Body, again.Body);
        Assert.Equal(first.Header("Location"), again.Header("Location"));
        Assert.Empty(first.Header("Idempotency-Replayed"));
        Assert.Equal("true", again.Header("Idempotency-Replayed"));
        (await host.Shop.OrderAsync(await CheckoutAsync(), key)).ExpectProblem(422, "idempotency-key-reused");
    }

    [Fact]
    public async Task Convention_14_fifty_at_once_have_one_effect()
    {
        var (sku, key) = (Shop.NewSku(), NewKey());

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => host.Api.PostAsync("/api/inventory/receipts", Receipt(3, sku), ("Idempotency-Key", key))));

        Assert.All(answers, answer => Assert.True(answer.Code is 200 or 409, answer.ToString()));
        Assert.Single(answers.Where(answer => answer.Code == 200).Select(answer => answer.Body).Distinct());
        Assert.Single(answers, answer => answer.Code == 200 && answer.Header("Idempotency-Replayed").Length == 0);
        Assert.Equal(3, (await host.Shop.StockAsync(sku))!.OnHand);
    }

    [Fact]
    public async Task Convention_16_a_key_belongs_to_its_route()
    {
        var (sku, key) = (Shop.NewSku(), NewKey());
        (await host.Api.PostAsync("/api/inventory/receipts", Receipt(3, sku), ("Idempotency-Key", key))).Expect(200);

        var other = (await host.Api.PostAsync("/api/inventory/adjustments", new { sku, location = "main", delta = -1, reason = "broken" }, ("Idempotency-Key", key))).Expect(200);

        Assert.Empty(other.Header("Idempotency-Replayed"));
        Assert.Equal(2, (await host.Shop.StockAsync(sku))!.OnHand);
    }

    [Fact]
    public async Task Convention_17_a_request_that_was_refused_does_not_use_its_key_up()
    {
        var (sku, key) = (Shop.NewSku(), NewKey());
        (await host.Api.PostAsync("/api/inventory/receipts", Receipt(-3, sku), ("Idempotency-Key", key))).ExpectProblem(400, "validation");

        (await host.Api.PostAsync("/api/inventory/receipts", Receipt(3, sku), ("Idempotency-Key", key))).Expect(200);
        Assert.Equal(3, (await host.Shop.StockAsync(sku))!.OnHand);
    }

    private static string NewKey() => Guid.NewGuid().ToString();

    private static object Receipt(int quantity, string? sku = null) => new { sku = sku ?? Shop.NewSku(), location = "main", quantity, reference = "delivery note" };

    private async Task<JsonNode> CheckoutAsync()
    {
        var sku = Shop.NewSku();
        await host.Shop.SellAsync(5, sku);
        return (await host.Shop.CheckoutAsync(await host.Shop.BasketAsync(sku))).Expect(201).Json;
    }
}
