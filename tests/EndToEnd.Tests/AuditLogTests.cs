using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ModularMonolith.EndToEnd.Tests.Conventions;

namespace ModularMonolith.EndToEnd.Tests;

/// <summary>Who changed what, when and from where, as it is asked over HTTP of a host that serves a shop.</summary>
[Collection(ConventionsHosts.Name)]
public sealed class AuditLogTests(ConventionsHost host)
{
    /// <summary>Operations that are not part of the tour below. They go through the same unit of work; a new operation is added to the tour or here.</summary>
    private static readonly Dictionary<string, string> NotToured = new(StringComparer.Ordinal)
    {
        ["POST /api/identity/accounts/find"] = "It reads.",
        ["POST /api/identity/oauth/introspect"] = "It reads.",
        ["POST /api/identity/oauth/token"] = "The tests of Identity show what it does; signing in is toured.",
        ["POST /api/identity/oauth/revoke"] = "The tests of Identity show what it does; signing out is toured.",
        ["POST /api/identity/oauth/sign-in"] = "A browser's form.",
        ["POST /api/identity/sign-in/passkey"] = "It needs a passkey.",
        ["POST /api/identity/account/passkeys"] = "It needs a passkey.",
        ["DELETE /api/identity/account/passkeys/{id}"] = "It needs a passkey.",
        ["POST /api/identity/account/authenticator/confirm"] = "It needs an authenticator app.",
        ["POST /api/identity/account/authenticator/remove"] = "It needs an authenticator app.",
        ["POST /api/identity/account/recovery-codes"] = "It needs an authenticator app.",
        ["POST /api/identity/accounts/verify"] = "It needs a mail.",
        ["POST /api/identity/password-resets/complete"] = "It needs a mail.",
        ["POST /api/identity/email-changes/complete"] = "It needs a mail.",
        ["POST /api/log/subscriptions/{module}/{name}/failed/{position}/replay"] = "It needs an event that failed; the platform's tests have one.",
        ["POST /api/log/subscriptions/{module}/{name}/failed/replay"] = "It needs an event that failed; the platform's tests have one.",
        ["POST /api/log/subscriptions/{module}/{name}/failed/{position}/discard"] = "It needs an event that failed; the platform's tests have one.",
        ["POST /api/log/timers/{module}/{id}/replay"] = "It needs a timer that failed; the platform's tests have one.",
        ["POST /api/log/timers/{module}/{id}/discard"] = "The platform's tests give a timer up.",
    };

    [Fact]
    public async Task An_order_is_found_by_who_placed_it_and_by_its_id_with_address_and_trace()
    {
        var sku = Shop.NewSku();
        await host.Shop.SellAsync(5, sku);
        using var customer = await host.Callers.CustomerAsync();
        var shop = new Shop(customer);
        var checkout = (await shop.CheckoutAsync(await shop.BasketAsync(sku))).Expect(201).Json;
        var traceId = Guid.NewGuid().ToString("N");
        var order = (await customer.PostAsync(
            "/api/ordering/orders", new { checkoutId = (string)checkout["id"]!, expectedTotal = checkout["total"] },
            ("Idempotency-Key", Guid.NewGuid().ToString()), ("traceparent", $"00-{traceId}-00f067aa0ba902b7-01"), ("User-Agent", "Test/1.0"))).Expect(201)["id"];

        var placed = Assert.Single(await FindAsync($"resource={order}&type=stream&operation=PlaceOrder"));

        Assert.Equal(("ordering", "POST /api/ordering/orders"), ((string)placed["module"]!, (string)placed["place"]!));
        Assert.Equal(("127.0.0.1", "Test/1.0", traceId), ((string)placed["address"]!, (string)placed["userAgent"]!, (string)placed["traceId"]!));
        Assert.Equal("order_placed", (string)placed["changes"]!.AsArray().Single(change => (string)change!["id"]! == order && (string)change["type"]! == "stream")!["events"]![0]!);
        Assert.NotNull((string?)placed["session"]);
        var theirs = await FindAsync("subject=" + (string)placed["subject"]!);
        Assert.Contains(theirs, entry => (string)entry["id"]! == (string)placed["id"]!);
        // What other modules do because of it is on the same subject's behalf.
        await Eventually.Async(() => FindAsync($"module=inventory&subject={placed["subject"]}"), found => found.Any(entry => (string?)entry["correlationId"] == traceId));
        (await customer.GetAsync("/api/audit/entries")).ExpectProblem(403);
        using var clerk = await host.Callers.ClerkAsync();
        (await clerk.GetAsync("/api/audit/entries")).ExpectProblem(403);
        using var machine = await host.Callers.ApiKeyAsync("audit:read");
        Assert.True((bool)(await machine.GetAsync("/api/audit/verification")).Expect(200).Json["isIntact"]!);
    }

