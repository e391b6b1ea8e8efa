using ModularMonolith.Conformance.Descriptions;

namespace ModularMonolith.EndToEnd.Tests.Conformance;

/// <summary>Convention 29: what of an exchange is not as described.</summary>
public sealed class ApiDescriptionTests
{
    private const string Document = """
        {
          "openapi": "3.1.1",
          "paths": {
            "/things": {
              "post": {
                "operationId": "MakeThing",
                "parameters": [
                  { "name": "size", "in": "query", "schema": { "type": "integer", "minimum": 1, "maximum": 9 } },
                  { "name": "Idempotency-Key", "in": "header", "required": true, "schema": { "type": "string", "maxLength": 5 } }
                ],
                "requestBody": { "required": true, "content": { "application/json": { "schema": { "$ref": "#/components/schemas/NewThing" } } } },
                "responses": {
                  "201": {
                    "headers": { "Location": { "required": true, "schema": { "type": "string", "pattern": "^/things/" } }, "RateLimit": { "$ref": "#/components/headers/RateLimit" } },
                    "content": { "application/json": { "schema": { "$ref": "#/components/schemas/Thing" } } }
                  },
                  "400": { "content": { "application/problem+json": { "schema": { "type": "object", "required": ["type"] } } } }
                }
              }
            },
            "/things/{id}": { "get": { "operationId": "GetThing", "responses": { "200": {} } } },
            "/things/latest": { "get": { "operationId": "GetLatestThing", "responses": { "200": {} } } }
          },
          "components": {
            "headers": { "RateLimit": { "schema": { "type": "integer" } } },
            "schemas": {
              "NewThing": { "type": "object", "required": ["name"], "properties": { "name": { "type": "string", "minLength": 1 } }, "additionalProperties": false },
              "Thing": {
                "type": "object",
                "required": ["id", "tags"],
                "properties": {
                  "id": { "type": "string", "format": "uuid" },
                  "kind": { "enum": ["a", "b"] },
                  "at": { "type": ["string", "null"], "format": "date-time" },
                  "tags": { "type": "array", "maxItems": 2, "uniqueItems": true, "items": { "type": "string", "maxLength": 3 } },
                  "next": { "oneOf": [{ "type": "null" }, { "$ref": "#/components/schemas/Thing" }] },
                  "odd": { "const": 3 },
                  "ratio": { "type": "number", "exclusiveMaximum": 1 },
                  "strange": { "unheardOf": true }
                }
              }
            }
          }
        }
        """;

    private static readonly ApiDescription Description = ApiDescription.Read(Document);

    public static readonly TheoryData<string, string> Bodies = new()
    {
        { """{"tags":[]}""", "# has no id" },
        { """{"id":"0199c000","tags":[]}""", "#/id is \"0199c000\", and its format is \"uuid\"" },
        { """{"id":7,"tags":[]}""", "#/id is number and not string" },
        { Thing("""[],"kind":"c" """), "#/kind is \"c\" and none of" },
        { Thing("""[],"at":"21/11/2026" """), "#/at is \"21/11/2026\", and its format" },
        { Thing("""["a","b","c"]"""), "#/tags has 3 items and may have 2" },
        { Thing("""["a","a"]"""), "#/tags has an item twice" },
        { Thing("""["abcd"]"""), "#/tags/0 is \"abcd\", and its maxLength is 3" },
        { Thing("[null]"), "#/tags/0 is null and not string" },
        { Thing("""[],"next":{"id":1}"""), "#/next is object and not null" },
        { Thing("""[],"odd":4"""), "#/odd is 4 and not 3" },
        { Thing("""[],"ratio":1"""), "#/ratio is 1, and its exclusiveMaximum is 1" },
        { Thing("""[],"strange":1"""), "the keyword 'unheardOf', which is not known" },
        { "[]", "# is array and not object" },
        { "{", "is no JSON" },
        { Thing("[],\"tags\":[]"), "has a member twice" },
    };

    [Fact]
    public void What_is_as_described_is_not_reported() => Assert.Empty(Violations(Good));

