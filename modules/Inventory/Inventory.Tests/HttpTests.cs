using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace ModularMonolith.Inventory.Tests;

public sealed class HttpTests(InventoryHost inventory) : IClassFixture<InventoryHost>
{
    private const string Api = "/api/inventory/";
    private readonly HttpClient _client = inventory.Host.Client;

    [Theory]
    [InlineData("plain")]
    [InlineData("with space")]
    [InlineData("a/b/c")]
    [InlineData("100%2Fa?b=c&d#e")]
    [InlineData("Größe 42 — \U0001F9E6")]
    public async Task A_sku_may_be_any_text(string name)
    {
        var sku = InventoryHost.NewSku(name);
        await PostAsync("receipts", new { sku, quantity = 4, reference = "delivery 1" }, HttpStatusCode.OK);

        var item = await GetAsync("stock/item?sku=" + Uri.EscapeDataString(sku));
        var movements = await GetAsync("movements?sku=" + Uri.EscapeDataString(sku));

        Assert.Equal(sku, item.GetProperty("sku").GetString());
        Assert.Equal(4, item.GetProperty("available").GetInt32());
        Assert.Equal("main", item.GetProperty("locations")[0].GetProperty("location").GetString());
        Assert.Equal("stock_received", movements.GetProperty("items")[0].GetProperty("type").GetString());
        Assert.Equal("delivery 1", movements.GetProperty("items")[0].GetProperty("note").GetString());
    }

    [Fact]
    public async Task A_receipt_sent_twice_with_one_key_counts_once()
    {
        var sku = InventoryHost.NewSku();
        var key = Guid.NewGuid().ToString();

        await PostAsync("receipts", new { sku, quantity = 4 }, HttpStatusCode.OK, key);
        var again = await PostAsync("receipts", new { sku, quantity = 4 }, HttpStatusCode.OK, key);
        await PostAsync("receipts", new { sku, quantity = 5 }, HttpStatusCode.UnprocessableEntity, key);

        Assert.Equal(4, again.GetProperty("onHand").GetInt32());
        Assert.Equal((4, 0, 4), await inventory.LevelAsync(sku));
    }

    [Fact]
    public async Task An_adjustment_cannot_take_what_is_reserved()
    {
        var sku = await inventory.StockedAsync(5);
        await inventory.ReserveAsync(Guid.NewGuid(), (sku, 3));

        var refused = await PostAsync("adjustments", new { sku, delta = -3, reason = "broken" }, HttpStatusCode.Conflict);
        var adjusted = await PostAsync("adjustments", new { sku, delta = -2, reason = "broken" }, HttpStatusCode.OK);

        Assert.Equal("/problems/insufficient-stock", refused.GetProperty("type").GetString());
        Assert.Equal(2, refused.GetProperty("available").GetInt32());
        Assert.Equal((3, 3, 0), Levels(adjusted));
    }

    [Fact]
    public async Task Many_adjustments_are_answered_one_by_one_and_count_once()
    {
        var (first, second) = (await inventory.StockedAsync(5), await inventory.StockedAsync(1));
        await inventory.ReserveAsync(Guid.NewGuid(), (second, 1));
        var items = new object[]
        {
            new { sku = first, delta = -2, reason = "count" }, new { sku = second, delta = -1, reason = "count" }, new { sku = "never seen", delta = 1, reason = "count" },
            new { sku = first, delta = 1, reason = "found" }, new { sku = first, delta = 1, reason = "found", location = "nowhere" },
        };
        var key = Guid.NewGuid().ToString();

        var answer = await PostAsync("adjustments/bulk", new { items }, HttpStatusCode.OK, key);
        var again = await PostAsync("adjustments/bulk", new { items }, HttpStatusCode.OK, key);

        Assert.Equal((2, 3), (answer.GetProperty("done").GetInt32(), answer.GetProperty("refused").GetInt32()));
        var all = answer.GetProperty("items").EnumerateArray().ToList();
        Assert.Equal([0, 1, 2, 3, 4], all.Select(static item => item.GetProperty("index").GetInt32()));
        Assert.Equal((4, 0, 4), Levels(all[3].GetProperty("result")));
        Assert.Equal(
            [null, "/problems/insufficient-stock 409", "/problems/not-found 404", null, "/problems/unknown-location 422"],
            all.Select(static item => item.GetProperty("problem") is { ValueKind: JsonValueKind.Object } problem ? $"{problem.GetProperty("type")} {problem.GetProperty("status")}" : null));
        Assert.Equal(answer.GetRawText(), again.GetRawText());
        Assert.Equal((4, 0, 4), await inventory.LevelAsync(first));
        Assert.Equal((1, 1, 0), await inventory.LevelAsync(second));
    }