    [Fact]
    public async Task Every_operation_that_changes_something_leaves_an_entry()
    {
        var tour = new Tour(host);
        await tour.ShopAsync();
        await tour.IdentityAsync();
        await tour.InventoryAsync();

        var document = (await host.Api.GetAsync("/openapi/v1.json")).Expect(200).Json;
        var changing = DescriptionTests.Operations(document).Select(operation => operation.Name).Where(name => !name.StartsWith("GET ", StringComparison.Ordinal)).ToHashSet();
        Assert.Empty(changing.Except(tour.Traces.Keys).Except(NotToured.Keys));
        Assert.Empty(NotToured.Keys.Except(changing));
        foreach (var (operation, traceId) in tour.Traces)
        {
            var entries = await Eventually.Async(
                () => host.ScalarAsync<long>($"select (select count(*) from audit.entry where trace_id = '{traceId}') + (select count(*) from audit.pending where entry ->> 'traceId' = '{traceId}')"),
                static count => count > 0);
            Assert.True(entries > 0, operation);
        }
    }

    [Fact]
    public async Task The_chain_of_a_shop_is_intact_from_its_beginning_to_a_head_and_beyond()
    {
        var head = (await host.Api.GetAsync("/api/audit/head")).Expect(200).Json;
        var cursor = string.Empty;
        while (true)
        {
            var part = (await host.Api.GetAsync($"/api/audit/verification?head={head["position"]}:{head["hash"]}{cursor}")).Expect(200).Json;
            Assert.True((bool)part["isIntact"]!, part.ToJsonString());
            if ((string?)part["next"] is not { } next)
            {
                break;
            }

            cursor = "&cursor=" + next;
        }
    }

    private async Task<IReadOnlyList<JsonNode>> FindAsync(string filter) => await Eventually.Async<IReadOnlyList<JsonNode>>(
        async () => [.. (await host.Api.GetAsync("/api/audit/entries?limit=100&" + filter)).Expect(200).Json["items"]!.AsArray().Select(entry => entry!)], static found => found.Count > 0);

    /// <summary>Changes a thing by each operation, under a trace of its own.</summary>
    private sealed class Tour(ConventionsHost host)
    {
        /// <summary>The operations, and the trace of each.</summary>
        public Dictionary<string, string> Traces { get; } = new(StringComparer.Ordinal);

