using System.Text;
using System.Text.Json.Nodes;

namespace ModularMonolith.EndToEnd.Tests.Security;

/// <summary>
/// API7:2023, server side request forgery. The host asks nobody but the issuers of its configuration for anything, so whatever address a client gives it, nobody comes there; and addresses
/// that would run or read something where they are shown are not stored.
/// </summary>
[Collection(SecurityHosts.Name)]
public sealed class RequestForgeryTests(SecurityHost host)
{
    public static readonly TheoryData<string> BadAddresses =
    [
        "javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "java\tscript:alert(1)", "data:text/html,<script>alert(1)</script>", "vbscript:x", "file:///etc/passwd", "ftp://127.0.0.1/x",
        "gopher://127.0.0.1:25/x", "//127.0.0.1/x", "/x", "\\\\127.0.0.1\\share", "https:", "https://", "blob:https://x", "jar:https://x!/", "dict://127.0.0.1:11211/stat", "unix:/var/run/docker.sock",
    ];

    [Fact]
    public async Task No_address_that_a_client_gives_is_ever_asked_for()
    {
        await using var trap = new ForeignServer(static (_, stream, cancellationToken) => ForeignServer.WriteAsync(stream, "{}", cancellationToken));
        var sku = Shop.NewSku();
        var picture = $"{trap.Address}/picture.jpg";

        // Pictures in a body and in a file, shown and exported again.
        var created = (await host.Admin.PostAsync("/api/catalog/products", new { title = "Pictured", images = new[] { new { url = picture } }, variants = new[] { new { sku, imageUrl = picture, price = new { amount = 1, currency = "EUR" } } } })).Expect(201);
        (await host.Admin.PostAsync(created.Header("Location") + "/publish", null, ("If-Match", created.Header("ETag")))).Expect(200);
        (await host.Admin.GetAsync(created.Header("Location"))).Expect(200);
        var imported = Shop.NewSku();
        await host.Shop.ImportAsync(Encoding.UTF8.GetBytes($"Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Inventory Tracker,Variant Inventory Qty,Variant Price,Published,Image Src,Variant Image\n{imported.ToLowerInvariant()},Pictured,Title,Default Title,{imported},shopify,3,1.00,true,{picture},{picture}\n"));
        await Eventually.Async(() => host.Shop.StockAsync(imported), static stock => stock is not null);
        Assert.Contains(picture, Encoding.UTF8.GetString(await host.Shop.ExportAsync()), StringComparison.Ordinal);

        // Clients, and where browsers are sent after signing in.
        var client = (await host.Admin.PostAsync("/api/identity/clients", new { name = "Local", isConfidential = false, grants = new[] { "authorization_code" }, redirectUris = new[] { trap.Address + "/callback" }, scopes = new[] { "openid" } })).Expect(201).Json["client"]!["id"];
        using var anonymous = host.Callers.Anonymous();
        foreach (var more in new[] { string.Empty, "&request_uri=" + Uri.EscapeDataString(trap.Address), "&request=" + Uri.EscapeDataString(trap.Address), "&prompt=none" })
        {
            await anonymous.GetAsync($"/api/identity/oauth/authorize?response_type=code&client_id={client}&redirect_uri={Uri.EscapeDataString(trap.Address + "/callback")}&scope=openid&code_challenge={new string('c', 43)}&code_challenge_method=S256{more}");
        }

        // Issuers and keys that a token names.
        foreach (var (header, payload) in new (JsonObject?, JsonObject?)[]
        {
            (new JsonObject { ["jku"] = trap.Address, ["kid"] = "elsewhere" }, null), (new JsonObject { ["x5u"] = trap.Address, ["kid"] = trap.Address }, null), (null, new JsonObject { ["iss"] = trap.Address }),
            (null, new JsonObject { ["iss"] = host.IssuerOf("good") + "/../../@" + trap.Address }), (new JsonObject { ["jwk"] = new JsonObject { ["x5u"] = trap.Address } }, new JsonObject { ["_claim_sources"] = new JsonObject { ["src"] = new JsonObject { ["endpoint"] = trap.Address } } }),
        })
        {
            await host.GetWithAsync(host.Token(header: header, payload: payload));
        }

        // Headers by which proxies and browsers say where something is.
        foreach (var name in new[] { "Host", "Origin", "Referer", "X-Forwarded-Host", "X-Forwarded-For", "Forwarded", "X-Original-URL", "X-Callback-Url", "Destination", "From", "True-Client-IP" })
        {
            await host.Admin.GetAsync("/api/catalog/products", (name, name == "Host" ? $"127.0.0.1:{trap.Port}" : trap.Address));
        }

        // What these have set off is done when what came after it is: the log keeps its order.
        await host.Shop.SellAsync(1, Shop.NewSku());
        Assert.Equal(0, trap.Visits);
    }

    [Theory]
    [MemberData(nameof(BadAddresses))]
    public async Task Addresses_that_are_none_of_a_picture_are_not_stored(string address)
    {
        object Product(string? image, string? variantImage) => new { title = "Pictured", images = image is null ? null : new[] { new { url = image } }, variants = new[] { new { imageUrl = variantImage, price = new { amount = 1, currency = "EUR" } } } };
        (await host.Admin.PostAsync("/api/catalog/products", Product(address, null))).ExpectProblem(400, "validation");
        (await host.Admin.PostAsync("/api/catalog/products", Product(null, address))).ExpectProblem(400, "validation");
        var cell = '"' + address.Replace("\"", "\"\"", StringComparison.Ordinal) + '"';
        var file = $"Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price,Published,Image Src\nbad-address,Pictured,Title,Default Title,{Shop.NewSku()},1.00,true,{cell}\n";
        (await host.Admin.PostBytesAsync("/api/catalog/imports", Encoding.UTF8.GetBytes(file), "text/csv")).ExpectProblem(422);
    }

    [Theory]
    [MemberData(nameof(BadAddresses))]
    public async Task Addresses_that_browsers_must_not_be_sent_to_are_not_registered(string address) =>
        (await host.Admin.PostAsync("/api/identity/clients", new { name = "Astray", isConfidential = false, grants = new[] { "authorization_code" }, redirectUris = new[] { address }, scopes = new[] { "openid" } })).ExpectProblem(400, "validation");
}
