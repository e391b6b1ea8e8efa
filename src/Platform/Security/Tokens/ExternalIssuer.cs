using System.Buffers.Text;
using System.Collections.Frozen;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;

namespace ModularMonolith.Platform.Security.Tokens;

/// <summary>
/// The keys of an issuer outside of this process: read from its discovery document and key set when they are first needed, then kept. They are read again once an hour,
/// and, not more often than every half minute, when a token names a key that is not among them.
/// </summary>
internal sealed partial class ExternalIssuer : ITokenIssuer, IDisposable
{
    private const int LongestAnswer = 256 * 1024;
    private const int MostKeys = 100;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Fresh = TimeSpan.FromHours(1);
    private static readonly TimeSpan LeastInterval = TimeSpan.FromSeconds(30);

    private readonly IHostEnvironment _environment;
    private readonly TimeProvider _time;
    private readonly ILogger<ExternalIssuer> _logger;
    private readonly SemaphoreSlim _reading = new(1, 1);
    private readonly HttpClient _client;

    private volatile Known _known = new(FrozenDictionary<string, SecurityKey>.Empty, DateTimeOffset.MinValue, DateTimeOffset.MinValue);

    public ExternalIssuer(ExternalIssuerSettings settings, IHostEnvironment environment, TimeProvider time, ILogger<ExternalIssuer> logger)
    {
        Settings = settings;
        (_environment, _time, _logger) = (environment, time, logger);
        // No redirects: the answer comes from the address that was configured, or not at all.
        _client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
        {
            Timeout = Deadline,
            MaxResponseContentBufferSize = LongestAnswer,
        };
    }

    public ExternalIssuerSettings Settings { get; }

    public string Issuer => Settings.Issuer;

    public string Audience => Settings.Audience;

    public string PermissionsClaim => Settings.PermissionsClaim;

    public IReadOnlyCollection<string> Algorithms => Settings.Algorithms;

    public string TokenType => Settings.TokenType;

    public bool CanGrant(string permission) => Settings.Permissions.Count == 0 || Settings.Permissions.Contains(permission);

    public string SubjectOf(string subject) => $"external-{Settings.Prefix}:{subject}";

    public async ValueTask<SecurityKey?> FindKeyAsync(string keyId, CancellationToken cancellationToken)
    {
        if (!MustRead(keyId))
        {
            return _known.Keys.GetValueOrDefault(keyId);
        }

        await _reading.WaitAsync(cancellationToken);
        try
        {
            if (MustRead(keyId))
            {
                await ReadAsync(cancellationToken);
            }
        }
        finally
        {
            _reading.Release();
        }

        return _known.Keys.GetValueOrDefault(keyId);
    }

    public void Dispose()
    {
        _client.Dispose();
        _reading.Dispose();
    }

    private bool MustRead(string keyId)
    {
        var (known, now) = (_known, _time.GetUtcNow());
        return (!known.Keys.ContainsKey(keyId) || now - known.ReadAt > Fresh) && now - known.TriedAt > LeastInterval;
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        var before = _known;
        try
        {
            var keys = await FetchAsync(cancellationToken);
            _known = new Known(keys, _time.GetUtcNow(), _time.GetUtcNow());
            LogRead(Issuer, keys.Count);
        }
        catch (Exception exception) when (IsTheIssuers(exception) && !cancellationToken.IsCancellationRequested)
        {
            // The keys that are known stay good while the issuer does not answer; whoever it has revoked is out when it does.
            _known = before with { TriedAt = _time.GetUtcNow() };
            LogNotRead(Issuer, exception);
        }
    }

    private async Task<FrozenDictionary<string, SecurityKey>> FetchAsync(CancellationToken cancellationToken)
    {
        var metadata = await _client.GetFromJsonAsync<JsonElement>(Settings.MetadataAddress, cancellationToken);
        if (TextOf(metadata, "issuer") != Issuer)
        {
            throw new InvalidDataException("The discovery document is another issuer's (OpenID Connect Discovery 1.0, section 4.3).");
        }

        if (!Uri.TryCreate(TextOf(metadata, "jwks_uri"), UriKind.Absolute, out var address) || !ExternalIssuerSettings.IsSafe(address, _environment))
        {
            throw new InvalidDataException("The discovery document names no https address of the keys.");
        }

        var set = await _client.GetFromJsonAsync<JsonElement>(address, cancellationToken);
        return set.ValueKind == JsonValueKind.Object && set.TryGetProperty("keys", out var keys) && keys.ValueKind == JsonValueKind.Array
            ? keys.EnumerateArray().Take(MostKeys).Select(KeyFrom).OfType<SecurityKey>().GroupBy(static key => key.KeyId).ToFrozenDictionary(static same => same.Key, static same => same.First(), StringComparer.Ordinal)
            : throw new InvalidDataException("The answer is no set of keys (RFC 7517, section 5).");
    }

    // Keys of other kinds, which a set may hold too, are passed over (RFC 7517, section 5).
    private SecurityKey? KeyFrom(JsonElement key)
    {
        if (TextOf(key, "use") is not (null or "sig") || TextOf(key, "kid") is not { Length: > 0 } keyId || (TextOf(key, "alg") is { } algorithm && !Algorithms.Contains(algorithm)))
        {
            return null;
        }

        try
        {
            return (TextOf(key, "kty"), TextOf(key, "crv")) switch
            {
                ("EC", "P-256") when BytesOf(key, "x") is { } x && BytesOf(key, "y") is { } y => VerificationKey.Create(keyId, x, y),
                ("RSA", null) when BytesOf(key, "n") is { } modulus && BytesOf(key, "e") is { } exponent => VerificationKey.CreateRsa(keyId, modulus, exponent),
                _ => null,
            };
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static byte[]? BytesOf(JsonElement key, string name) => TextOf(key, name) is { } text && Base64Url.IsValid(text) ? Base64Url.DecodeFromChars(text) : null;

    // An answer that ends early, an unknown charset and text that is no Unicode have exceptions of their own.
    private static bool IsTheIssuers(Exception exception) =>
        exception is HttpRequestException or IOException or InvalidDataException or JsonException or InvalidOperationException or TaskCanceledException;

    private static string? TextOf(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    [LoggerMessage(LogLevel.Information, "The issuer {Issuer} has {Count} key(s) that can be used.")]
    private partial void LogRead(string issuer, int count);

    [LoggerMessage(LogLevel.Warning, "The keys of the issuer {Issuer} could not be read; those that are known stay in use. The next attempt is in half a minute at the earliest.")]
    private partial void LogNotRead(string issuer, Exception exception);

    private sealed record Known(FrozenDictionary<string, SecurityKey> Keys, DateTimeOffset ReadAt, DateTimeOffset TriedAt);
}