        public async Task ShopAsync()
        {
            var sku = Shop.NewSku();
            await ActAsync(host.Api, "POST /api/catalog/imports", Api.Bytes(Shop.Products(20, sku), "text/csv"));
            await host.Shop.StockBecomesAsync(sku, 20, 0);
            var product = await ActAsync(host.Api, "POST /api/catalog/products", ConventionsHost.Product("Toured"));
            var id = product["id"];
            await ActAsync(host.Api, "POST /api/catalog/products/{id}/publish", null, id);
            await ActAsync(host.Api, "POST /api/catalog/products/{id}/unpublish", null, id);
            var tag = (await host.Api.GetAsync("/api/catalog/products/" + id)).Header("ETag");
            await ActAsync(host.Api, "PUT /api/catalog/products/{id}", ConventionsHost.Product("Toured twice"), id, ("If-Match", tag));
            await ActAsync(host.Api, "POST /api/catalog/products/{id}/archive", null, id);

            var basket = (await ActAsync(host.Api, "POST /api/baskets", new { lines = Array.Empty<object>() }))["id"];
            var line = await ActAsync(host.Api, "POST /api/baskets/{basketId}/lines", new { sku, quantity = 1 }, basket);
            var variant = (string)line.Json["lines"]![0]!["variantId"]!;
            await ActAsync(host.Api, "PUT /api/baskets/{basketId}/lines/{variantId}", new { quantity = 2 }, $"{basket},{variant}");
            var checkout = await ActAsync(host.Api, "POST /api/ordering/checkouts", new { basketId = basket });
            await ActAsync(host.Api, "DELETE /api/ordering/checkouts/{id}", null, checkout["id"]);
            var order = await OrderAsync(basket);
            await ActAsync(host.Api, "POST /api/ordering/orders/{id}/mark-paid", null, order);
            await Eventually.Async(async () => (await host.Api.GetAsync("/api/ordering/orders/" + order))["status"], static status => status.Equals("confirmed", StringComparison.OrdinalIgnoreCase));
            await ActAsync(host.Api, "POST /api/ordering/orders/{id}/mark-shipped", null, order);
            await ActAsync(host.Api, "POST /api/ordering/orders/{id}/cancel", new { reason = "Only a tour." }, await OrderAsync(await host.Shop.BasketAsync(sku)));

            basket = await host.Shop.BasketAsync(sku);
            variant = (string)(await host.Api.GetAsync("/api/baskets/" + basket)).Json["lines"]![0]!["variantId"]!;
            await ActAsync(host.Api, "DELETE /api/baskets/{basketId}/lines/{variantId}", null, $"{basket},{variant}");
            await ActAsync(host.Api, "DELETE /api/baskets/{basketId}", null, basket);
            await ActAsync(host.Api, "POST /api/log/subscriptions/{module}/{name}/rewind", new { position = int.MaxValue, reason = "Only a tour." }, "inventory,declare-stock");
        }

        public async Task InventoryAsync()
        {
            var (sku, place) = (Shop.NewSku(), "t" + Guid.NewGuid().ToString("N")[..10]);
            await ActAsync(host.Api, "POST /api/inventory/locations", new { code = place, name = "Toured", priority = 1_000 });
            await ActAsync(host.Api, "POST /api/inventory/receipts", new { sku, quantity = 5 }, "", Key());
            await ActAsync(host.Api, "POST /api/inventory/transfers", new { sku, from = "main", to = place, quantity = 2 }, "", Key());
            await ActAsync(host.Api, "POST /api/inventory/adjustments", new { sku, delta = -1, reason = "Only a tour." }, "", Key());
            await ActAsync(host.Api, "POST /api/inventory/adjustments/bulk", new { items = new[] { new { sku, delta = -1, reason = "Only a tour." } } }, "", Key());
        }

