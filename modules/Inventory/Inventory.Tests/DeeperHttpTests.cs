using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace ModularMonolith.Inventory.Tests;

/// <summary>Locations, policies, counts and transfers as clients see them.</summary>
public sealed class DeeperHttpTests(InventoryHost inventory) : IClassFixture<InventoryHost>
{
    private const string Api = "/api/inventory/";
    private readonly HttpClient _client = inventory.Host.Client;

    [Fact]
    public async Task A_location_is_created_read_and_edited_by_its_version()
    {
        var created = await SendAsync(HttpMethod.Post, "locations", """{"code":"api-north","name":"North","country":"DE","postalCode":"20095"}""", HttpStatusCode.Created);
        Assert.Equal("/api/inventory/locations/api-north", created.Headers.Location!.ToString());

        var read = await SendAsync(HttpMethod.Get, "locations/api-north", null, HttpStatusCode.OK);
        Assert.Equal("\"v1\"", read.Headers.ETag!.Tag);
        await SendAsync(HttpMethod.Get, "locations/api-north", null, HttpStatusCode.NotModified, ("If-None-Match", "\"v1\""));
        await SendAsync(HttpMethod.Put, "locations/api-north", """{"name":"Northern"}""", (HttpStatusCode)428);
        var edited = await SendAsync(HttpMethod.Put, "locations/api-north", """{"name":"Northern","fulfils":false}""", HttpStatusCode.OK, ("If-Match", "\"v1\""));
        Assert.Equal("\"v2\"", edited.Headers.ETag!.Tag);
        await SendAsync(HttpMethod.Put, "locations/api-north", """{"name":"Again"}""", HttpStatusCode.PreconditionFailed, ("If-Match", "\"v1\""));
        Assert.False((await JsonAsync(edited)).GetProperty("fulfils").GetBoolean());
    }

    [Fact]
    public async Task A_policy_of_a_sku_with_slashes_is_put_and_listed()
    {
        var sku = InventoryHost.NewSku("a/b c");
        var path = "policies/item?sku=" + Uri.EscapeDataString(sku);
        Assert.Equal("\"v0\"", (await SendAsync(HttpMethod.Get, path, null, HttpStatusCode.OK)).Headers.ETag!.Tag);

        await SendAsync(HttpMethod.Put, path, """{"backorderLimit":3,"restockDays":7}""", HttpStatusCode.OK, ("If-Match", "\"v0\""));

        await SendAsync(HttpMethod.Put, path, """{"backorderLimit":4}""", HttpStatusCode.PreconditionFailed, ("If-Match", "\"v0\""));
        var listed = await JsonAsync(await SendAsync(HttpMethod.Get, "policies?limit=100", null, HttpStatusCode.OK));
        Assert.Contains(listed.GetProperty("items").EnumerateArray(), item => item.GetProperty("sku").GetString() == sku && item.GetProperty("backorderLimit").GetInt32() == 3);
        var availability = await JsonAsync(await SendAsync(HttpMethod.Get, "availability?sku=" + Uri.EscapeDataString(sku), null, HttpStatusCode.OK));
        Assert.Equal((3, true, 7), (availability.GetProperty("available").GetInt32(), availability.GetProperty("isBackordered").GetBoolean(), availability.GetProperty("restockDays").GetInt32()));
    }

    [Fact]
    public async Task A_count_and_a_transfer_are_tried_out_without_effect()
    {
        var sku = await inventory.StockedAsync(5);
        await SendAsync(HttpMethod.Post, "locations", $$"""{"code":"dry-{{sku.ToLowerInvariant()}}","name":"Dry"}""", HttpStatusCode.Created);
        var count = (await JsonAsync(await SendAsync(HttpMethod.Post, "counts", "{}", HttpStatusCode.Created))).GetProperty("id").GetString();

        var entered = await JsonAsync(await SendAsync(HttpMethod.Post, $"counts/{count}/quantities?dryRun=true", $$"""{"items":[{"sku":"{{sku}}","counted":4}]}""", HttpStatusCode.OK));
        Assert.Equal(-1, entered.GetProperty("lines")[0].GetProperty("difference").GetInt32());
        Assert.Equal(0, (await JsonAsync(await SendAsync(HttpMethod.Get, "counts/" + count, null, HttpStatusCode.OK))).GetProperty("lines").GetArrayLength());
        await SendAsync(HttpMethod.Post, $"counts/{count}/quantities", $$"""{"items":[{"sku":"{{sku}}","counted":4}]}""", HttpStatusCode.OK);
        Assert.Equal("closed", (await JsonAsync(await SendAsync(HttpMethod.Post, $"counts/{count}/close?dryRun=true", null, HttpStatusCode.OK))).GetProperty("status").GetString());

        Assert.Equal((5, 0, 5), await inventory.LevelAsync(sku));
        await SendAsync(HttpMethod.Post, $"counts/{count}/close", null, HttpStatusCode.OK);
        Assert.Equal((4, 0, 4), await inventory.LevelAsync(sku));
        await SendAsync(HttpMethod.Post, $"counts/{count}/cancel", null, HttpStatusCode.Conflict);
    }

