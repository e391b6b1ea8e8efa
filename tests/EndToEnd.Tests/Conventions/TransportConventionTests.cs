using System.IO.Compression;
using System.Text;

namespace ModularMonolith.EndToEnd.Tests.Conventions;

/// <summary>Conventions 36, 37, 40 and 41: caps, headers, compression, HEAD and OPTIONS.</summary>
[Collection(ConventionsHosts.Name)]
public sealed class TransportConventionTests(ConventionsHost host)
{
    [Fact]
    public async Task Convention_36_bodies_have_caps_on_depth_size_and_text()
    {
        var deep = string.Concat(Enumerable.Repeat("{\"lines\":[", 40)) + string.Concat(Enumerable.Repeat("]}", 40));
        (await host.Api.PostAsync("/api/baskets", deep)).ExpectProblem(400, "malformed-request");
        (await host.Api.PostAsync("/api/baskets", new string('[', 100_000))).ExpectProblem(400, "malformed-request");
        (await host.Api.PostAsync("/api/baskets", "{\"x\":\"" + new string('x', 2 << 20) + "\"}")).ExpectProblem(413, "content-too-large");
        var longText = (await host.Api.PostAsync("/api/ordering/orders/0199c000-0000-7000-8000-000000000000/cancel", new { reason = new string('x', (1 << 18) + 1) })).ExpectProblem(400, "malformed-request");
        Assert.Contains("#/reason", longText["detail"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/catalog/products", 200, "no-cache")]
    [InlineData("/api/ordering/orders", 200, "no-store")]
    [InlineData("/api/inventory/stock", 200, "no-store")]
    [InlineData("/api/catalog/products?limit=0", 400, "no-store")]
    [InlineData("/api/nothing", 404, "no-store")]
    public async Task Convention_37_every_answer_has_its_headers_and_what_is_personal_is_not_stored(string path, int status, string caching)
    {
        var answer = (await host.Api.GetAsync(path)).Expect(status);

        Assert.Equal(caching, answer.Header("Cache-Control"));
        Assert.Equal("nosniff", answer.Header("X-Content-Type-Options"));
        Assert.Equal("DENY", answer.Header("X-Frame-Options"));
        Assert.Equal("no-referrer", answer.Header("Referrer-Policy"));
        Assert.Equal("same-origin", answer.Header("Cross-Origin-Resource-Policy"));
        Assert.Equal("default-src 'none'; frame-ancestors 'none'", answer.Header("Content-Security-Policy"));
        Assert.Empty(answer.Header("Server"));
        Assert.Empty(answer.Header("X-Powered-By"));
        // Over plain http it would mean nothing (RFC 6797, section 7.2).
        Assert.Empty(answer.Header("Strict-Transport-Security"));
    }

    [Fact]
    public async Task Convention_37_pages_of_other_origins_get_nothing_unless_they_are_named()
    {
        var preflight = await host.Api.SendAsync(HttpMethod.Options, "/api/catalog/products", null, ("Origin", "https://evil.example"), ("Access-Control-Request-Method", "POST"));
        Assert.DoesNotContain(preflight.Headers.Keys, name => name.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase));
        Assert.Empty((await host.Api.GetAsync("/api/catalog/products", ("Origin", "https://evil.example"))).Expect(200).Header("Access-Control-Allow-Origin"));
    }

    [Theory]
    [InlineData("br")]
    [InlineData("gzip")]
    public async Task Convention_40_what_is_public_is_compressed_and_its_tag_says_so(string encoding)
    {
        var (path, tag) = await host.ProductAsync();
        (await host.Api.PostAsync(path + "/publish", null, ("If-Match", tag))).Expect(200);
        var plain = (await host.Api.GetAsync(path)).Expect(200);

        using var packed = await host.Api.SendRawAsync(path, ("Accept-Encoding", encoding));
        Assert.Equal([encoding], packed.Content.Headers.ContentEncoding);
        Assert.Contains("Accept-Encoding", packed.Headers.Vary);
        Assert.Equal(plain.Body, Unpack(encoding, await packed.Content.ReadAsByteArrayAsync()));
        var packedTag = packed.Headers.ETag!.ToString();
        Assert.NotEqual(plain.Header("ETag"), packedTag);

        Assert.Equal(packedTag, (await host.Api.GetAsync(path, ("If-None-Match", packedTag), ("Accept-Encoding", encoding))).Expect(304).Header("ETag"));
        (await host.Api.PutAsync(path, ConventionsHost.Product("Other"), ("If-Match", packedTag))).Expect(200);
    }

    [Theory]
    [InlineData("/api/ordering/orders")]
    [InlineData("/api/inventory/stock")]
    [InlineData("/api/identity/accounts")]
    [InlineData("/api/catalog/products?limit=0")]
    public async Task Convention_40_what_may_hold_secrets_or_reflects_is_not_compressed(string path)
    {
        using var answer = await host.Api.SendRawAsync(path, ("Accept-Encoding", "br, gzip"));
        Assert.Empty(answer.Content.Headers.ContentEncoding);
    }

    [Fact]
    public async Task Convention_41_head_answers_as_get_does_without_the_body()
    {
        var (path, tag) = await host.ProductAsync();
        var get = (await host.Api.GetAsync(path)).Expect(200);

        var head = (await host.Api.SendAsync(HttpMethod.Head, path, null)).Expect(200);

        Assert.Empty(head.Body);
        Assert.Equal(tag, head.Header("ETag"));
        Assert.Equal(get.Header("Content-Type"), head.Header("Content-Type"));
        Assert.Equal(get.Header("Content-Length"), head.Header("Content-Length"));
        (await host.Api.SendAsync(HttpMethod.Head, path, null, ("If-None-Match", tag))).Expect(304);
        (await host.Api.SendAsync(HttpMethod.Head, "/api/ordering/orders/0199c000-0000-7000-8000-000000000000", null)).Expect(404);
        (await host.Api.SendAsync(HttpMethod.Head, "/api/ordering/checkouts", null)).Expect(405);
    }

    [Fact]
    public async Task Convention_41_every_described_resource_says_its_methods()
    {
        var document = (await host.Api.GetAsync("/openapi/v1.json")).Expect(200).Json;
        foreach (var resource in DescriptionTests.Operations(document).GroupBy(operation => operation.Name[(operation.Name.IndexOf(' ', StringComparison.Ordinal) + 1)..]))
        {
            var path = resource.Key.Replace("{", "x", StringComparison.Ordinal).Replace("}", "x", StringComparison.Ordinal);
            var expected = resource.Select(operation => operation.Name[..operation.Name.IndexOf(' ', StringComparison.Ordinal)]).Append("OPTIONS").ToHashSet();
            if (expected.Contains("GET"))
            {
                expected.Add("HEAD");
            }

            var options = (await host.Api.SendAsync(HttpMethod.Options, path, null)).Expect(204);
            Assert.Superset(expected, options.Header("Allow").Split(", ").ToHashSet());
            Assert.Empty(options.Body);
        }

        (await host.Api.SendAsync(HttpMethod.Options, "/api/nothing", null)).ExpectProblem(404);
    }

    private static string Unpack(string encoding, byte[] packed)
    {
        using var source = new MemoryStream(packed);
        using Stream unpacked = encoding == "br" ? new BrotliStream(source, CompressionMode.Decompress) : new GZipStream(source, CompressionMode.Decompress);
        using var reader = new StreamReader(unpacked, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
