using System.Net;
using System.Net.Http.Headers;
using System.Net.Mime;
using System.Text;
using Carter;
using Carter.Response;
using Microsoft.AspNetCore.Http;
using MediaTypeHeaderValue = Microsoft.Net.Http.Headers.MediaTypeHeaderValue;

namespace ModularMonolith.Carter.Tests;

public sealed class ResponseTests
{
    private const string Letters = "abcdefghij";

    [Theory]
    [InlineData("application/json", "json")]
    [InlineData("application/vnd.api+json", "json")]
    [InlineData("text/csv", "csv")]
    [InlineData("text/csv;q=0.4, application/json;q=0.6", "json")]
    [InlineData("application/json;q=0.4, text/csv;q=0.6", "csv")]
    [InlineData("image/png, text/csv;q=0.1", "csv")]
    [InlineData("text/csv;q=0", "json")]
    [InlineData("image/png", "json")]
    [InlineData("*/*", "json")]
    [InlineData("nonsense", "json")]
    [InlineData(null, "json")]
    public async Task The_representation_follows_the_accept_header(string? accept, string expected)
    {
        var response = await Answer(context => context.Response.Negotiate(new Model("x", null)), request =>
        {
            if (accept is not null)
                request.Headers.TryAddWithoutValidation("Accept", accept);
        });

        Assert.Equal(expected == "csv" ? "Model,x" : """{"text":"x"}""", await response.Content.ReadAsStringAsync());
        Assert.Equal(expected == "csv" ? "text/csv" : "application/json", response.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task AsJson_ignores_the_accept_header()
    {
        var response = await Answer(context => context.Response.AsJson(new Model("x", 1)), request => request.Headers.Accept.ParseAdd("text/csv"));

        Assert.Equal("""{"text":"x","number":1}""", await response.Content.ReadAsStringAsync());
        Assert.Equal("utf-8", response.Content.Headers.ContentType!.CharSet);
    }

    [Fact]
    public async Task The_members_of_the_model_s_own_type_are_written()
    {
        var response = await Answer(context => context.Response.AsJson<object?>(new Model("x", null)));
        var nothing = await Answer(context => context.Response.AsJson<Model?>(null));

        Assert.Equal("""{"text":"x"}""", await response.Content.ReadAsStringAsync());
        Assert.Equal("null", await nothing.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_stream_is_sent_whole_with_its_headers()
    {
        var response = await Answer(context => context.Response.FromStream(Stream(), "text/plain", new ContentDisposition { FileName = "letters.txt" }));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(Letters, await response.Content.ReadAsStringAsync());
        Assert.Equal("text/plain", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("letters.txt", response.Content.Headers.ContentDisposition!.FileName);
        Assert.Equal("bytes", Assert.Single(response.Headers.AcceptRanges));
        Assert.Equal(Letters.Length, response.Content.Headers.ContentLength);
    }

    [Theory]
    [InlineData("bytes=0-0", "a", "bytes 0-0/10")]
    [InlineData("bytes=2-4", "cde", "bytes 2-4/10")]
    [InlineData("bytes=7-", "hij", "bytes 7-9/10")]
    [InlineData("bytes=-3", "hij", "bytes 7-9/10")]
    [InlineData("bytes=-99", Letters, "bytes 0-9/10")]
    [InlineData("bytes=8-99", "ij", "bytes 8-9/10")]
    [InlineData("bytes=0-1, 4-5", "ab", "bytes 0-1/10")]
    public async Task A_range_of_a_stream_is_sent(string range, string expected, string contentRange)
    {
        var response = await Answer(FromStream, request => request.Headers.TryAddWithoutValidation("Range", range));

        Assert.Equal(HttpStatusCode.PartialContent, response.StatusCode);
        Assert.Equal(expected, await response.Content.ReadAsStringAsync());
        Assert.Equal(contentRange, response.Content.Headers.ContentRange!.ToString());
        Assert.Equal(expected.Length, response.Content.Headers.ContentLength);
    }

    [Theory]
    [InlineData("bytes=10-")]
    [InlineData("bytes=-0")]
    public async Task A_range_outside_the_stream_is_not_satisfiable(string range)
    {
        var response = await Answer(FromStream, request => request.Headers.TryAddWithoutValidation("Range", range));

        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, response.StatusCode);
        Assert.Equal("bytes */10", response.Content.Headers.ContentRange!.ToString());
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
    }

    [Theory]
    [InlineData("GET", "lines=1-2")]
    [InlineData("GET", "rubbish")]
    [InlineData("POST", "bytes=1-2")]
    public async Task A_range_that_means_nothing_is_ignored(string method, string range)
    {
        var response = await Answer(FromStream, request =>
        {
            request.Method = new HttpMethod(method);
            request.Headers.TryAddWithoutValidation("Range", range);
        });

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(Letters, await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_stream_that_cannot_seek_is_sent_whole()
    {
        await using var forwardOnly = new ForwardOnlyStream(Encoding.ASCII.GetBytes(Letters));

        var response = await Answer(context => context.Response.FromStream(forwardOnly, "text/plain"),
            request => request.Headers.Range = new RangeHeaderValue(1, 2));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(Letters, await response.Content.ReadAsStringAsync());
        Assert.Empty(response.Headers.AcceptRanges);
    }

    private static Task FromStream(HttpContext context) => context.Response.FromStream(Stream(), "text/plain");

    private static MemoryStream Stream() => new(Encoding.ASCII.GetBytes(Letters));

    private static Task<HttpResponseMessage> Answer(RequestDelegate handler, Action<HttpRequestMessage>? prepare = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/");
        prepare?.Invoke(request);
        return TestApplication.Answer(handler, request, carter => carter.WithResponseNegotiator<CsvNegotiator>());
    }

    internal sealed record Model(string Text, int? Number);

    internal sealed class CsvNegotiator : IResponseNegotiator
    {
        public bool CanHandle(MediaTypeHeaderValue accept) => accept.MediaType == "text/csv";

        public Task Handle<T>(HttpRequest req, HttpResponse res, T model, CancellationToken cancellationToken)
        {
            res.ContentType = "text/csv";
            return res.WriteAsync($"{typeof(T).Name},{(model as Model)?.Text}", cancellationToken);
        }
    }

    private sealed class ForwardOnlyStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();
    }
}
