using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using ModularMonolith.Platform.Testing;
using ModularMonolith.Pricing.Tests.Redemptions;

namespace ModularMonolith.Pricing.Tests.Promotions;

public sealed class PromotionHttpTests(PromotionHost pricing) : IClassFixture<PromotionHost>
{
    private const string Api = "/api/pricing/";

    private static readonly string Whole = """
        {
          "title": "Summer", "byCoupon": true, "startsAt": "2026-06-01T00:00:00Z", "endsAt": "2099-09-01T00:00:00Z", "priority": 5, "stacking": "exclusive",
          "conditions": [
            { "lines": { "match": { "tags": ["summer"], "skus": ["A"], "vendors": ["Acme"], "types": ["Shirt"] }, "minimumQuantity": 2, "minimumAmount": [{ "amount": 100, "currency": "EUR" }] } },
            { "order": { "minimumTotal": [{ "amount": 100, "currency": "EUR" }], "currencies": ["EUR"], "minimumItems": 2 } },
            { "customer": { "groups": ["vip"], "signedIn": true, "notRedeemedBefore": true } },
            { "time": { "weekdays": ["monday", "friday"], "fromHour": 22, "untilHour": 6 } },
            { "destination": { "countries": ["DE"] } }
          ],
          "actions": [
            { "percentage": { "percent": 12.5, "maximum": [{ "amount": 1000, "currency": "EUR" }] } },
            { "fixedAmount": { "amounts": [{ "amount": 100, "currency": "EUR" }], "perUnit": true } },
            { "buyGet": { "buyQuantity": 2, "getQuantity": 1, "percent": 50, "repetitions": 3 } },
            { "freeShipping": {} }
          ],
          "limits": { "uses": 100, "usesByCustomer": 1, "budget": [{ "amount": 100000, "currency": "EUR" }] }
        }
        """;

    private readonly HttpClient _client = pricing.Host.Client;

