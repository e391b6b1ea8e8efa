using System.Text;
using System.Text.Json;

namespace ModularMonolith.EndToEnd.Tests.Security;

/// <summary>Issuers of access tokens that were trusted once and have become somebody else's: what they answer when they are asked for their keys.</summary>
internal static class BadIssuers
{
    private const string Discovery = "/.well-known/openid-configuration";

    private static readonly byte[] Piece = Encoding.ASCII.GetBytes(new string(' ', 1 << 16));

    /// <summary>The first part of their paths, which is also the prefix of their subjects.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "another", "charset", "cleartext", "deep", "empty", "endless", "error", "file", "html", "keys-deep", "keys-oversized", "keys-redirect", "keys-slow", "keys-surrogate",
        "keys-text", "oversized", "redirect", "relative", "silent", "slow", "surrogate", "truncated",
    ];

    /// <summary>Answers a request to one of them, or to the good one.</summary>
    public static async Task AnswerAsync(string path, SecurityHost host, Stream stream, CancellationToken cancellationToken)
    {
        var name = path.Split('/').ElementAtOrDefault(1) ?? string.Empty;
        var issuer = host.IssuerOf(name);
        var keys = issuer + "/keys";
        Task WriteAsync(string body, string status = "200 OK", string type = "application/json", string headers = "") => ForeignServer.WriteAsync(stream, body, cancellationToken, status, type, headers);
        string Metadata(string? claimed = null, string? address = null) => JsonSerializer.Serialize(new { issuer = claimed ?? issuer, jwks_uri = address ?? keys });
        var isMetadata = path.EndsWith(Discovery, StringComparison.Ordinal);
        await (name switch
        {
            _ when isMetadata && (name == "good" || name.StartsWith("keys-", StringComparison.Ordinal)) => WriteAsync(Metadata()),
            "another" when isMetadata => WriteAsync(Metadata(claimed: "https://attacker.example")),
            "charset" when isMetadata => WriteAsync(Metadata(), type: "application/json; charset=no-such-charset"),
            "cleartext" when isMetadata => WriteAsync(Metadata(address: "ftp://127.0.0.1/keys")),
            "deep" when isMetadata => WriteAsync(new string('[', 100_000)),
            "empty" when isMetadata => WriteAsync(string.Empty),
            "endless" when isMetadata => PourAsync(stream, cancellationToken),
            "error" when isMetadata => WriteAsync("no", "500 Internal Server Error"),
            "file" when isMetadata => WriteAsync(Metadata(address: "file:///etc/passwd")),
            "html" when isMetadata => WriteAsync("<html></html>", type: "text/html"),
            "oversized" when isMetadata => WriteAsync("{\"issuer\":\"" + issuer + "\",\"jwks_uri\":\"" + keys + "\",\"x\":\"" + new string('x', 300_000) + "\"}"),
            "redirect" when isMetadata => WriteAsync(string.Empty, "302 Found", headers: "Location: " + host.IssuerOf("good") + Discovery + "\r\n"),
            "relative" when isMetadata => WriteAsync(Metadata(address: "/relative/keys")),
            "silent" => Task.Delay(Timeout.Infinite, cancellationToken),
            "slow" when isMetadata => DripAsync(stream, Metadata(), cancellationToken),
            "surrogate" when isMetadata => WriteAsync("{\"issuer\":\"\\ud800\",\"jwks_uri\":\"\\ud800\"}"),
            "truncated" when isMetadata => stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{"u8.ToArray(), cancellationToken).AsTask(),
            "keys-deep" => WriteAsync("{\"keys\":" + new string('[', 100_000)),
            "keys-oversized" => WriteAsync(host.KeySet().TrimEnd('}') + ",\"x\":\"" + new string('x', 300_000) + "\"}"),
            "keys-redirect" => WriteAsync(string.Empty, "307 Temporary Redirect", headers: "Location: " + host.IssuerOf("good") + "/keys\r\n"),
            "keys-slow" => DripAsync(stream, host.KeySet(), cancellationToken),
            "keys-surrogate" => WriteAsync("""{"keys":[{"kty":"EC","crv":"P-256","kid":"\ud800","x":"\ud800","y":"\ud800"}]}"""),
            "keys-text" => WriteAsync("""{"keys":["text",7,null,{"kty":"EC","crv":"P-256","kid":"first","x":"AA","y":"AA"}]}"""),
            "endless" or "another" or "charset" or "deep" or "empty" or "error" or "file" or "html" or "redirect" or "good" or "cleartext" or "oversized" or "relative" or "slow" or "surrogate" or "truncated"
                => WriteAsync(host.KeySet()),
            _ => WriteAsync("{}", "404 Not Found"),
        });
    }

    private static async Task PourAsync(Stream stream, CancellationToken cancellationToken)
    {
        await stream.WriteAsync("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n{"u8.ToArray(), cancellationToken);
        while (true)
        {
            await stream.WriteAsync(Piece, cancellationToken);
        }
    }

    private static async Task DripAsync(Stream stream, string body, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n"), cancellationToken);
        foreach (var letter in body)
        {
            await stream.WriteAsync(new[] { (byte)letter }, cancellationToken);
            await Task.Delay(TimeSpan.FromSeconds(1), cancellationToken);
        }
    }
}
