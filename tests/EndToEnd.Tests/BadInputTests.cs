using System.Text;

namespace ModularMonolith.EndToEnd.Tests;

/// <summary>What clients get wrong: always refused with a cause that they can act on, and nothing half-done.</summary>
[Collection(PlainHosts.Name)]
public sealed class BadInputTests(HostFixture host)
{
    private const string Header = "Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Inventory Tracker,Variant Inventory Qty,Variant Price,Published\n";
    private const string UnknownId = "0199c000-0000-7000-8000-000000000000";

    public static readonly TheoryData<string, int> UnknownThings = new()
    {
        { "/api/catalog/products/" + UnknownId, 404 },
        { "/api/catalog/products/not-a-uuid", 404 },
        { "/api/catalog/products/by-slug/no-such-slug", 404 },
        { "/api/catalog/imports/" + UnknownId, 404 },
        { "/api/catalog/products?colour=red", 400 },
        { "/api/catalog/products?limit=0", 400 },
        { "/api/catalog/products?limit=101", 400 },
        { "/api/catalog/products?limit=many", 400 },
        { "/api/catalog/products?sort=luck", 400 },
        { "/api/catalog/products?minPrice=-1", 400 },
        { "/api/catalog/products?minPrice=99999999999999999999", 400 },
        { "/api/catalog/products?cursor=%F0%9F%92%A5", 400 },
        { "/api/catalog/products?cursor=AAAA", 400 },
        { "/api/catalog/products?q=%00", 400 },
        { "/api/baskets/unknown", 404 },
        { "/api/ordering/checkouts/" + UnknownId, 404 },
        { "/api/ordering/orders/" + UnknownId, 404 },
        { "/api/ordering/orders/1", 404 },
        { "/api/ordering/orders/" + UnknownId + "/history", 404 },
        { "/api/ordering/orders?status=lost", 400 },
        { "/api/ordering/orders?customer=1", 400 },
        { "/api/ordering/orders?cursor=zzz", 400 },
        { "/api/inventory/reservations/" + UnknownId, 404 },
        { "/api/no-such-module", 404 },
        { "/no/such/path", 404 },
    };

    public static readonly TheoryData<string, string, int> Bodies = new()
    {
        { "/api/baskets", "{", 400 },
        { "/api/baskets", "[]", 400 },
        { "/api/baskets", "\"text\"", 400 },
        { "/api/baskets", """{"lines":[{"sku":"x","quantity":"two"}]}""", 400 },
        { "/api/baskets", """{"lines":[{"sku":"x","quantity":0}]}""", 400 },
        { "/api/baskets", """{"lines":[{"sku":"x","quantity":1.5}]}""", 400 },
        { "/api/baskets", """{"lines":[{"sku":"x","quantity":99999999999}]}""", 400 },
        { "/api/baskets", """{"lines":[{"sku":"x\u0000","quantity":1}]}""", 400 },
        { "/api/baskets", """{"lines":[{"sku":"no such sku","quantity":1}]}""", 404 },
        { "/api/baskets", """{"lines":[],"lines":[]}""", 400 },
        { "/api/baskets", """{"colour":"red"}""", 400 },
        { "/api/baskets/unknown/lines", """{"sku":"x","quantity":1}""", 404 },
        { "/api/ordering/checkouts", "{}", 400 },
        { "/api/ordering/checkouts", """{"basketId":7}""", 400 },
        { "/api/ordering/checkouts", """{"basketId":"unknown"}""", 404 },
        { "/api/ordering/checkouts", """{"basketId":"\u0000"}""", 400 },
        { "/api/ordering/orders", "{}", 400 },
        { "/api/ordering/orders", """{"checkoutId":"x","expectedTotal":{"amount":1,"currency":"EUR"}}""", 400 },
        { "/api/ordering/orders", """{"checkoutId":"0199c000-0000-7000-8000-000000000000","expectedTotal":{"amount":1,"currency":"EUR"}}""", 404 },
        { "/api/ordering/orders", """{"checkoutId":"0199c000-0000-7000-8000-000000000000","expectedTotal":{"amount":1,"currency":"euro"}}""", 400 },
        { "/api/ordering/orders", """{"checkoutId":"0199c000-0000-7000-8000-000000000000","expectedTotal":{"amount":-1,"currency":"EUR"}}""", 400 },
        { "/api/ordering/orders", """{"checkoutId":"0199c000-0000-7000-8000-000000000000","expectedTotal":{"amount":1,"currency":"EUR"},"email":"nobody"}""", 400 },
        { "/api/ordering/orders/0199c000-0000-7000-8000-000000000000/cancel", """{"reason":"x"}""", 404 },
        { "/api/ordering/orders/0199c000-0000-7000-8000-000000000000/cancel", """{"reason":""}""", 400 },
        { "/api/catalog/products", """{"title":"x","variants":[]}""", 400 },
        { "/api/catalog/products", """{"title":"","variants":[{"price":{"amount":1,"currency":"EUR"}}]}""", 400 },
        { "/api/catalog/products", """{"title":"x","variants":[{"price":{"amount":-1,"currency":"EUR"}}]}""", 400 },
        { "/api/catalog/products", """{"title":"x","variants":[{"price":{"amount":1,"currency":"XXXX"}}]}""", 400 },
        { "/api/catalog/products", """{"title":"x","variants":[{"price":12.5}]}""", 400 },
        { "/api/catalog/products", """{"title":"x","variants":[null]}""", 400 },
        { "/api/catalog/products", """{"title":"x","variants":[{"sku":"A","price":{"amount":1,"currency":"EUR"}},{"sku":"A","price":{"amount":1,"currency":"EUR"}}]}""", 400 },
        { "/api/catalog/products", """{"title":"x","variants":[{"price":{"amount":1,"currency":"EUR"}}],"colour":"red"}""", 400 },
        { "/api/catalog/products", """{"title":"x\u0000","variants":[{"price":{"amount":1,"currency":"EUR"}}]}""", 400 },
    };