    [Fact]
    public async Task A_promotion_is_created_changed_and_taken_through_its_life()
    {
        var created = await SendAsync(HttpMethod.Post, "promotions", JsonNode.Parse(Whole));
        Assert.Equal(HttpStatusCode.Created, created.Status);
        var address = created.Headers.Location!.ToString();
        var read = await SendAsync(HttpMethod.Get, address);
        Assert.Equal("draft", (string?)read.Body!["status"]);
        foreach (var (name, value) in JsonNode.Parse(Whole)!.AsObject().Where(static member => member.Key is "title" or "byCoupon" or "priority" or "stacking"))
        {
            Assert.Equal(value!.ToJsonString(), read.Body["content"]![name]!.ToJsonString());
        }

        Assert.Equal(5, read.Body["content"]!["conditions"]!.AsArray().Count);
        Assert.Equal(12.5m, (decimal)read.Body["content"]!["actions"]![0]!["percentage"]!["percent"]!);
        Assert.Equal("friday", (string?)read.Body["content"]!["conditions"]![3]!["time"]!["weekdays"]![1]);

        var changed = JsonNode.Parse(Whole)!;
        changed["title"] = "Late summer";
        Assert.Equal(HttpStatusCode.PreconditionRequired, (await SendAsync(HttpMethod.Put, address, changed)).Status);
        var edited = await SendAsync(HttpMethod.Put, address, changed, read.Headers.ETag!.Tag);
        Assert.Equal("Late summer", (string?)edited.Body!["content"]!["title"]);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await SendAsync(HttpMethod.Put, address, changed, read.Headers.ETag!.Tag)).Status);
        changed["byCoupon"] = false;
        Assert.Equal(HttpStatusCode.Conflict, (await SendAsync(HttpMethod.Put, address, changed, "*")).Status);

        Assert.Equal(HttpStatusCode.Conflict, (await SendAsync(HttpMethod.Post, address + "/pause")).Status);
        Assert.Equal("active", (string?)(await SendAsync(HttpMethod.Post, address + "/activate")).Body!["status"]);
        Assert.Equal("paused", (string?)(await SendAsync(HttpMethod.Post, address + "/pause")).Body!["status"]);
        Assert.Equal("ended", (string?)(await SendAsync(HttpMethod.Post, address + "/end")).Body!["status"]);
        var refused = await SendAsync(HttpMethod.Post, address + "/activate");
        Assert.Equal((HttpStatusCode.Conflict, "ended"), (refused.Status, (string?)refused.Body!["state"]));
    }

    [Fact]
    public async Task A_creation_sent_twice_with_one_key_makes_one_promotion()
    {
        var key = Guid.NewGuid().ToString();
        var first = await SendAsync(HttpMethod.Post, "promotions", JsonNode.Parse(Whole), key: key);
        var again = await SendAsync(HttpMethod.Post, "promotions", JsonNode.Parse(Whole), key: key);

        Assert.Equal((string?)first.Body!["id"], (string?)again.Body!["id"]);
        var bare = new HttpRequestMessage(HttpMethod.Post, Api + "promotions") { Content = JsonContent.Create(JsonNode.Parse(Whole)) };
        Assert.Equal(HttpStatusCode.BadRequest, (await _client.SendAsync(bare)).StatusCode);
    }

    [Theory]
    [InlineData("title", "\"\"", "/title")]
    [InlineData("actions", "[]", "/actions")]
    [InlineData("actions", "[{}]", "/actions/0")]
    [InlineData("actions", """[{ "freeShipping": {}, "percentage": { "percent": 10 } }]""", "/actions/0")]
    [InlineData("actions", """[{ "percentage": { "percent": 100.5 } }]""", "/actions/0/percentage/percent")]
    [InlineData("actions", """[{ "percentage": { "percent": 0.001 } }]""", "/actions/0/percentage/percent")]
    [InlineData("actions", """[{ "fixedAmount": { "amounts": [] } }]""", "/actions/0/fixedAmount/amounts")]
    [InlineData("actions", """[{ "fixedAmount": { "amounts": [{ "amount": -1, "currency": "EUR" }] } }]""", "/actions/0/fixedAmount/amounts")]
    [InlineData("actions", """[{ "freeShipping": { "maximum": [{ "amount": 1, "currency": "EUR" }, { "amount": 2, "currency": "EUR" }] } }]""", "/actions/0/freeShipping/maximum")]
    [InlineData("actions", """[{ "buyGet": { "buyQuantity": 0, "getQuantity": 1 } }]""", "/actions/0/buyGet/buyQuantity")]
    [InlineData("conditions", "[{}]", "/conditions/0")]
    [InlineData("conditions", """[{ "time": { "fromHour": 24 } }]""", "/conditions/0/time/fromHour")]
    [InlineData("conditions", """[{ "destination": { "countries": ["Germany"] } }]""", "/conditions/0/destination/countries")]
    [InlineData("conditions", """[{ "lines": { "match": { "tags": [""] } } }]""", "/conditions/0/lines/match/tags")]
    [InlineData("endsAt", "\"2026-01-01T00:00:00Z\"", "/endsAt")]
    [InlineData("limits", """{ "uses": 0 }""", "/limits/uses")]
    [InlineData("priority", "1001", "/priority")]
    public async Task A_wrong_field_is_named(string field, string value, string pointer)
    {
        var body = JsonNode.Parse(Whole)!;
        body[field] = JsonNode.Parse(value);

        var refused = await SendAsync(HttpMethod.Post, "promotions", body);

        Assert.Equal(HttpStatusCode.BadRequest, refused.Status);
        Assert.Contains(refused.Body!["errors"]!.AsArray(), error => (string?)error!["pointer"] == pointer || (string?)error!["pointer"] == "#" + pointer);
    }

    [Theory]
    [InlineData("""{ "title": "A" }""")]
    [InlineData("""{ "title": "A", "actions": [null] }""")]
    [InlineData("""{ "title": "A", "actions": [{ "percentage": { "percent": "10" } }] }""")]
    [InlineData("""{ "title": "A", "actions": [{ "freeShipping": {} }], "stacking": "both" }""")]
    [InlineData("""{ "title": "A", "actions": [{ "gift": {} }] }""")]
    public async Task What_is_no_promotion_is_refused(string body) =>
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(HttpMethod.Post, "promotions", JsonNode.Parse(body))).Status);

    [Fact]
    public async Task Promotions_are_listed_by_status_page_by_page()
    {
        var ids = new List<string?>();
        for (var number = 0; number < 3; number++)
        {
            var created = await SendAsync(HttpMethod.Post, "promotions", JsonNode.Parse(Whole));
            await SendAsync(HttpMethod.Post, created.Headers.Location + "/end");
            ids.Insert(0, (string?)created.Body!["id"]);
        }

        var listed = new List<string?>();
        for (var cursor = string.Empty; cursor is not null;)
        {
            var page = await SendAsync(HttpMethod.Get, "promotions?status=ended&limit=2" + (cursor.Length > 0 ? "&cursor=" + Uri.EscapeDataString(cursor) : string.Empty));
            Assert.All(page.Body!["items"]!.AsArray(), static item => Assert.Equal("ended", (string?)item!["status"]));
            listed.AddRange(page.Body["items"]!.AsArray().Select(static item => (string?)item!["id"]));
            cursor = (string?)page.Body["next"];
        }

        Assert.Equal(ids, listed.Where(ids.Contains));
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(HttpMethod.Get, "promotions?status=1")).Status);
    }

    [Fact]
    public async Task A_coupon_is_created_once_whatever_its_letters()
    {
        var promotion = await PromotionAsync();
        var code = $"Sum mer-{Guid.NewGuid():N}"[..20];

        var created = await SendAsync(HttpMethod.Post, "coupons", new JsonObject { ["code"] = code, ["promotionId"] = promotion, ["maximumUses"] = 3 });
        var again = await SendAsync(HttpMethod.Post, "coupons", new JsonObject { ["code"] = code.ToUpperInvariant(), ["promotionId"] = promotion });
        var read = await SendAsync(HttpMethod.Get, "coupons/" + Uri.EscapeDataString(code.ToLowerInvariant()));

        Assert.Equal(HttpStatusCode.Created, created.Status);
        Assert.Equal(HttpStatusCode.Conflict, again.Status);
        Assert.Equal((0, 3), ((int)read.Body!["uses"]!, (int)read.Body["usesLeft"]!));
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(HttpMethod.Get, "coupons/unknown")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(HttpMethod.Post, "coupons", new JsonObject { ["code"] = "ä", ["promotionId"] = promotion })).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(HttpMethod.Post, "coupons", new JsonObject { ["code"] = "FINE", ["promotionId"] = Guid.NewGuid() })).Status);
    }

    [Fact]
    public async Task Thousands_of_coupons_are_generated_at_once_and_listed_by_their_batch()
    {
        var promotion = await PromotionAsync();
        await SendAsync(HttpMethod.Post, $"promotions/{promotion}/coupons", new JsonObject { ["count"] = 1 });

        var made = await SendAsync(HttpMethod.Post, $"promotions/{promotion}/coupons", new JsonObject { ["count"] = 10_000, ["prefix"] = "SUN-" });
        var page = await SendAsync(HttpMethod.Get, made.Headers.Location + "&limit=100");
        var codes = page.Body!["items"]!.AsArray().Select(static item => (string)item!["code"]!).ToList();

        Assert.Equal(HttpStatusCode.Created, made.Status);
        Assert.Equal(10_000L, await pricing.ScalarAsync("select count(*) from pricing.coupon where batch_id = $1", Guid.Parse((string)made.Body!["batchId"]!)));
        Assert.Equal(100, codes.Distinct().Count());
        Assert.All(codes, static code => Assert.Matches("^SUN-[0-9A-HJKMNP-TV-Z]{12}$", code));
        Assert.Equal(codes.Order(StringComparer.Ordinal), codes);
        var next = await SendAsync(HttpMethod.Get, $"{made.Headers.Location}&limit=100&cursor={Uri.EscapeDataString((string)page.Body["next"]!)}");
        Assert.True(string.CompareOrdinal((string?)next.Body!["items"]![0]!["code"], codes[^1]) > 0);
        Assert.Equal(101, (await SendAsync(HttpMethod.Get, $"promotions/{promotion}/coupons?limit=100")).Body!["items"]!.AsArray().Count + 1);
    }

    [Fact]
    public async Task Coupons_need_a_promotion_that_takes_them()
    {
        var body = JsonNode.Parse(Whole)!;
        body["byCoupon"] = false;
        var automatic = (string)(await SendAsync(HttpMethod.Post, "promotions", body)).Body!["id"]!;
        var ended = await PromotionAsync();
        await SendAsync(HttpMethod.Post, $"promotions/{ended}/end");

        Assert.Equal(HttpStatusCode.Conflict, (await SendAsync(HttpMethod.Post, $"promotions/{automatic}/coupons", new JsonObject { ["count"] = 1 })).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await SendAsync(HttpMethod.Post, $"promotions/{ended}/coupons", new JsonObject { ["count"] = 1 })).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(HttpMethod.Post, $"promotions/{automatic}/coupons", new JsonObject { ["count"] = 10_001 })).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(HttpMethod.Post, $"promotions/{automatic}/coupons", new JsonObject { ["count"] = 1, ["prefix"] = "a b" })).Status);
    }

    [Fact]
    public async Task A_dry_run_leaves_nothing_behind()
    {
        var promotion = await PromotionAsync();

        var dry = await SendAsync(HttpMethod.Post, $"promotions/{promotion}/coupons?dryRun=true", new JsonObject { ["count"] = 5 });
        await SendAsync(HttpMethod.Post, $"promotions/{promotion}/activate?dryRun=true");

        Assert.Equal(HttpStatusCode.OK, dry.Status);
        Assert.Empty((await SendAsync(HttpMethod.Get, $"promotions/{promotion}/coupons")).Body!["items"]!.AsArray());
        Assert.Equal("draft", (string?)(await SendAsync(HttpMethod.Get, $"promotions/{promotion}")).Body!["status"]);
    }

    [Fact]
    public async Task Usage_says_what_is_left()
    {
        var usage = await SendAsync(HttpMethod.Get, $"promotions/{await PromotionAsync()}/usage");

        Assert.Equal((0, 100), ((int)usage.Body!["uses"]!, (int)usage.Body["usesLeft"]!));
        Assert.Equal(100_000, (long)usage.Body["money"]![0]!["left"]!["amount"]!);
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(HttpMethod.Get, $"promotions/{Guid.NewGuid()}/usage")).Status);
    }

    [Theory]
    [InlineData("GET", "promotions")]
    [InlineData("POST", "promotions")]
    [InlineData("PUT", "promotions/0199a4b0-0000-7000-8000-000000000001")]
    [InlineData("POST", "promotions/0199a4b0-0000-7000-8000-000000000001/activate")]
    [InlineData("POST", "promotions/0199a4b0-0000-7000-8000-000000000001/coupons")]
    [InlineData("POST", "coupons")]
    public async Task Who_may_not_is_refused(string method, string path)
    {
        var wrong = method == "GET" ? "pricing:manage" : "pricing:read";

        var refused = await SendAsync(new HttpMethod(method), path, method == "GET" ? null : new JsonObject(), "*", authorization: TestCredentials.Of("anna", wrong));

        Assert.Equal(HttpStatusCode.Forbidden, refused.Status);
    }

    private async Task<string> PromotionAsync() => (string)(await SendAsync(HttpMethod.Post, "promotions", JsonNode.Parse(Whole))).Body!["id"]!;

    private async Task<(HttpStatusCode Status, JsonNode? Body, HttpResponseHeaders Headers)> SendAsync(
        HttpMethod method, string path, JsonNode? body = null, string? ifMatch = null, string? key = null, AuthenticationHeaderValue? authorization = null)
    {
        using var request = new HttpRequestMessage(method, path.StartsWith('/') ? path : Api + path) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Authorization = authorization;
        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        if (method == HttpMethod.Post)
        {
            request.Headers.Add("Idempotency-Key", key ?? Guid.NewGuid().ToString());
        }

        var response = await _client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return (response.StatusCode, text.Length > 0 ? JsonNode.Parse(text) : null, response.Headers);
    }
}
