using System.Text.Json.Nodes;

namespace ModularMonolith.EndToEnd.Tests.Security;

/// <summary>API3:2023, broken object property level authorization: nobody sets what is the server's to set (mass assignment), and answers hold no more than they say (excessive exposure).</summary>
[Collection(SecurityHosts.Name)]
public sealed class PropertyAuthorizationTests(SecurityHost host)
{
    // What is not signed is refused before it is read.
    private const string Signed = "/api/shipping/carrier-events";

    private static readonly string[] ServersOwn =
        ["id", "owner", "ownerId", "subject", "status", "total", "roles", "permissions", "createdAt", "updatedAt", "version", "isAdmin", "admin", "passwordHash", "emailVerified", "tenant", "orderId", "mt_version", "$type", "__proto__"];

    [Fact]
    public async Task Fields_that_are_the_servers_to_set_are_refused_in_every_object_of_every_body()
    {
        var operations = SampledOperation.AllOf((await host.Admin.GetAsync("/openapi/v1.json")).Expect(200).Json).Where(static operation => operation.Body is not null && operation.Template != Signed).ToList();
        var requests = operations.SelectMany(RequestsTo).ToList();
        var faults = new System.Collections.Concurrent.ConcurrentBag<string>();
        Assert.True(requests.Count > 500, $"Only {requests.Count} requests.");

        await Parallel.ForEachAsync(requests, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (request, _) =>
        {
            var (operation, field, body) = request;
            var answer = await host.Admin.SendAsync(
                new HttpMethod(operation.Method), operation.PathWith(static name => name == "position" ? "1" : Guid.CreateVersion7().ToString()), Api.Bytes(System.Text.Encoding.UTF8.GetBytes(body), "application/json"),
                ("Idempotency-Key", Guid.NewGuid().ToString()), ("If-Match", "\"v1\""));
            // Names with a dollar are read by the serializer itself and refused as what they are.
            if (answer.Code != 400 || (string?)answer.Json["type"] != "/problems/malformed-request" || (field[0] != '$' && !answer.Body.Contains($"'{field}'", StringComparison.Ordinal)))
            {
                faults.Add($"{field} in {body}: {answer}");
            }
        });

        Assert.True(faults.IsEmpty, $"{faults.Count} of {requests.Count}:\n" + string.Join("\n\n", faults.Take(10)));
    }

    [Fact]
    public async Task A_refused_field_leaves_everything_as_it_is()
    {
        var content = new JsonObject { ["title"] = "Kettle", ["variants"] = new JsonArray(new JsonObject { ["sku"] = Shop.NewSku(), ["price"] = new JsonObject { ["amount"] = 2500, ["currency"] = "EUR" } }) };
        var created = (await host.Admin.PostAsync("/api/catalog/products", content)).Expect(201);
        var path = created.Header("Location");
        foreach (var field in new[] { "status", "version", "id", "createdAt" })
        {
            var spoiled = (JsonObject)content.DeepClone();
            spoiled["title"] = "Stolen";
            spoiled[field] = field == "status" ? "active" : "1";
            (await host.Admin.PutAsync(path, spoiled, ("If-Match", created.Header("ETag")))).ExpectProblem(400);
        }

        var now = (await host.Admin.GetAsync(path)).Expect(200);
        Assert.Equal(("Kettle", "draft", created.Header("ETag")), (now["title"], now["status"], now.Header("ETag")));
    }

    [Fact]
    public async Task A_customer_cannot_buy_at_a_price_or_in_the_name_of_their_choice()
    {
        using var customer = await host.Callers.CustomerAsync();
        var (shop, sku) = (new Shop(customer), Shop.NewSku());
        await host.Shop.SellAsync(5, sku);
        (await customer.PostAsync("/api/baskets", new { lines = new[] { new { sku, quantity = 1, unitPrice = new { amount = 1, currency = "EUR" } } } })).ExpectProblem(400);
        var basket = await shop.BasketAsync(sku);
        (await customer.PostAsync("/api/ordering/checkouts", new { basketId = basket, total = new { amount = 1, currency = "EUR" } })).ExpectProblem(400);
        (await customer.PostAsync("/api/ordering/checkouts", new { basketId = basket, owner = "somebody" })).ExpectProblem(400);
        var checkout = (await shop.CheckoutAsync(basket)).Expect(201).Json;
        checkout["total"]!["amount"] = 1;
        (await shop.OrderAsync(checkout, Guid.NewGuid().ToString())).ExpectProblem(409, "price-changed");
        Assert.Empty((await customer.GetAsync("/api/ordering/orders")).Expect(200).Json["items"]!.AsArray());
    }