    [Theory]
    [MemberData(nameof(Bodies))]
    public void A_body_that_does_not_fit_its_schema_is_reported_with_the_place(string body, string sentence) =>
        Assert.Contains(Violations(Good with { AnswerBody = body }), violation => violation.Contains(sentence, StringComparison.Ordinal));

    [Fact]
    public void A_status_a_media_type_and_headers_that_are_not_described_are_reported()
    {
        Assert.Equal(["The status 409 is not described."], Violations(Good with { Status = 409 }));
        Assert.Equal(["The answer is text/plain, and that is not described."], Violations(Good with { AnswerType = "text/plain; charset=utf-8" }));
        Assert.Equal(["The header Location is missing."], Violations(Good with { AnswerHeaders = Headers() }));
        Assert.Contains("The header Location: # is \"/elsewhere\"", Assert.Single(Violations(Good with { AnswerHeaders = Headers(("Location", "/elsewhere")) })), StringComparison.Ordinal);
        Assert.Contains("The header RateLimit: # is string and not integer", Assert.Single(Violations(Good with { AnswerHeaders = Headers(("Location", "/things/1"), ("ratelimit", "many")) })), StringComparison.Ordinal);
    }

    [Fact]
    public void A_request_that_is_described_as_wrong_is_reported_only_when_it_was_accepted()
    {
        Exchange[] wrong =
        [
            Good with { Query = "?size=10" },
            Good with { RequestHeaders = Headers() },
            Good with { RequestHeaders = Headers(("idempotency-key", "123456")) },
            Good with { RequestBody = """{"name":""}""" },
            Good with { RequestBody = """{"name":"x","colour":"red"}""" },
            Good with { RequestBody = null },
            Good with { RequestType = "text/plain" },
        ];

        foreach (var exchange in wrong)
        {
            Assert.Contains("accepted", Assert.Single(Violations(exchange)), StringComparison.Ordinal);
            Assert.Empty(Violations(exchange with { Status = 400, AnswerHeaders = Headers(), AnswerType = "application/problem+json", AnswerBody = """{"type":"/problems/validation"}""" }));
        }
    }

    [Fact]
    public void The_most_literal_path_is_the_operation()
    {
        Assert.Equal("GetLatestThing", Description.Find("GET", "/things/latest")!.Id);
        Assert.Equal("GetThing", Description.Find("GET", "/things/7")!.Id);
        Assert.Null(Description.Find("GET", "/things/"));
        Assert.Null(Description.Find("DELETE", "/things/7"));
        Assert.Null(Description.Find("GET", "/things/7/parts"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"openapi":"3.0.1"}""")]
    public void What_is_no_OpenApi_3_1_is_refused(string text) => Assert.Throws<FormatException>(() => ApiDescription.Read(text));

    [Fact]
    public async Task A_test_that_gets_an_answer_which_is_not_as_described_fails()
    {
        await using var shop = await BadShop.StartAsync();
        using var api = new Api(shop.Address);

        var failure = await Assert.ThrowsAsync<Xunit.Sdk.TrueException>(() => api.GetAsync("/api/catalog/products"));

        Assert.Contains("# has no total", failure.Message, StringComparison.Ordinal);
        await DescribedHost.EndAsync(shop.Address);
    }

    private static Exchange Good => new()
    {
        Query = "?size=3",
        RequestHeaders = Headers(("Idempotency-Key", "12345")),
        RequestType = "application/json; charset=utf-8",
        RequestBody = """{"name":"x"}""",
        Status = 201,
        AnswerHeaders = Headers(("Location", "/things/1"), ("RateLimit", "7")),
        AnswerType = "application/json",
        AnswerBody = Thing("""["a"],"kind":"a","at":null,"ratio":0.5,"next":null"""),
    };

    private static string Thing(string tags) => $$"""{"id":"0199c000-0000-7000-8000-000000000000","tags":{{tags}}}""";

    private static IReadOnlyList<string> Violations(Exchange exchange) => Description.Violations(Description.Find("POST", "/things")!, exchange);

    private static Dictionary<string, string> Headers(params (string Name, string Value)[] headers) => headers.ToDictionary(static header => header.Name, static header => header.Value, StringComparer.OrdinalIgnoreCase);
}