    public static readonly TheoryData<string, string, int> Files = new()
    {
        { "nothing", "", 422 },
        { "no table", "just some words", 422 },
        { "another table", "name,price\nx,1\n", 422 },
        { "no rows but junk", Header + "\"", 422 },
        { "an open quotation mark", Header + "a,\"A,Title,Default Title,BAD-1,,1,1.00,true\n", 422 },
        { "text behind a quotation mark", Header + "a,\"A\"x,Title,Default Title,BAD-1,,1,1.00,true\n", 422 },
        { "a negative price", Header + "a,A,Title,Default Title,BAD-1,,1,-1.00,true\n", 422 },
        { "a price in words", Header + "a,A,Title,Default Title,BAD-1,,1,cheap,true\n", 422 },
        { "a price with three decimals", Header + "a,A,Title,Default Title,BAD-1,,1,1.001,true\n", 422 },
        { "an enormous price", Header + "a,A,Title,Default Title,BAD-1,,1,99999999999999999999999999999999,true\n", 422 },
        { "a quantity in words", Header + "a,A,Title,Default Title,BAD-1,shopify,many,1.00,true\n", 422 },
        { "an enormous quantity", Header + "a,A,Title,Default Title,BAD-1,shopify,99999999999,1.00,true\n", 422 },
        { "an answer that is neither true nor false", Header + "a,A,Title,Default Title,BAD-1,,1,1.00,perhaps\n", 422 },
        { "no title", Header + "a,,Title,Default Title,BAD-1,,1,1.00,true\n", 422 },
        { "no handle", Header + ",A,Title,Default Title,BAD-1,,1,1.00,true\n", 422 },
        { "a SKU twice", Header + "a,A,Title,Default Title,BAD-1,,1,1.00,true\nb,B,Title,Default Title,BAD-1,,1,1.00,true\n", 422 },
        { "a combination twice", Header + "a,A,Size,S,BAD-1,,1,1.00,true\na,,,S,BAD-2,,1,1.00,\n", 422 },
        { "a handle that comes back", Header + "a,A,Title,Default Title,BAD-1,,1,1.00,true\nb,B,Title,Default Title,BAD-2,,1,1.00,true\na,,Title,Other,BAD-3,,1,1.00,\n", 422 },
        { "good rows before a bad one", Header + "a,A,Title,Default Title,BAD-1,,1,1.00,true\nb,B,Title,Default Title,BAD-2,,1,-1.00,true\n", 422 },
        { "a NUL", Header + "a,A\0,Title,Default Title,BAD-1,,1,1.00,true\n", 422 },
    };