    [Fact]
    public async Task A_malformed_item_refuses_all_of_a_bulk_operation_and_is_named()
    {
        var sku = await inventory.StockedAsync(5);

        var refused = await PostAsync("adjustments/bulk", new { items = new object[] { new { sku, delta = 1, reason = "count" }, new { sku, delta = 0, reason = " " } } }, HttpStatusCode.BadRequest);
        var tooMany = await PostAsync("adjustments/bulk", new { items = Enumerable.Repeat(new { sku, delta = 1, reason = "count" }, 101) }, HttpStatusCode.BadRequest);

        Assert.Equal(["#/items/1/delta", "#/items/1/reason"], refused.GetProperty("errors").EnumerateArray().Select(static error => error.GetProperty("pointer").GetString()));
        Assert.Equal("#/items", tooMany.GetProperty("errors")[0].GetProperty("pointer").GetString());
        Assert.Equal((5, 0, 5), await inventory.LevelAsync(sku));
    }

    [Fact]
    public async Task A_transfer_moves_stock_and_leaves_the_total()
    {
        var sku = await inventory.StockedAsync(5);
        await PostAsync("locations", new { code = "http-north", name = "North", priority = 3 }, HttpStatusCode.Created);

        var moved = await PostAsync("transfers", new { sku, from = "main", to = "http-north", quantity = 2, reference = "van 7" }, HttpStatusCode.OK);

        Assert.Equal((5, 0, 5), Levels(moved));
        Assert.Equal(["http-north:2", "main:3"], moved.GetProperty("locations").EnumerateArray().Select(place => $"{place.GetProperty("location")}:{place.GetProperty("onHand")}"));
        var arrived = (await GetAsync($"movements?sku={sku}&location=http-north")).GetProperty("items")[0];
        Assert.Equal("transferred_in", arrived.GetProperty("type").GetString());
        Assert.Equal("van 7", arrived.GetProperty("note").GetString());
        await PostAsync("transfers", new { sku, from = "main", to = "http-north", quantity = 4 }, HttpStatusCode.Conflict);
        await PostAsync("locations", new { code = "http-north", name = "Again" }, HttpStatusCode.Conflict);
        var locations = (await GetAsync("locations")).GetProperty("items").EnumerateArray().Select(place => place.GetProperty("code").GetString());
        Assert.Equal(["main", "http-north"], locations);
    }

