using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace ModularMonolith.EndToEnd.Tests.Conformance;

/// <summary>An API that has the shop's operations and keeps none of the conventions that can be seen from outside.</summary>
internal sealed class BadShop : IAsyncDisposable
{
    private const string Products = "/api/catalog/products";

    private readonly WebApplication _app;
    private readonly List<JsonObject> _products = [];
    private readonly Dictionary<string, int> _stock = [];
    private readonly HashSet<string> _keys = [];
    private readonly Lock _writing = new();

    private BadShop()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.Use((http, next) =>
        {
            Methods.Add(http.Request.Method);
            return next(http);
        });
        _app.MapGet("/openapi/v1.json", () => Results.Text(Description, "application/json"));
        _app.MapGet(Products, List);
        _app.MapPost(Products, (Delegate)CreateAsync);
        _app.MapGet(Products + "/{id:int}", (int id, HttpContext http) => Tagged(http, id, id <= _products.Count ? Results.Json(_products[id - 1]) : NotThere()));
        _app.MapPut(Products + "/{id:int}", (int id, HttpContext http) => Tagged(http, id, Results.Json(_products[id - 1])));
        _app.MapPost("/api/baskets", () => Results.Json(new { id = 1 }, statusCode: 201));
        _app.MapGet("/api/inventory/stock", (string? sku) => Results.Json(new { items = _stock.Where(stock => stock.Key == sku).Select(stock => new { sku = stock.Key, onHand = stock.Value }) }));
        _app.MapPost("/api/inventory/receipts", (Delegate)ReceiveAsync);
        _app.MapPost("/api/inventory/adjustments", (HttpContext http) =>
        {
            // A key that was used anywhere is taken for a repetition.
            http.Response.Headers["Idempotency-Replayed"] = "true";
            return Results.Json(new { });
        });
        // Bulk adjustments are all done or none, and imports leave no trace.
        _app.MapPost("/api/inventory/adjustments/bulk", () => Results.Json(new { items = Array.Empty<object>() }));
        _app.MapPost("/api/catalog/imports", () => Results.Json(new { status = "completed" }, statusCode: 202));
        _app.MapPost("/api/identity/sign-in", () => Results.Text("wrong password", statusCode: 401));
        _app.MapGet("/api/ordering/orders", () => Results.Json(new { items = Array.Empty<object>() }));
        _app.MapGet("/api/old", () => Results.Json(new { }));
        _app.MapFallback(NotThere);
    }

    /// <summary>The methods of all requests.</summary>
    public ConcurrentBag<string> Methods { get; } = [];

    public Uri Address => new(_app.Urls.Single());

    public static async Task<BadShop> StartAsync()
    {
        var shop = new BadShop();
        await shop._app.StartAsync();
        return shop;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private static IResult NotThere() => Results.Text("System.NullReferenceException\n   at BadShop.Find()", "text/plain", statusCode: 404);

    private static IResult Tagged(HttpContext http, int id, IResult result)
    {
        http.Response.Headers.ETag = $"W/\"{id}\"";
        return result;
    }

    // Pages by offset, of any size, with all fields, whatever else is asked for.
    private IResult List(int? limit, int? cursor, string? limitText)
    {
        List<JsonObject> sorted;
        lock (_writing)
        {
            sorted = [.. _products.OrderBy(static product => (string)product["title"]!, StringComparer.Ordinal)];
        }

        var (start, size) = (cursor ?? 0, limit ?? 1_000);
        var page = sorted.Skip(start).Take(size).ToList();
        return Results.Json(new { items = page, next = start + size < sorted.Count ? (start + size).ToString(CultureInfo.InvariantCulture) : null, limitText });
    }

    private async Task<IResult> CreateAsync(HttpContext http)
    {
        var sent = (await JsonNode.ParseAsync(http.Request.Body))!;
        lock (_writing)
        {
            var product = new JsonObject
            {
                ["id"] = _products.Count + 1,
                ["title"] = sent["title"]?.DeepClone(),
                ["createdAt"] = "21/11/2026 10:00",
                ["variants"] = new JsonArray(new JsonObject { ["price"] = 19.99 }),
            };
            _products.Add(product);
            return Tagged(http, _products.Count, Results.Json(product, statusCode: 201));
        }
    }

    private async Task<IResult> ReceiveAsync(HttpContext http)
    {
        var sent = (await JsonNode.ParseAsync(http.Request.Body))!;
        var (sku, quantity, key) = ((string)sent["sku"]!, (int)sent["quantity"]!, http.Request.Headers["Idempotency-Key"].ToString());
        lock (_writing)
        {
            if (quantity < 0)
            {
                _keys.Add(key);
                return Problem(400);
            }

            if (_keys.Contains(key))
            {
                return Problem(409);
            }

            _stock[sku] = _stock.GetValueOrDefault(sku) + quantity;
            return Results.Json(new { onHand = _stock[sku] });
        }
    }

    private static IResult Problem(int status) =>
        Results.Json(new { type = "about:blank", title = "No.", status, detail = "No.", traceId = "0" }, contentType: "application/problem+json", statusCode: status);

    private const string Description = """
        {
          "openapi": "3.1.1",
          "info": { "title": "A bad shop", "version": "1" },
          "paths": {
            "/api/catalog/products": {
              "get": {
                "operationId": "SearchProducts",
                "parameters": [{ "name": "limit", "in": "query", "schema": { "type": "integer" } }, { "name": "sort", "in": "query", "schema": { "type": "string" } }],
                "responses": { "200": { "content": { "application/json": { "schema": { "type": "object", "required": ["total"] } } } } }
              },
              "post": { "operationId": "CreateProduct", "responses": { "200": {} } }
            },
            "/api/catalog/products/{id}": {
              "get": { "operationId": "GetProduct", "responses": { "200": {} } },
              "put": { "operationId": "EditProduct", "responses": { "200": {} } }
            },
            "/api/baskets": { "post": { "operationId": "CreateBasket", "requestBody": { "content": { "application/json": {} } }, "responses": { "200": {} } } },
            "/api/inventory/stock": { "get": { "operationId": "ListStock", "responses": { "200": {} } } },
            "/api/inventory/receipts": { "post": { "operationId": "ReceiveStock", "responses": { "200": {} } } },
            "/api/inventory/adjustments": { "post": { "operationId": "AdjustStock", "responses": { "200": {} } } },
            "/api/inventory/adjustments/bulk": { "post": { "operationId": "AdjustManyStocks", "responses": { "200": {} } } },
            "/api/catalog/imports": { "post": { "operationId": "ImportProducts", "responses": { "200": {} } } },
            "/api/identity/sign-in": { "post": { "operationId": "SignIn", "responses": { "200": {} } } },
            "/api/ordering/orders": { "get": { "operationId": "ListOrders", "responses": { "200": {} } } },
            "/api/old": { "get": { "operationId": "Old", "deprecated": true, "responses": { "200": {} } } }
          }
        }
        """;
}