    [Theory]
    [MemberData(nameof(UnknownThings))]
    public async Task Unknown_things_and_parameters_are_refused(string path, int status) =>
        (await host.Api.GetAsync(path)).ExpectProblem(status);

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Bad_bodies_are_refused(string path, string body, int status) =>
        (await host.Api.PostAsync(path, body, ("Idempotency-Key", Guid.NewGuid().ToString()))).ExpectProblem(status);

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Bad_files_are_refused_as_a_whole(string what, string file, int status)
    {
        var answer = await host.Api.PostBytesAsync("/api/catalog/imports", Encoding.UTF8.GetBytes(file), "text/csv");

        answer.ExpectProblem(status);
        Assert.False(string.IsNullOrWhiteSpace(what));
        Assert.All(answer.Json["errors"]!.AsArray(), error => Assert.True((int)error!["line"]! >= 1 && ((string)error["detail"]!).Length > 10, error.ToJsonString()));
        await AssertNothingWasImportedAsync();
    }

    [Fact]
    public async Task A_file_that_is_not_UTF_8_is_refused_with_the_line()
    {
        byte[] file = [.. Encoding.UTF8.GetBytes(Header + "a,Caf"), 0xE9, .. Encoding.UTF8.GetBytes(",Title,Default Title,BAD-1,,1,1.00,true\n")];

        var answer = (await host.Api.PostBytesAsync("/api/catalog/imports", file, "text/csv")).ExpectProblem(422);

        Assert.Contains("UTF-8", answer["detail"], StringComparison.Ordinal);
        Assert.Equal(2, (int)answer.Json["errors"]![0]!["line"]!);
        await AssertNothingWasImportedAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Ten_megabytes_of_junk_are_refused(int seed)
    {
        var junk = new byte[10 << 20];
        new Random(seed).NextBytes(junk);
        if (seed == 2)
        {
            Encoding.UTF8.GetBytes(Header).CopyTo(junk, 0);
        }
        else if (seed == 3)
        {
            // Readable rows, each wrong: the list of errors has to end somewhere.
            var rows = Encoding.UTF8.GetBytes("x,,,,,,-,-,?\n");
            Encoding.UTF8.GetBytes(Header).CopyTo(junk, 0);
            for (var at = Header.Length; at < junk.Length; at++)
            {
                junk[at] = rows[(at - Header.Length) % rows.Length];
            }
        }

        var answer = (await host.Api.PostBytesAsync("/api/catalog/imports", junk, "text/csv")).ExpectProblem();

        Assert.True(answer.Code is 413 or 422, answer.ToString());
        Assert.InRange(answer.Body.Length, 1, 1 << 20);
        await AssertNothingWasImportedAsync();
    }

    [Theory]
    [InlineData("/api/baskets")]
    [InlineData("/api/ordering/orders")]
    [InlineData("/api/inventory/transfers")]
    public async Task A_body_over_the_limit_is_refused(string path)
    {
        var body = "{\"x\":\"" + new string('x', 12 << 20) + "\"}";
        (await host.Api.PostAsync(path, body, ("Idempotency-Key", "k"))).ExpectProblem(413, "content-too-large");
    }

    [Theory]
    [InlineData("/api/baskets", "text/plain")]
    [InlineData("/api/ordering/checkouts", "application/xml")]
    [InlineData("/api/catalog/imports", "application/json")]
    [InlineData("/api/catalog/imports", "image/png")]
    public async Task A_body_of_another_media_type_is_refused(string path, string mediaType) =>
        (await host.Api.PostBytesAsync(path, "{}"u8.ToArray(), mediaType)).ExpectProblem(415);

    [Theory]
    [InlineData("DELETE", "/api/catalog/products")]
    [InlineData("PATCH", "/api/baskets/x")]
    [InlineData("GET", "/api/ordering/checkouts")]
    public async Task A_method_that_a_resource_lacks_is_refused_with_the_list_of_those_it_has(string method, string path) =>
        Assert.NotEmpty((await host.Api.SendAsync(new HttpMethod(method), path, null)).ExpectProblem(405, "method-not-allowed").Header("Allow"));

    [Fact]
    public async Task A_change_names_the_version_that_it_changes()
    {
        var api = host.Api;
        var content = new { title = "Kettle", variants = new[] { new { sku = Shop.NewSku(), price = new { amount = 2500, currency = "EUR" } } } };
        var created = (await api.PostAsync("/api/catalog/products", content)).Expect(201);
        var (path, tag) = (created.Header("Location"), created.Header("ETag"));
        Assert.Matches("^\"[^\"]+\"$", tag);

        (await api.PutAsync(path, content)).ExpectProblem(428, "precondition-required");
        (await api.PutAsync(path, content, ("If-Match", "\"nonsense\""))).ExpectProblem(412, "precondition-failed");
        var edits = await Task.WhenAll(Enumerable.Range(0, 10).Select(number =>
            api.PutAsync(path, content with { title = "Kettle " + number }, ("If-Match", tag))));

        var winner = Assert.Single(edits, edit => edit.Code == 200);
        Assert.All(edits.Where(edit => edit != winner), edit => edit.ExpectProblem(edit.Code == 409 ? 409 : 412));
        var now = (await api.GetAsync(path)).Expect(200);
        Assert.Equal(winner["title"], now["title"]);
        Assert.Equal(winner.Header("ETag"), now.Header("ETag"));
        (await api.GetAsync(path, ("If-None-Match", now.Header("ETag")))).Expect(304);
    }

    [Fact]
    public async Task An_order_needs_a_key_and_a_key_stands_for_one_order()
    {
        var sku = Shop.NewSku();
        await host.Shop.SellAsync(5, sku);
        var one = (await host.Shop.CheckoutAsync(await host.Shop.BasketAsync(sku))).Expect(201).Json;
        var other = (await host.Shop.CheckoutAsync(await host.Shop.BasketAsync(sku))).Expect(201).Json;

        (await host.Api.PostAsync("/api/ordering/orders", new { checkoutId = one["id"], expectedTotal = one["total"] })).ExpectProblem(400, "idempotency-key-required");
        var key = Guid.NewGuid().ToString();
        var first = (await host.Shop.OrderAsync(one, key)).Expect(201);
        var repeated = (await host.Shop.OrderAsync(one, key)).Expect(201);
        Assert.Equal(first.Body, repeated.Body);
        Assert.Equal("true", repeated.Header("Idempotency-Replayed"));
        (await host.Shop.OrderAsync(other, key)).ExpectProblem(422, "idempotency-key-reused");
    }

    [Fact]
    public async Task A_total_that_has_changed_is_refused_with_both_totals()
    {
        var sku = Shop.NewSku();
        await host.Shop.SellAsync(5, sku);
        var checkout = (await host.Shop.CheckoutAsync(await host.Shop.BasketAsync(sku, 2))).Expect(201).Json;
        var dearer = Encoding.UTF8.GetString(Shop.Products(5, sku)).Replace("12.50", "13.00", StringComparison.Ordinal);
        await host.Shop.ImportAsync(Encoding.UTF8.GetBytes(dearer));

        var refused = (await host.Shop.OrderAsync(checkout, Guid.NewGuid().ToString())).ExpectProblem(409, "price-changed");

        Assert.Equal((2_500, 2_600), ((int)refused.Json["expectedTotal"]!["amount"]!, (int)refused.Json["currentTotal"]!["amount"]!));
        checkout["total"]!["amount"] = 2_600;
        (await host.Shop.OrderAsync(checkout, Guid.NewGuid().ToString())).Expect(201);
    }

    [Fact]
    public async Task A_form_without_a_file_is_refused()
    {
        using var form = new MultipartFormDataContent { { new StringContent("x"), "note" } };
        (await host.Api.SendAsync(HttpMethod.Post, "/api/catalog/imports", form)).ExpectProblem();
    }

    [Fact]
    public async Task A_body_that_claims_another_length_or_encoding_is_refused_or_read()
    {
        using var content = Api.Bytes("{}"u8.ToArray(), "application/json; charset=utf-16");
        var answer = await host.Api.SendAsync(HttpMethod.Post, "/api/ordering/checkouts", content);
        answer.ExpectProblem();

        using var packed = Api.Bytes([0x1F, 0x8B, 0x00], "application/json");
        packed.Headers.ContentEncoding.Add("gzip");
        (await host.Api.SendAsync(HttpMethod.Post, "/api/ordering/checkouts", packed)).ExpectProblem();
    }

    [Fact]
    public async Task The_kinds_of_all_these_problems_explain_themselves()
    {
        string[] types = ["validation", "malformed-request", "not-found", "stock-short", "price-changed", "checkout-expired", "precondition-failed", "precondition-required", "idempotency-key-required", "idempotency-key-reused", "content-too-large", "unsupported-media-type", "method-not-allowed", "concurrent-change"];
        foreach (var type in types)
        {
            var page = (await host.Api.GetAsync("/problems/" + type)).Expect(200);
            Assert.True(page["explanation"].Length > 20, page.ToString());
        }
    }

    private async Task AssertNothingWasImportedAsync()
    {
        foreach (var sku in new[] { "BAD-1", "BAD-2", "BAD-3" })
        {
            var found = (await host.Api.GetAsync("/api/catalog/products?q=" + sku)).Expect(200);
            Assert.Empty(found.Json["items"]!.AsArray());
        }
    }
}
