using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using ModularMonolith.Conformance.Descriptions;

namespace ModularMonolith.EndToEnd.Tests.Harness;

/// <summary>Why a request cannot go through Prism 5: because Prism would answer it itself, or would send another one to the host.</summary>
internal static partial class PrismObstacle
{
    private const int LongestHeader = 8_000;
    private const int LongestBody = 10 << 20;
    private const long LargestExactNumber = 1L << 53;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The reason; null where Prism carries the request as it is.</summary>
    public static async Task<string?> OfAsync(DescribedOperation operation, HttpRequestMessage request)
    {
        var uri = request.RequestUri!;
        if (operation.Json["responses"]!.AsObject().Any(static response => response.Key is "301" or "302" or "303" or "307" or "308"))
        {
            return "it follows redirects itself";
        }

        if (operation.Json["responses"]!.AsObject().Any(static response => response.Value?["content"]?.AsObject().Count(static content => IsJson(content.Key)) > 1))
        {
            return "it takes application/problem+json for application/json where an answer may be either";
        }

        if (request.Headers.AcceptEncoding.Count > 0)
        {
            return "it unpacks compressed answers and leaves their headers";
        }

        if (request.Headers.Contains("Prefer"))
        {
            return "it takes the header Prefer for its own";
        }

        if (Normalised().IsMatch(uri.AbsolutePath) || System.Web.HttpUtility.UrlDecode(uri.PathAndQuery).Contains('\ufffd', StringComparison.Ordinal))
        {
            return "it normalises paths and queries";
        }

        if (request.Headers.SelectMany(static header => header.Value).Append(uri.PathAndQuery).Any(static text => text.Length > LongestHeader || text.Any(static letter => letter is < ' ' or > '~')))
        {
            return "Node refuses such headers";
        }

        return request.Content is null ? null : OfBody(request.Method, request.Content.Headers, await request.Content.ReadAsByteArrayAsync());
    }

    /// <summary>Sets the headers that Prism would otherwise set to values of its own.</summary>
    public static void KeepHeaders(HttpRequestMessage request)
    {
        if (!request.Headers.Contains("Accept"))
        {
            request.Headers.TryAddWithoutValidation("Accept", "*/*");
        }

        request.Headers.TryAddWithoutValidation("Accept-Encoding", "identity");
    }

    private static string? OfBody(HttpMethod method, HttpContentHeaders headers, byte[] body)
    {
        if (headers.ContentEncoding.Count > 0 || (headers.ContentType?.CharSet ?? "utf-8") is var charset && !charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase))
        {
            return "it reads bodies as plain UTF-8";
        }

        if (method == HttpMethod.Get && body.Length > 0)
        {
            return "it sends no body with GET";
        }

        if (body.Length > LongestBody)
        {
            return "it takes no bodies over 10 MB";
        }

        try
        {
            var text = Strict.GetString(body);
            return body.Length > 0 && headers.ContentType?.MediaType is { } type && IsJson(type) && !IsKept(text)
                ? "it parses JSON and writes it anew"
                : null;
        }
        catch (DecoderFallbackException)
        {
            return "it reads bodies as plain UTF-8";
        }
    }

    private static bool IsJson(string mediaType) => mediaType == "application/json" || mediaType.EndsWith("+json", StringComparison.Ordinal);

    // Whether JavaScript's JSON.parse and JSON.stringify leave a text what it is, and its names fit into the header in which Prism reports.
    private static bool IsKept(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return document.RootElement.ValueKind is JsonValueKind.Object or JsonValueKind.Array && IsKept(document.RootElement);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool IsKept(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Number => element.TryGetInt64(out var number) && number is >= -LargestExactNumber and <= LargestExactNumber,
        JsonValueKind.Object => element.EnumerateObject().All(static member => member.Name.All(char.IsAscii) && member.Name != "__proto__" && IsKept(member.Value)),
        JsonValueKind.Array => element.EnumerateArray().All(IsKept),
        _ => true,
    };

    [GeneratedRegex(@"//|%2e|/\.\.?(/|$)", RegexOptions.IgnoreCase)]
    private static partial Regex Normalised();
}
