using System.Net;
using System.Text.Json;

namespace ModularMonolith.Client.Tests;

public sealed class AnswerTests
{
    private static readonly string Order =
        $$"""
        {
          "id": "0199c000-0000-7000-8000-000000000000", "status": "teleported", "total": { "amount": 1999, "currency": "EUR" }, "itemCount": 1,
          "placedAt": "2026-11-21T10:00:00.123456Z", "needsAttention": false, "newcomer": [1, 2]
        }
        """;

    [Fact]
    public async Task Values_and_fields_that_are_newer_than_the_client_do_not_harm_it()
    {
        using var network = new Answers(Answers.Json(HttpStatusCode.OK, $$"""{ "items": [{{Order}}], "next": null }"""));

        var order = Assert.Single((await network.Repeating().Ordering.ListOrdersPageAsync()).Items);

        Assert.Equal("teleported", order.Status.Value);
        Assert.NotEqual(OrderStatus.Placed, order.Status);
        Assert.Equal(OrderStatus.From("teleported"), order.Status);
        Assert.Equal("\"placed\"", JsonSerializer.Serialize(OrderStatus.Placed));
        Assert.Equal(1999, order.Total.Amount);
        Assert.Equal(new DateTimeOffset(2026, 11, 21, 10, 0, 0, 123, 456, TimeSpan.Zero), order.PlacedAt);
    }

    [Fact]
    public async Task Parameters_are_written_as_the_api_reads_them()
    {
        using var network = new Answers(Answers.Json(HttpStatusCode.OK, """{ "items": [], "next": null }"""), Answers.Json(HttpStatusCode.OK, """{ "items": [], "next": null }"""), Answers.Json(HttpStatusCode.NoContent, string.Empty));
        var client = network.Repeating();

        await client.Catalog.SearchProductsPageAsync(q: "tea & cups", maxPrice: 1000, limit: 5);
        await client.Inventory.ListStockPageAsync(sku: ["A/1", "B"]);
        await client.Baskets.DeleteBasketAsync("a/b", dryRun: true);

        Assert.Equal(
            ["GET /api/catalog/products?q=tea%20%26%20cups&maxPrice=1000&limit=5", "GET /api/inventory/stock?sku=A%2F1&sku=B", "DELETE /api/baskets/a%2Fb?dryRun=true"],
            network.Requests.Select(static sent => sent.Line));
    }

    [Fact]
    public async Task A_problem_is_thrown_with_all_that_it_says()
    {
        using var network = new Answers(Answers.Json(
            HttpStatusCode.BadRequest,
            """{ "type": "/problems/validation", "title": "Invalid.", "status": 400, "detail": "Two fields.", "traceId": "abc", "errors": [{ "pointer": "#/sku", "detail": "Missing." }], "limit": 7 }""",
            "application/problem+json"));

        var thrown = await Assert.ThrowsAsync<ApiException>(() => network.Repeating().Inventory.ListLocationsAsync());

        Assert.Equal("400 Invalid. Two fields.", thrown.Message);
        Assert.Equal(("/problems/validation", "validation", "abc"), (thrown.Type, thrown.Kind, thrown.TraceId));
        Assert.Equal(new InvalidField("#/sku", "Missing."), Assert.Single(thrown.Errors));
        Assert.Equal(7, thrown.Members["limit"].GetInt32());
    }

    [Theory]
    [InlineData("<html>Bad gateway</html>")]
    [InlineData("")]
    [InlineData("[1]")]
    public async Task What_a_proxy_answers_in_its_own_words_is_thrown_too(string body)
    {
        using var network = new Answers(Answers.Json(HttpStatusCode.BadGateway, body, "text/html"));

        var thrown = await Assert.ThrowsAsync<ApiException>(() => network.Repeating().Inventory.ListLocationsAsync());

        Assert.Equal((HttpStatusCode.BadGateway, "about:blank", "Bad Gateway"), (thrown.Status, thrown.Type, thrown.Title));
    }

    [Fact]
    public async Task An_access_token_that_is_refused_is_replaced_once()
    {
        const string Tokens = """{ "access_token": "second", "token_type": "Bearer", "expires_in": 600, "refresh_token": null, "id_token": null, "scope": "" }""";
        using var network = new Answers(
            Answers.Json(HttpStatusCode.OK, Tokens.Replace("second", "first", StringComparison.Ordinal)), Answers.Json(HttpStatusCode.Unauthorized, "{}"),
            Answers.Json(HttpStatusCode.OK, Tokens), Answers.Json(HttpStatusCode.Unauthorized, "{}"));
        using var tokens = new ClientCredentials("shop", "secret");
        using var http = new HttpClient(new AccessTokenHandler(tokens) { InnerHandler = network }) { BaseAddress = new Uri("http://shop.test") };

        await Assert.ThrowsAsync<ApiException>(() => new CommerceClient(http).Inventory.ListLocationsAsync());

        Assert.Equal([null, "Bearer first", null, "Bearer second"], network.Requests.Select(static sent => sent.Authorization));
        Assert.Equal("grant_type=client_credentials&client_id=shop&client_secret=secret", network.Requests[0].Body);
    }
}
