using System.Text.Json.Nodes;
using ModularMonolith.EndToEnd.Tests.Conventions;
using ModularMonolith.EndToEnd.Tests.Tours;

namespace ModularMonolith.EndToEnd.Tests;

/// <summary>Who changed what, when and from where, as it is asked over HTTP of a host that serves a shop.</summary>
[Collection(ConventionsHosts.Name)]
public sealed class AuditLogTests(ConventionsHost host)
{
    /// <summary>Operations that are not part of the tour below. They go through the same unit of work; a new operation is added to the tour, here, or to its module's file of requests.</summary>
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
        ["POST /api/ledger/reconciliations/{id}/acknowledge"] = "It needs a drift; the tests of Ledger have one.",
        ["POST /api/ordering/orders/{id}/refunds/{refundId}/retry"] = "It needs a refund that failed; the tests of Ordering have one.",
        ["POST /api/ordering/orders/{id}/refunds/{refundId}/settle"] = "It needs a refund that failed; the tests of Ordering have one.",
        ["POST /api/payments/gift-cards/balance"] = "It reads.",
        ["POST /api/payments/payments/{id}/operations/{operationId}/retry"] = "It needs a call that waits for its next attempt; the tests of Payments have one.",
        ["POST /api/payments/payments/{id}/settle"] = "It needs an outcome that nobody learns; the tests of Payments have one.",
        ["POST /api/payments/webhooks/stripe"] = "It needs Stripe's signature; the tests of Payments have one.",
        ["POST /api/pricing/quotes"] = "It reads.",
        ["POST /api/returns/returns/{id}/retry-refund"] = "It needs a refund that failed; the tests of Returns have one.",
        ["POST /api/shipping/shipments/{id}/label"] = "It changes nothing while the carrier makes labels; the tests of Shipping have one that does not.",
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
        using var tour = new Tour(host.Callers);
        // It rewinds a subscription of the log, so nobody else waits for one meanwhile.
        await tour.FirstOrderAsync();
        await Task.WhenAll(tour.AccountsAsync(), tour.WarehouseAsync(), tour.PricingAsync(), tour.DeliveryAsync(), tour.MoneyAsync());

        var document = (await host.Api.GetAsync("/openapi/v1.json")).Expect(200).Json;
        var notToured = NotToured.Concat(await tour.FilesAsync(document)).ToDictionary(StringComparer.Ordinal);
        var changing = DescriptionTests.Operations(document).Select(operation => operation.Name).Where(name => !name.StartsWith("GET ", StringComparison.Ordinal)).ToHashSet();
        Assert.Empty(changing.Except(tour.Traces.Keys).Except(notToured.Keys));
        Assert.Empty(notToured.Keys.Except(changing));
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
}
