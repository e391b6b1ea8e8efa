using System.Text.Json.Nodes;

namespace ModularMonolith.EndToEnd.Tests.Security;

/// <summary>API1:2023, broken object level authorization: what belongs to somebody else is not found, and stays as it is.</summary>
[Collection(SecurityHosts.Name)]
public sealed class ObjectAuthorizationTests(SecurityHost host)
{
    [Fact]
    public async Task Another_customers_checkout_is_not_found_and_can_still_be_ordered_by_its_owner()
    {
        using var owner = await host.Callers.CustomerAsync();
        var checkout = await CheckoutAsync(owner);
        foreach (var stranger in await StrangersAsync())
        {
            using (stranger)
            {
                (await stranger.GetAsync($"/api/ordering/checkouts/{checkout["id"]}")).ExpectProblem(404);
                (await stranger.DeleteAsync($"/api/ordering/checkouts/{checkout["id"]}")).ExpectProblem(404);
                (await new Shop(stranger).OrderAsync(checkout, Guid.NewGuid().ToString())).ExpectProblem(404);
            }
        }

        (await owner.GetAsync($"/api/ordering/checkouts/{checkout["id"]}")).Expect(200);
        (await new Shop(owner).OrderAsync(checkout, Guid.NewGuid().ToString())).Expect(201);
    }

    [Fact]
    public async Task Another_customers_order_is_not_found_not_listed_and_not_cancelled()
    {
        using var owner = await host.Callers.CustomerAsync();
        var order = (await new Shop(owner).OrderAsync(await CheckoutAsync(owner), Guid.NewGuid().ToString())).Expect(201).Json;
        foreach (var stranger in await StrangersAsync())
        {
            using (stranger)
            {
                (await stranger.GetAsync($"/api/ordering/orders/{order["id"]}")).ExpectProblem(404);
                (await stranger.GetAsync($"/api/ordering/orders/{order["id"]}/history")).ExpectProblem(404);
                (await stranger.PostAsync($"/api/ordering/orders/{order["id"]}/cancel", new { reason = "mine" })).ExpectProblem(404);
                Assert.DoesNotContain((string)order["id"]!, (await stranger.GetAsync("/api/ordering/orders?limit=100")).Expect(200).Body, StringComparison.Ordinal);
            }
        }

        Assert.Equal((string)order["status"]!, (await owner.GetAsync($"/api/ordering/orders/{order["id"]}")).Expect(200)["status"]);
    }

    [Fact]
    public async Task The_idempotency_key_of_another_customer_replays_nothing()
    {
        using var owner = await host.Callers.CustomerAsync();
        using var stranger = await host.Callers.CustomerAsync();
        var (checkout, key) = (await CheckoutAsync(owner), Guid.NewGuid().ToString());
        var order = (await new Shop(owner).OrderAsync(checkout, key)).Expect(201);

        var answer = (await new Shop(stranger).OrderAsync(checkout, key)).ExpectProblem(404);

        Assert.DoesNotContain(order["id"], answer.Body, StringComparison.Ordinal);
        Assert.Empty(answer.Header("Idempotency-Replayed"));
    }

    [Fact]
    public async Task A_basket_is_its_ids_and_ids_near_to_it_are_nobodys()
    {
        // A basket belongs to whoever knows its id, so all that protects it is that nobody can guess it.
        var sku = Shop.NewSku();
        await host.Shop.SellAsync(5, sku);
        using var customer = await host.Callers.CustomerAsync();
        var id = await new Shop(customer).BasketAsync(sku);
        using var stranger = host.Callers.Anonymous();
        Assert.True(id.Length >= 22, id);
        foreach (var position in new[] { 0, id.Length / 2, id.Length - 2 })
        {
            var near = id[..position] + (id[position] == 'a' ? 'b' : 'a') + id[(position + 1)..];
            (await stranger.GetAsync("/api/baskets/" + near)).ExpectProblem(404);
            (await stranger.DeleteAsync("/api/baskets/" + near)).ExpectProblem(404);
            (await stranger.PostAsync($"/api/baskets/{near}/lines", new { sku, quantity = 1 })).ExpectProblem(404);
            using var thief = await host.Callers.CustomerAsync();
            (await new Shop(thief).CheckoutAsync(near)).ExpectProblem(404);
        }

        (await stranger.GetAsync("/api/baskets/" + (id.Any(char.IsUpper) ? id.ToLowerInvariant() : id.ToUpperInvariant()))).ExpectProblem(404);
        Assert.Single((await customer.GetAsync("/api/baskets/" + id)).Expect(200).Json["lines"]!.AsArray());
    }

    [Fact]
    public async Task Another_accounts_session_is_not_found_and_goes_on()
    {
        using var owner = await host.Callers.CustomerAsync();
        var session = (await owner.GetAsync("/api/identity/account/sessions")).Expect(200).Json["items"]![0]!["id"]!;
        foreach (var stranger in await StrangersAsync())
        {
            using (stranger)
            {
                (await stranger.DeleteAsync($"/api/identity/account/sessions/{session}")).ExpectProblem(404);
            }
        }

        Assert.Contains((await owner.GetAsync("/api/identity/account/sessions")).Expect(200).Json["items"]!.AsArray(), other => other!["id"]!.ToString() == session.ToString());
    }

    [Fact]
    public async Task Another_accounts_key_is_not_found_and_goes_on()
    {
        var created = (await host.Admin.PostAsync("/api/identity/api-keys", new { name = "Reports", permissions = new[] { "ordering:read" }, days = 1 })).Expect(201).Json;
        var (id, authorization) = (created["key"]!["id"]!.ToString(), (string)created["authorization"]!);
        using var customer = await host.Callers.CustomerAsync();
        using var guest = host.Callers.Guest();

        (await customer.DeleteAsync("/api/identity/api-keys/" + id)).ExpectProblem(404);
        (await guest.DeleteAsync("/api/identity/api-keys/" + id)).ExpectProblem();
        Assert.DoesNotContain(id, (await customer.GetAsync("/api/identity/api-keys")).Expect(200).Body, StringComparison.Ordinal);

        using var machine = host.Callers.Anonymous();
        (await machine.GetAsync("/api/ordering/orders", ("Authorization", authorization))).Expect(200);
    }

    [Fact]
    public async Task Another_accounts_passkey_is_not_found()
    {
        using var customer = await host.Callers.CustomerAsync();
        (await customer.DeleteAsync("/api/identity/account/passkeys/c29tZWJvZHkgZWxzZSdz")).ExpectProblem(404);
        Assert.Empty((await customer.GetAsync("/api/identity/account/passkeys")).Expect(200).Json["items"]!.AsArray());
    }

    private async Task<IReadOnlyList<Api>> StrangersAsync() => [await host.Callers.CustomerAsync(), host.Callers.Guest()];

    private async Task<JsonNode> CheckoutAsync(Api customer)
    {
        var sku = Shop.NewSku();
        await host.Shop.SellAsync(5, sku);
        var shop = new Shop(customer);
        return (await shop.CheckoutAsync(await shop.BasketAsync(sku))).Expect(201).Json;
    }
}
