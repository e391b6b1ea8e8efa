using System.Text.Json.Nodes;

namespace ModularMonolith.EndToEnd.Tests.Security;

/// <summary>API5:2023, broken function level authorization: what the access matrix says holds however a request is dressed up, and nobody gets to give themselves more.</summary>
[Collection(SecurityHosts.Name)]
public sealed class FunctionAuthorizationTests(SecurityHost host)
{
    private static readonly string[] ForStaff = ["/api/log/subscriptions", "/api/log/timers", "/api/log/jobs", "/api/inventory/stock", "/api/inventory/movements", "/api/identity/accounts", "/api/identity/clients", "/api/catalog/exports/products.csv"];

    [Fact]
    public async Task Other_ways_to_write_an_address_do_not_lead_around_the_check()
    {
        using var customer = await host.Callers.CustomerAsync();
        foreach (var path in ForStaff)
        {
            var last = path[(path.LastIndexOf('/') + 1)..];
            var parent = path[..path.LastIndexOf('/')];
            string[] disguises =
            [
                path, path + "/", path.ToUpperInvariant(), parent + "//" + last, "/" + path, parent + "/./" + last, parent + "/x/../" + last, parent + "/%2e/" + last, parent + "/" + last[..1].Replace(last[..1], $"%{(int)last[0]:x2}", StringComparison.Ordinal) + last[1..],
                path + ";.css", path + "?x.css", path + "%3f", path + "%23", path + "%00", path + ".json", path + "/.", path + "%20", parent + "\\" + last, "/docs/.." + path, "/health/live/.." + path, "/.well-known/.." + path,
            ];
            foreach (var disguise in disguises)
            {
                var answer = await RawRequest.SendAsync(host.Running.Process.Address, $"GET {disguise} HTTP/1.1\r\nHost: x\r\nAuthorization: {await customer.AuthorizationAsync()}\r\nConnection: close\r\n\r\n");
                Assert.Matches("^HTTP/1.1 (400|403|404) ", answer.Answer);
            }
        }
    }

    [Fact]
    public async Task Headers_that_name_another_method_or_address_change_nothing()
    {
        using var customer = await host.Callers.CustomerAsync();
        var product = (await host.Admin.PostAsync("/api/catalog/products", new { title = "Kept", variants = new[] { new { price = new { amount = 1, currency = "EUR" } } } })).Expect(201).Header("Location");
        foreach (var (name, value) in new[] { ("X-HTTP-Method-Override", "DELETE"), ("X-HTTP-Method", "PUT"), ("X-Method-Override", "POST"), ("X-Original-URL", "/api/log/jobs"), ("X-Rewrite-URL", "/api/log/jobs"), ("X-Forwarded-Prefix", "/api/log") })
        {
            (await customer.GetAsync("/api/log/jobs", (name, value))).ExpectProblem(403, "forbidden");
            var listed = (await customer.GetAsync("/api/catalog/products", (name, value))).Expect(200);
            Assert.NotNull(listed.Json["items"]);
        }

        (await host.Admin.GetAsync(product)).Expect(200);
        (await customer.SendAsync(HttpMethod.Head, "/api/log/jobs", null)).Expect(403);
    }

    [Fact]
    public async Task Nobody_gives_themselves_a_role_a_permission_or_a_client_with_more()
    {
        var (id, email) = await host.Callers.RegisterAsync();
        using var customer = host.Callers.Of(email);
        using var clerk = await host.Callers.ClerkAsync();
        using var guest = host.Callers.Guest();
        using var machine = await host.Callers.ApiKeyAsync("ordering:read");
        foreach (var caller in new[] { customer, clerk, guest, machine })
        {
            (await caller.PutAsync($"/api/identity/accounts/{id}/roles/admin", null)).ExpectProblem(403);
            (await caller.PostAsync("/api/identity/roles", new { name = "mine", permissions = new[] { "identity:manage" } })).ExpectProblem(403);
            (await caller.PutAsync("/api/identity/roles/clerk", new { permissions = new[] { "identity:manage" } }, ("If-Match", "*"))).ExpectProblem(403);
            (await caller.PostAsync("/api/identity/clients", new { name = "mine", isConfidential = true, grants = new[] { "client_credentials" }, roles = new[] { "admin" } })).ExpectProblem(403);
            (await caller.PostAsync("/api/identity/api-keys", new { name = "mine", permissions = new[] { "identity:manage" }, days = 1 })).ExpectProblem();
        }

        Assert.Empty((await host.Admin.PostAsync("/api/identity/accounts/find", new { email })).Expect(200).Json["roles"]!.AsArray());
    }

    [Fact]
    public async Task Who_manages_accounts_without_holding_all_permissions_cannot_hand_out_the_rest()
    {
        var role = "managers-" + Guid.NewGuid().ToString("N")[..8];
        (await host.Admin.PostAsync("/api/identity/roles", new { name = role, permissions = new[] { "identity:manage" } })).Expect(201);
        var (id, email) = await host.Callers.RegisterAsync();
        (await host.Admin.PutAsync($"/api/identity/accounts/{id}/roles/{role}", null)).Expect(200);
        using var manager = host.Callers.Of(email);

        (await manager.PutAsync($"/api/identity/accounts/{id}/roles/admin", null)).ExpectProblem(403);
        (await manager.PutAsync($"/api/identity/accounts/{id}/roles/clerk", null)).ExpectProblem(403);
        (await manager.PostAsync("/api/identity/roles", new { name = role + "-more", permissions = new[] { "log:manage" } })).ExpectProblem(403);
        (await manager.PostAsync("/api/identity/clients", new { name = "more", isConfidential = true, grants = new[] { "client_credentials" }, roles = new[] { "admin" } })).ExpectProblem(403);
        (await manager.GetAsync("/api/log/jobs")).ExpectProblem(403);
    }

    [Fact]
    public async Task A_key_does_what_it_was_given_and_nothing_that_an_account_does_for_itself()
    {
        using var machine = await host.Callers.ApiKeyAsync("ordering:read");
        (await machine.GetAsync("/api/ordering/orders")).Expect(200);
        foreach (var path in ForStaff)
        {
            (await machine.GetAsync(path)).ExpectProblem(403);
        }

        (await machine.GetAsync("/api/identity/account")).ExpectProblem();
        (await machine.PostAsync("/api/identity/api-keys", new { name = "offspring", permissions = new[] { "ordering:read" }, days = 366 })).ExpectProblem();
        Assert.Empty((JsonArray)(await machine.GetAsync("/api/identity/account/sessions")).Expect(200).Json["items"]!);
    }
}
