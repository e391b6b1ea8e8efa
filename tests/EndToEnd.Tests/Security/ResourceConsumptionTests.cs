using System.Diagnostics;
using System.Text;

namespace ModularMonolith.EndToEnd.Tests.Security;

/// <summary>
/// API4:2023, unrestricted resource consumption. Page sizes and rate limits are conventions 20 and 30 to 32, large files are in <see cref="UploadTests"/>. Bounds in time are so wide that they
/// only tell an answer from none.
/// </summary>
[Collection(SecurityHosts.Name)]
public sealed class ResourceConsumptionTests(SecurityHost host)
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task Parameters_without_number_are_refused()
    {
        static string Query(int count) => string.Join('&', Enumerable.Range(0, count).Select(static number => $"p{number}=1"));
        (await BoundedAsync(() => host.Admin.GetAsync("/api/catalog/products?" + Query(5)))).ExpectProblem(400, "malformed-request");
        (await BoundedAsync(() => host.Admin.GetAsync("/api/catalog/products?" + Query(800)))).ExpectProblem(400, "malformed-request");
        (await host.Admin.GetAsync("/api/catalog/products?" + string.Join('&', Enumerable.Repeat("limit=1", 200)))).ExpectProblem(400);
        // Beyond its limits the server itself refuses the request line, before the application.
        Assert.Matches("^HTTP/1.1 (400|414) ", (await RawRequest.SendAsync(host.Running.Process.Address, $"GET /api/catalog/products?{Query(2_000)} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")).Answer);
    }

    [Fact]
    public async Task Long_addresses_headers_and_lists_of_headers_are_refused()
    {
        var address = host.Running.Process.Address;
        Assert.StartsWith("HTTP/1.1 414", (await RawRequest.SendAsync(address, $"GET /{new string('x', 20_000)} HTTP/1.1\r\nHost: x\r\n\r\n")).Answer, StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 431", (await RawRequest.SendAsync(address, $"GET / HTTP/1.1\r\nHost: x\r\nX-Long: {new string('x', 64_000)}\r\n\r\n")).Answer, StringComparison.Ordinal);
        var many = string.Concat(Enumerable.Range(0, 500).Select(static number => $"X-{number}: 1\r\n"));
        Assert.StartsWith("HTTP/1.1 431", (await RawRequest.SendAsync(address, $"GET / HTTP/1.1\r\nHost: x\r\n{many}\r\n")).Answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/baskets")]
    [InlineData("/api/identity/sign-in")]
    [InlineData("/api/identity/account/passkeys")]
    public async Task Deep_and_wide_bodies_are_refused(string path)
    {
        (await BoundedAsync(() => host.Admin.PostAsync(path, new string('[', 500_000)))).ExpectProblem(400, "malformed-request");
        (await BoundedAsync(() => host.Admin.PostAsync(path, string.Concat(Enumerable.Repeat("{\"a\":", 100_000))))).ExpectProblem(400, "malformed-request");
        (await BoundedAsync(() => host.Admin.PostAsync(path, "{" + string.Join(',', Enumerable.Range(0, 60_000).Select(static number => $"\"f{number}\":1")) + "}"))).ExpectProblem(400, "malformed-request");
        (await BoundedAsync(() => host.Admin.PostAsync(path, "[" + string.Concat(Enumerable.Repeat("1e999999999,", 50_000)) + "1]"))).ExpectProblem(400, "malformed-request");
    }

    [Fact]
    public async Task A_basket_and_its_quantities_have_an_end()
    {
        var sku = Shop.NewSku();
        await host.Shop.SellAsync(5, sku);
        (await host.Admin.PostAsync("/api/baskets", new { lines = Enumerable.Range(0, 101).Select(number => new { sku = $"{sku}-{number}", quantity = 1 }) })).ExpectProblem(400, "validation");
        (await host.Admin.PostAsync("/api/baskets", new { lines = Enumerable.Range(0, 10_000).Select(_ => new { sku, quantity = 1 }) })).ExpectProblem(400, "validation");
        (await host.Admin.PostAsync("/api/baskets", new { lines = new[] { new { sku, quantity = 1_000 } } })).ExpectProblem(400, "validation");
    }

    [Theory]
    [InlineData("((((((((((((((((((((((((((((((((")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!")]
    [InlineData("% % % % % % % % % % % % % % % % % % % % %")]
    [InlineData("a & b | c & !d | (e <-> f) & g:* | h & i | j & k | l & m | n")]
    public async Task A_search_that_would_run_away_is_answered(string text)
    {
        var repeated = string.Concat(Enumerable.Repeat(text + " ", 3));
        var answer = await BoundedAsync(() => host.Admin.GetAsync("/api/catalog/products?q=" + Uri.EscapeDataString(repeated)));
        Assert.True(answer.Code is 200 or 400, answer.ToString());
    }

    [Fact]
    public async Task Who_sends_a_body_slower_than_a_person_types_is_hung_up_on_and_nobody_else_waits()
    {
        // The host gives a body five seconds and 240 bytes a second, so its answer is what is waited for here, and no time.
        const string Head = "POST /api/baskets HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100000\r\n\r\n{";
        var slow = Enumerable.Range(0, 50).Select(_ => RawRequest.SendAsync(host.Running.Process.Address, Head)).ToList();

        (await BoundedAsync(() => host.Admin.GetAsync("/api/catalog/products"))).Expect(200);
        foreach (var (answer, _) in await Task.WhenAll(slow))
        {
            Assert.True(answer.Length == 0 || answer.StartsWith("HTTP/1.1 408", StringComparison.Ordinal) || answer.StartsWith("HTTP/1.1 400", StringComparison.Ordinal), answer);
        }
    }

    [Theory]
    [InlineData("POST", "/api/baskets", "application/json")]
    [InlineData("POST", "/api/catalog/imports", "text/csv")]
    [InlineData("POST", "/api/identity/oauth/token", "application/x-www-form-urlencoded")]
    public async Task A_body_in_a_content_coding_is_refused_unread(string method, string path, string type)
    {
        using var bomb = new MemoryStream();
        await using (var packing = new System.IO.Compression.GZipStream(bomb, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true))
        {
            await packing.WriteAsync(Encoding.ASCII.GetBytes(new string('[', 8 << 20)));
        }

        foreach (var coding in new[] { "gzip", "br", "deflate", "gzip, gzip", "x-unknown" })
        {
            using var content = Api.Bytes(bomb.ToArray(), type);
            content.Headers.TryAddWithoutValidation("Content-Encoding", coding);
            var refused = await BoundedAsync(() => host.Admin.SendAsync(new HttpMethod(method), path, content));
            refused.ExpectProblem(415, "unsupported-media-type");
            // RFC 9110, section 15.5.16: it says what would be accepted.
            Assert.Equal("identity", refused.Header("Accept-Encoding"));
        }
    }

    private static async Task<Answer> BoundedAsync(Func<Task<Answer>> send)
    {
        var started = Stopwatch.GetTimestamp();
        var answer = await send();
        Assert.True(Stopwatch.GetElapsedTime(started) < Bound, answer.ToString());
        return answer;
    }
}