    [Theory]
    [InlineData("POST", "locations", """{"code":"x1","name":"x","country":"de"}""", 400, "#/country")]
    [InlineData("POST", "locations", """{"code":"x1","name":"x","region":"BE"}""", 400, "#/region")]
    [InlineData("POST", "locations", """{"code":"x1","name":"x","latitude":3}""", 400, "#/latitude")]
    [InlineData("POST", "locations", """{"code":"x1","name":"x","latitude":91,"longitude":0}""", 400, "#/latitude")]
    [InlineData("PUT", "locations/nowhere", """{"name":"x"}""", 404, null)]
    [InlineData("PUT", "locations/main", """{"name":" "}""", 400, "#/name")]
    [InlineData("GET", "locations/No%20Code", null, 404, null)]
    [InlineData("PUT", "policies/item?sku=a", """{"safetyStock":-1}""", 400, "#/safetyStock")]
    [InlineData("PUT", "policies/item?sku=a", """{"preorderLimit":3}""", 400, "#/preorderLimit")]
    [InlineData("PUT", "policies/item?sku=", "{}", 400, null)]
    [InlineData("POST", "policies/bulk", """{"items":[{"sku":"a","policy":{"restockDays":0}}]}""", 400, "#/items/0/policy/restockDays")]
    [InlineData("POST", "policies/bulk", """{"items":[{"sku":"a","policy":{}},{"sku":"a","policy":{}}]}""", 400, "#/items")]
    [InlineData("POST", "policies/bulk", """{"items":[{"sku":"a"}]}""", 400, null)]
    [InlineData("POST", "policies/bulk", """{"items":[null]}""", 400, null)]
    [InlineData("POST", "counts", """{"location":"nowhere"}""", 422, null)]
    [InlineData("POST", "counts/019b7c1a-2d88-7000-8000-000000000002/quantities", """{"items":[{"sku":"a","counted":1}]}""", 404, null)]
    [InlineData("POST", "counts/019b7c1a-2d88-7000-8000-000000000002/quantities", """{"items":[{"sku":"a","counted":-1}]}""", 400, "#/items/0/counted")]
    [InlineData("POST", "counts/019b7c1a-2d88-7000-8000-000000000002/quantities", """{"items":[null]}""", 400, null)]
    [InlineData("POST", "counts/019b7c1a-2d88-7000-8000-000000000002/close", null, 404, null)]
    [InlineData("POST", "transits", """{"from":"main","to":"main","lines":[{"sku":"a","quantity":1}]}""", 400, "#/to")]
    [InlineData("POST", "transits", """{"from":"main","to":"nowhere","lines":[{"sku":"a","quantity":1}]}""", 422, null)]
    [InlineData("POST", "transits", """{"from":"main","to":"other","lines":[]}""", 400, "#/lines")]
    [InlineData("POST", "transits", """{"from":"main","to":"other","lines":[{"sku":"a","quantity":0}]}""", 400, "#/lines/0/quantity")]
    [InlineData("POST", "transits", """{"from":"main","to":"other","lines":[null]}""", 400, null)]
    [InlineData("POST", "transits/019b7c1a-2d88-7000-8000-000000000002/receipts", """{"lines":[{"sku":"a","quantity":1}]}""", 404, null)]
    [InlineData("POST", "transits/019b7c1a-2d88-7000-8000-000000000002/losses", """{"lines":[{"sku":"a","quantity":1}],"reason":""}""", 400, "#/reason")]
    [InlineData("GET", "certificates/019b7c1a-2d88-7000-8000-000000000002", null, 404, null)]
    [InlineData("GET", "certificates?cursor=nonsense", null, 400, null)]
    public async Task Bad_input_is_refused_with_a_problem(string method, string path, string? body, int status, string? pointer)
    {
        using var answer = await SendAsync(new HttpMethod(method), path, body, (HttpStatusCode)status, ("If-Match", "*"));

        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        if (pointer is not null)
        {
            Assert.Contains(pointer, (await JsonAsync(answer)).GetProperty("errors").EnumerateArray().Select(static error => error.GetProperty("pointer").GetString()));
        }
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? body, HttpStatusCode expected, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, Api + path);
        request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        var answer = await _client.SendAsync(request);
        Assert.True(expected == answer.StatusCode, $"{answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        return answer;
    }

    private static Task<JsonElement> JsonAsync(HttpResponseMessage answer) => answer.Content.ReadFromJsonAsync<JsonElement>();
}
