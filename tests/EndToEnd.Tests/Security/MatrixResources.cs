using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ModularMonolith.EndToEnd.Tests.Security;

/// <summary>What the routes of the matrix are about: the customer's checkout, order and session, and things of the shop.</summary>
internal sealed partial class MatrixResources
{
    private readonly Dictionary<string, string> _ids = new(StringComparer.Ordinal);

    /// <summary>Makes them, over HTTP: those that several tests know, and those that the modules declare beside their accesses.</summary>
    public static async Task<MatrixResources> CreateAsync(HostFixture host, MatrixCallers callers)
    {
        var (made, customer, admin, sku) = (new MatrixResources(), new Shop(callers["customer"]), callers["admin"], Shop.NewSku());
        await host.Shop.SellAsync(10, sku);
        var order = await customer.BuyAsync(sku);
        made._ids["/api/ordering/orders/{id}"] = (string)order["id"]!;
        made._ids["/api/baskets/{basketId}"] = await customer.BasketAsync(sku);
        made._ids["/api/ordering/checkouts/{id}"] = (await customer.CheckoutAsync(await customer.BasketAsync(sku))).Expect(201)["id"];
        made._ids["/api/catalog/products/{id}"] = (await admin.GetAsync("/api/catalog/products?limit=1")).Expect(200).Json["items"]![0]!["id"]!.ToString();
        made._ids["/api/identity/account/sessions/{id}"] = (await callers["customer"].GetAsync("/api/identity/account/sessions")).Expect(200).Json["items"]![0]!["id"]!.ToString();
        var key = await admin.PostAsync("/api/identity/api-keys", new { name = "Resource", permissions = new[] { "catalog:read" }, days = 1 });
        made._ids["/api/identity/api-keys/{id}"] = key.Expect(201).Json["key"]!["id"]!.ToString();
        made._ids["/api/identity/accounts/{id}"] = (await host.Callers.RegisterAsync()).Id;
        made._ids["/roles/{role}"] = "clerk";
        made._ids["{position}"] = "1";
        foreach (var declared in AccessMatrix.Resources())
        {
            var answer = await callers[declared.Maker].PostAsync(declared.Path, JsonNode.Parse(declared.Body), ("Idempotency-Key", Guid.NewGuid().ToString()));
            made._ids[declared.Route] = answer.Expect(201).Json[declared.Member]!.ToString();
        }

        return made;
    }

    /// <summary>A path of a route: that of the resource where there is one, else with ids that do not exist.</summary>
    public string Path(string route)
    {
        var path = Parameter().Replace(route, "{$1}");
        foreach (var (template, id) in _ids)
        {
            path = path.Replace(template, template[..template.IndexOf('{', StringComparison.Ordinal)] + id, StringComparison.Ordinal);
        }

        return Parameter().Replace(path, "0199c000-0000-7000-8000-000000000000");
    }

    /// <summary>Has a body name what is there, so that the answer is about who may.</summary>
    public void Fill(JsonNode body)
    {
        foreach (var (member, value) in new (string, JsonNode)[]
        {
            ("checkoutId", _ids["/api/ordering/checkouts/{id}"]), ("basketId", _ids["/api/baskets/{basketId}"]), ("email", "somebody@example.com"), ("newEmail", "somebody@example.com"),
            ("permissions", new JsonArray("catalog:read")), ("days", 1), ("expectedTotal", new JsonObject { ["amount"] = 1250, ["currency"] = "EUR" }),
            ("payment", new JsonObject { ["tenders"] = new JsonArray(new JsonObject { ["kind"] = "card", ["token"] = "pm_card_visa" }) }),
            ("password", "eleven unhurried pilots"), ("newPassword", "twelve unhurried pilots"),
        })
        {
            if (body is JsonObject members && members.ContainsKey(member))
            {
                members[member] = value.DeepClone();
            }
        }
    }

    [GeneratedRegex(@"\{(\w+)(?::[^}]*)?\}")]
    private static partial Regex Parameter();
}