    [Fact]
    public async Task Nobody_is_shown_hashes_stamps_or_secrets_of_accounts_clients_keys_or_sessions()
    {
        (await host.Admin.PostAsync("/api/identity/clients", new { name = "Exposed", isConfidential = true, grants = new[] { "client_credentials" } })).Expect(201);
        (await host.Admin.PostAsync("/api/identity/api-keys", new { name = "Exposed", permissions = new[] { "ordering:read" }, days = 1 })).Expect(201);
        foreach (var path in new[] { "/accounts?limit=100", "/account", "/clients?limit=100", "/api-keys?limit=100", "/account/sessions", "/account/passkeys", "/roles" })
        {
            var answer = (await host.Admin.GetAsync("/api/identity" + path)).Expect(200);
            Assert.All(Names(answer.Json), name => Assert.DoesNotMatch("(?i)hash|stamp|secret|password|protected|token|recovery[^C]|authorization", name.Replace("hasPassword", string.Empty, StringComparison.Ordinal)));
        }
    }

    [Fact]
    public async Task The_public_sees_what_is_on_sale_and_no_stock_and_no_drafts()
    {
        var (sku, draft) = (Shop.NewSku(), Shop.NewSku());
        await host.Shop.SellAsync(5, sku);
        var hidden = (await host.Admin.PostAsync("/api/catalog/products", new { title = "Secret plan " + draft, variants = new[] { new { sku = draft, price = new { amount = 1, currency = "EUR" } } } })).Expect(201);
        using var customer = await host.Callers.CustomerAsync();
        using var anonymous = host.Callers.Anonymous();
        foreach (var caller in new[] { customer, anonymous })
        {
            Assert.Contains(sku, (await caller.GetAsync("/api/catalog/products?q=" + sku)).Expect(200).Body, StringComparison.OrdinalIgnoreCase);
            Assert.Empty((await caller.GetAsync("/api/catalog/products?q=" + draft)).Expect(200).Json["items"]!.AsArray());
            (await caller.GetAsync(hidden.Header("Location"))).ExpectProblem(404);
            (await caller.GetAsync("/api/catalog/products?status=draft")).ExpectProblem();
            Assert.DoesNotContain("onHand", (await caller.GetAsync("/api/inventory/availability?sku=" + sku)).Expect(200).Body, StringComparison.Ordinal);
        }
    }

    private static IEnumerable<(SampledOperation Operation, string Field, string Body)> RequestsTo(SampledOperation operation)
    {
        var places = new List<(string Pointer, HashSet<string> Names)>();
        operation.WholeBody(visit: (pointer, members) => places.Add((pointer, members.Select(static member => member.Key).ToHashSet(StringComparer.Ordinal))));
        foreach (var (pointer, names) in places)
        {
            foreach (var field in ServersOwn.Where(field => !names.Contains(field)))
            {
                var body = operation.WholeBody(visit: (place, members) =>
                {
                    if (place == pointer)
                    {
                        members[field] = field.EndsWith("At", StringComparison.Ordinal) ? "2026-01-01T00:00:00Z" : "1";
                    }
                });
                yield return (operation, field, body.ToJsonString());
            }
        }
    }

    private static IEnumerable<string> Names(JsonNode? node) => node switch
    {
        JsonObject members => members.SelectMany(static member => Names(member.Value).Prepend(member.Key)),
        JsonArray items => items.SelectMany(Names),
        _ => [],
    };
}
