using System.Net;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace ModularMonolith.EndToEnd.Tests.Conventions;

/// <summary>Conventions 1 to 5: failures and their traces.</summary>
[Collection(ConventionsHosts.Name)]
public sealed class ProblemConventionTests(ConventionsHost host)
{
    private const string UnknownId = "0199c000-0000-7000-8000-000000000000";

    public static readonly TheoryData<int, string, string, string?, string?> Failures = new()
    {
        { 400, "POST", "/api/baskets", "{", null },
        { 400, "GET", "/api/catalog/products?colour=red", null, null },
        { 401, "GET", "/api/catalog/products", null, "Authorization: Bearer nonsense" },
        { 404, "GET", "/no/such/path", null, null },
        { 404, "GET", "/api/ordering/orders/" + UnknownId, null, null },
        { 405, "DELETE", "/api/catalog/products", null, null },
        { 406, "GET", "/api/catalog/products", null, "Accept: image/png" },
        { 406, "GET", "/api/catalog/products", null, "Accept: application/json;q=0, text/*" },
        { 415, "POST", "/api/baskets", "lines", "Content-Type: text/plain" },
        { 422, "POST", "/api/catalog/imports", "no table", "Content-Type: text/csv" },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task Convention_1_every_failure_is_a_problem_document(int status, string method, string path, string? body, string? header)
    {
        var mediaType = header is not null && header.StartsWith("Content-Type: ", StringComparison.Ordinal) ? header[14..] : "application/json";
        using var content = body is null ? null : Api.Bytes(System.Text.Encoding.UTF8.GetBytes(body), mediaType);
        (string, string)[] headers = header is null || content is not null ? [] : [(header[..header.IndexOf(':', StringComparison.Ordinal)], header[(header.IndexOf(':', StringComparison.Ordinal) + 2)..])];

        var answer = (await host.Api.SendAsync(new HttpMethod(method), path, content, headers)).ExpectProblem(status);

        Assert.Equal("no-store", answer.Header("Cache-Control"));
        if (status == 405)
        {
            Assert.Equal("GET, HEAD, OPTIONS, POST", answer.Header("Allow"));
        }

        if (status == 401)
        {
            Assert.StartsWith("Bearer", answer.Header("WWW-Authenticate"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Convention_1_a_body_that_is_too_large_is_a_problem_too() =>
        (await host.Api.PostAsync("/api/baskets", $$"""{"lines":[],"x":"{{new string('x', 2 << 20)}}"}""")).ExpectProblem(413, "content-too-large");

    [Fact]
    public async Task Conventions_1_and_4_what_breaks_inside_is_a_problem_that_shows_nothing_of_the_inside()
    {
        await host.ExecuteAsync("alter table inventory.mt_doc_location rename to hidden");
        try
        {
            var answer = (await host.Api.GetAsync("/api/inventory/locations")).ExpectProblem(500, "internal");
            Assert.DoesNotContain("location", answer.Body, StringComparison.OrdinalIgnoreCase);
            Assert.Equal("nosniff", answer.Header("X-Content-Type-Options"));
        }
        finally
        {
            await host.ExecuteAsync("alter table inventory.hidden rename to mt_doc_location");
        }

        (await host.Api.GetAsync("/api/inventory/locations")).Expect(200);
    }

    [Theory]
    [InlineData("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html")]
    [InlineData("application/json", "application/json")]
    [InlineData("*/*", "application/json")]
    [InlineData(null, "application/json")]
    public async Task Convention_2_the_type_leads_to_a_page_that_explains_it(string? accept, string mediaType)
    {
        var problem = (await host.Api.GetAsync("/api/catalog/products?limit=0")).ExpectProblem(400);

        var page = (accept is null ? await host.Api.GetAsync(problem["type"]) : await host.Api.GetAsync(problem["type"], ("Accept", accept))).Expect(200);

        Assert.StartsWith(mediaType, page.Header("Content-Type"), StringComparison.Ordinal);
        Assert.Contains(problem["title"], WebUtility.HtmlDecode(page.Body), StringComparison.Ordinal);
        Assert.Contains("Accept", page.Header("Vary"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Convention_3_all_invalid_fields_are_named_at_once_by_their_json_pointers()
    {
        var content = new { title = "", variants = new object[] { new { sku = "A", price = new { amount = -1, currency = "EUR" } } } };

        var answer = (await host.Api.PostAsync("/api/catalog/products", content)).ExpectProblem(400, "validation");

        var pointers = answer.Json["errors"]!.AsArray().Select(error => (string)error!["pointer"]!).ToList();
        Assert.Contains("#/title", pointers);
        Assert.Contains("#/variants/0/price", pointers);
        Assert.All(answer.Json["errors"]!.AsArray(), error => Assert.True(((string)error!["detail"]!).Length > 5));
    }

    [Fact]
    public async Task Convention_5_a_trace_that_comes_in_goes_on_and_is_echoed()
    {
        const string trace = "0af7651916cd43dd8448eb211c80319c";
        var answer = (await host.Api.GetAsync("/api/ordering/orders/" + UnknownId, ("traceparent", $"00-{trace}-b7ad6b7169203331-01"))).ExpectProblem(404);

        Assert.Equal(trace, answer["traceId"]);
        var echoed = Regex.Match(answer.Header("traceresponse"), "^00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$");
        Assert.True(echoed.Success, answer.ToString());
        Assert.Equal(trace, echoed.Groups[1].Value);
        Assert.NotEqual("b7ad6b7169203331", echoed.Groups[2].Value);
    }

    [Theory]
    [InlineData("junk")]
    [InlineData(null)]
    public async Task Convention_5_a_request_without_a_readable_trace_gets_one_of_its_own(string? traceparent)
    {
        var answer = (traceparent is null ? await host.Api.GetAsync("/api/catalog/products") : await host.Api.GetAsync("/api/catalog/products", ("traceparent", traceparent))).Expect(200);
        Assert.Matches("^00-(?!0{32})[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$", answer.Header("traceresponse"));
        Assert.IsType<JsonArray>(answer.Json["items"]);
    }
}