    [Fact]
    public async Task Movements_are_listed_newest_first_page_by_page()
    {
        var sku = await inventory.StockedAsync(1);
        for (var quantity = 2; quantity <= 5; quantity++)
        {
            await PostAsync("receipts", new { sku, quantity }, HttpStatusCode.OK);
        }

        var changes = new List<int>();
        var balances = new List<int>();
        string? cursor = null;
        do
        {
            var page = await GetAsync($"movements?sku={sku}&limit=2" + (cursor is null ? "" : "&cursor=" + cursor));
            changes.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("onHandChange").GetInt32()));
            balances.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("onHand").GetInt32()));
            cursor = page.GetProperty("next").GetString();
        }
        while (cursor is not null);

        Assert.Equal([5, 4, 3, 2, 1], changes);
        Assert.Equal([15, 10, 6, 3, 1], balances);
    }

    [Fact]
    public async Task Stock_is_listed_page_by_page_and_by_given_skus()
    {
        var skus = new List<string>();
        for (var count = 0; count < 5; count++)
        {
            skus.Add(await inventory.StockedAsync(count, "LIST"));
        }

        var seen = new List<string?>();
        var path = "stock?limit=2";
        while (path.Length > 0)
        {
            var page = await GetAsync(path);
            Assert.InRange(page.GetProperty("items").GetArrayLength(), 1, 2);
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("sku").GetString()));
            path = page.GetProperty("next").GetString() is { } next ? "stock?limit=2&cursor=" + next : "";
        }

        Assert.Equal(seen.Count, seen.Distinct().Count());
        Assert.Subset(seen.ToHashSet(), skus.ToHashSet<string?>());
        var given = await GetAsync($"stock?sku={skus[3]}&sku=unknown&sku={skus[1]}");
        Assert.Equal([skus[3], skus[1]], given.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("sku").GetString()));
    }

    [Fact]
    public async Task Availability_tells_shops_no_more_than_ten()
    {
        var (few, many) = (await inventory.StockedAsync(3), await inventory.StockedAsync(300));

        Assert.Equal(3, (await GetAsync("availability?sku=" + few)).GetProperty("available").GetInt32());
        Assert.Equal(10, (await GetAsync("availability?sku=" + many)).GetProperty("available").GetInt32());
        Assert.False((await GetAsync("availability?sku=" + many)).TryGetProperty("onHand", out _));
    }

    [Fact]
    public async Task A_reservation_shows_where_its_stock_is()
    {
        var sku = await inventory.StockedAsync(3);
        var id = Guid.NewGuid();
        await inventory.ReserveAsync(id, (sku, 2));

        var reservation = await GetAsync("reservations/" + id);

        Assert.Equal("active", reservation.GetProperty("status").GetString());
        Assert.Equal("main", reservation.GetProperty("lines")[0].GetProperty("location").GetString());
        await GetAsync("reservations/" + Guid.NewGuid(), HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Verification_finds_nothing_to_complain_about_and_sees_a_tampered_item()
    {
        var sku = await inventory.StockedAsync(3);
        Assert.Equal(0, (await GetAsync("verification")).GetProperty("differences").GetArrayLength());

        await ExecuteAsync("update inventory.mt_doc_stock_item set data = jsonb_set(data, '{onHand}', '4') where data ->> 'sku' = $1", sku);
        var difference = Assert.Single((await GetAsync("verification")).GetProperty("differences").EnumerateArray());
        await ExecuteAsync("update inventory.mt_doc_stock_item set data = jsonb_set(data, '{onHand}', '3') where data ->> 'sku' = $1", sku);

        Assert.Equal(sku, difference.GetProperty("sku").GetString());
    }

    [Theory]
    [InlineData("receipts", """{"sku":"","quantity":1}""", 400)]
    [InlineData("receipts", """{"sku":"a","quantity":0}""", 400)]
    [InlineData("receipts", """{"sku":"a","quantity":1000000001}""", 400)]
    [InlineData("receipts", """{"sku":"a","quantity":99999999999}""", 400)]
    [InlineData("receipts", """{"sku":"a","quantity":1.5}""", 400)]
    [InlineData("receipts", """{"sku":"a\u0000b","quantity":1}""", 400)]
    [InlineData("receipts", """{"sku":"a","quantity":1,"colour":"red"}""", 400)]
    [InlineData("receipts", """{"sku":"a","quantity":1,"location":"A B"}""", 400)]
    [InlineData("receipts", """{"sku":"a","quantity":1,"location":"nowhere"}""", 422)]
    [InlineData("receipts", """{"quantity":1}""", 400)]
    [InlineData("receipts", """{"sku":"\ud800","quantity":1}""", 400)]
    [InlineData("receipts", "null", 400)]
    [InlineData("adjustments", """{"sku":"a","delta":0,"reason":"x"}""", 400)]
    [InlineData("adjustments", """{"sku":"a","delta":1,"reason":" "}""", 400)]
    [InlineData("adjustments", """{"sku":"never seen","delta":1,"reason":"x"}""", 404)]
    [InlineData("adjustments", """{"sku":"a","delta":-2147483648,"reason":"x"}""", 400)]
    [InlineData("transfers", """{"sku":"a","from":"main","to":"main","quantity":1}""", 400)]
    [InlineData("transfers", """{"sku":"a","from":"main","to":"nowhere","quantity":1}""", 422)]
    [InlineData("locations", """{"code":"Big City","name":"x"}""", 400)]
    [InlineData("locations", """{"code":"main","name":"x"}""", 409)]
    [InlineData("locations", """{"code":"x","name":""}""", 400)]
    public async Task Bad_input_is_refused_with_a_problem(string path, string body, int status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Api + path) { Content = new StringContent(body, System.Text.Encoding.UTF8, "application/json") };
        request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());
        using var answer = await _client.SendAsync(request);

        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
    }

    [Theory]
    [InlineData("stock?limit=0", 400)]
    [InlineData("stock?limit=x", 400)]
    [InlineData("stock?cursor=x", 400)]
    [InlineData("stock?sort=x", 400)]
    [InlineData("stock?sku=", 400)]
    [InlineData("stock/item", 400)]
    [InlineData("stock/item?sku=%00", 400)]
    [InlineData("stock/item?sku=nobody", 404)]
    [InlineData("availability?sku=nobody", 404)]
    [InlineData("movements?sku=nobody", 404)]
    [InlineData("movements?sku=a&location=A%20B", 400)]
    [InlineData("movements?sku=a&cursor=e30", 400)]
    [InlineData("reservations/17", 404)]
    [InlineData("verification?cursor=nonsense", 400)]
    public async Task A_bad_query_is_refused_with_a_problem(string path, int status) => await GetAsync(path, (HttpStatusCode)status);

    [Fact]
    public async Task Movements_need_an_idempotency_key()
    {
        using var answer = await _client.PostAsJsonAsync(Api + "receipts", new { sku = "a", quantity = 1 });

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    private static (int OnHand, int Reserved, int Available) Levels(JsonElement view) =>
        (view.GetProperty("onHand").GetInt32(), view.GetProperty("reserved").GetInt32(), view.GetProperty("available").GetInt32());

    private async Task<JsonElement> GetAsync(string path, HttpStatusCode expected = HttpStatusCode.OK)
    {
        using var answer = await _client.GetAsync(Api + path);
        Assert.Equal(expected, answer.StatusCode);
        Assert.Equal(expected == HttpStatusCode.OK ? "application/json" : "application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private async Task<JsonElement> PostAsync(string path, object body, HttpStatusCode expected, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Api + path) { Content = JsonContent.Create(body) };
        request.Headers.Add("Idempotency-Key", key ?? Guid.NewGuid().ToString());
        using var answer = await _client.SendAsync(request);
        Assert.Equal(expected, answer.StatusCode);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    private async Task ExecuteAsync(string sql, string sku)
    {
        await using var source = Npgsql.NpgsqlDataSource.Create(inventory.Host.ConnectionString);
        await using var command = source.CreateCommand(sql);
        command.Parameters.AddWithValue(sku);
        Assert.Equal(1, await command.ExecuteNonQueryAsync());
    }
}