        public async Task IdentityAsync()
        {
            const string password = "seven quiet harbours";
            using var anonymous = host.Callers.Anonymous();
            var registration = await ActAsync(anonymous, "POST /api/identity/accounts", new { email = $"{Guid.NewGuid():N}@example.com", password });
            await ActAsync(anonymous, "POST /api/identity/accounts/registrations/{id}/resend", null, registration["registrationId"]);
            await ActAsync(anonymous, "POST /api/identity/guest-sessions", null);
            await ActAsync(anonymous, "POST /api/identity/passkeys/options", null);
            var (id, email) = await host.Callers.RegisterAsync();
            await ActAsync(anonymous, "POST /api/identity/password-resets", new { email });
            var first = Bearer(await ActAsync(anonymous, "POST /api/identity/sign-in", new { email, password }));
            var second = Bearer((await anonymous.PostAsync("/api/identity/sign-in", new { email, password })).Expect(200));
            await ActAsync(anonymous, "POST /api/identity/account/passkeys/options", new { password }, "", first);
            await ActAsync(anonymous, "POST /api/identity/account/authenticator", new { password }, "", first);
            await ActAsync(anonymous, "POST /api/identity/account/email", new { newEmail = $"{Guid.NewGuid():N}@example.com", password }, "", first);
            await ActAsync(anonymous, "POST /api/identity/sign-out", null, "", second);
            _ = Bearer((await anonymous.PostAsync("/api/identity/sign-in", new { email, password })).Expect(200));
            var sessions = (await anonymous.GetAsync("/api/identity/account/sessions", first)).Expect(200).Json;
            var other = sessions["items"]!.AsArray().Single(session => !(bool)session!["isCurrent"]!)!;
            await ActAsync(anonymous, "DELETE /api/identity/account/sessions/{id}", null, (string)other["id"]!, first);
            await ActAsync(anonymous, "POST /api/identity/account/sessions/revoke-others", null, "", first);
            await ActAsync(anonymous, "POST /api/identity/account/password", new { currentPassword = password, newPassword = "eight loud lighthouses" }, "", first);

            var role = "toured-" + Guid.NewGuid().ToString("N")[..8];
            var made = await ActAsync(host.Api, "POST /api/identity/roles", new { name = role, permissions = new[] { "log:read" } });
            var changed = await ActAsync(host.Api, "PUT /api/identity/roles/{name}", new { permissions = new[] { "log:manage" } }, role, ("If-Match", made.Header("ETag")));
            await ActAsync(host.Api, "PUT /api/identity/accounts/{id}/roles/{role}", null, $"{id},{role}");
            await ActAsync(host.Api, "DELETE /api/identity/accounts/{id}/roles/{role}", null, $"{id},{role}");
            await ActAsync(host.Api, "DELETE /api/identity/roles/{name}", null, role, ("If-Match", changed.Header("ETag")));
            var key = await ActAsync(host.Api, "POST /api/identity/api-keys", new { name = "Toured", permissions = new[] { "log:read" }, days = 1 });
            await ActAsync(host.Api, "DELETE /api/identity/api-keys/{id}", null, (string)key.Json["key"]!["id"]!);
            var client = (await ActAsync(host.Api, "POST /api/identity/clients", new { name = "Toured", isConfidential = true, grants = new[] { "client_credentials" } })).Json["client"]!["id"]!.ToString();
            await ActAsync(host.Api, "POST /api/identity/clients/{id}/secret", null, client);
            await ActAsync(host.Api, "DELETE /api/identity/clients/{id}", null, client);
            await ActAsync(anonymous, "POST /api/identity/account/delete", new { password = "eight loud lighthouses" }, "", first);
        }

        private async Task<string> OrderAsync(string basket)
        {
            var checkout = (await host.Shop.CheckoutAsync(basket)).Expect(201).Json;
            return (await ActAsync(host.Api, "POST /api/ordering/orders", new { checkoutId = (string)checkout["id"]!, expectedTotal = checkout["total"] }, "", Key()))["id"];
        }

        /// <param name="api">Who does it.</param>
        /// <param name="operation">The operation as the description names it.</param>
        /// <param name="body">What is sent.</param>
        /// <param name="values">The values of the path's parameters, with commas in between.</param>
        /// <param name="headers">Headers besides.</param>
        private async Task<Answer> ActAsync(Api api, string operation, object? body, string values = "", params (string Name, string Value)[] headers)
        {
            var traceId = Guid.NewGuid().ToString("N");
            var given = new Queue<string>(values.Split(','));
            var parts = Regex.Replace(operation, "{[a-zA-Z]+}", _ => given.Dequeue()).Split(' ');
            (string, string)[] all = [.. headers, ("traceparent", $"00-{traceId}-00f067aa0ba902b7-01")];
            using var content = body as HttpContent ?? (body is null ? null : System.Net.Http.Json.JsonContent.Create(body));
            var answer = await api.SendAsync(new HttpMethod(parts[0]), parts[1], content, all);
            Assert.True(answer.Code is >= 200 and < 300, answer.ToString());
            Traces[operation] = traceId;
            return answer;
        }

        private static (string, string) Key() => ("Idempotency-Key", Guid.NewGuid().ToString());

        private static (string, string) Bearer(Answer signedIn) => ("Authorization", "Bearer " + signedIn["access_token"]);
    }
}
