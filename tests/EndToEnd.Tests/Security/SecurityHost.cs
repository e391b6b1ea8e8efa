using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ModularMonolith.EndToEnd.Tests.Security;

/// <summary>
/// The host that the security tests attack, the same for all of their classes: closed, with the most talkative log, and with issuers of access tokens that the tests play themselves.
/// </summary>
public sealed class SecurityHost : IAsyncLifetime
{
    public const string Audience = "https://api.example";

    private static readonly string[] Issuers = ["good", .. BadIssuers.Names];

    private RunningHost? _running;
    private ForeignServer? _foreign;

    internal RunningHost Running => _running!;

    internal Callers Callers => Running.Callers;

    /// <summary>The admin.</summary>
    internal Api Admin => Running.Api;

    internal Shop Shop => new(Admin);

    /// <summary>Where the issuers are, and nothing else that the host should ever ask for.</summary>
    internal ForeignServer Foreign => _foreign!;

    /// <summary>The key of the issuers.</summary>
    internal ECDsa Key { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    internal string IssuerOf(string name) => Foreign.Address + "/" + name;

    public async Task InitializeAsync()
    {
        _foreign = new ForeignServer((path, stream, cancellationToken) => BadIssuers.AnswerAsync(path, this, stream, cancellationToken));
        _running = await RunningHost.StartAsync(settings =>
        {
            settings = settings.With("Security__OpenAccess", "false")
                .With("Logging__LogLevel__Default", "Debug").With("Logging__LogLevel__Microsoft.AspNetCore", "Debug").With("Logging__LogLevel__Npgsql", "Debug")
                .With("Logging__Console__FormatterName", "simple").With("Logging__Console__FormatterOptions__IncludeScopes", "true");
            foreach (var (number, name) in Issuers.Index())
            {
                var prefix = string.Create(CultureInfo.InvariantCulture, $"Security__Issuers__{number}__");
                settings = settings.With(prefix + "Issuer", IssuerOf(name)).With(prefix + "Audience", Audience).With(prefix + "Prefix", name);
            }

            return settings;
        });
    }

    public async Task DisposeAsync()
    {
        if (_running is { } running)
        {
            await running.DisposeAsync();
        }

        if (_foreign is { } foreign)
        {
            await foreign.DisposeAsync();
        }

        Key.Dispose();
    }

    /// <summary>A token of one of the issuers; a change of null removes a member.</summary>
    internal string Token(string issuer = "good", JsonObject? header = null, JsonObject? payload = null, Func<byte[], byte[]>? sign = null)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var head = Changed(new JsonObject { ["alg"] = "ES256", ["typ"] = "at+jwt", ["kid"] = "first" }, header);
        var body = Changed(
            new JsonObject { ["iss"] = IssuerOf(issuer), ["aud"] = Audience, ["sub"] = "ann", ["client_id"] = "partner", ["jti"] = Guid.NewGuid().ToString(), ["iat"] = now, ["exp"] = now + 300, ["entitlements"] = new JsonArray("ordering:read") },
            payload);
        return Sign(Encoding.UTF8.GetBytes(head.ToJsonString()), Encoding.UTF8.GetBytes(body.ToJsonString()), sign);
    }

    /// <summary>A token of any bytes.</summary>
    internal string Sign(byte[] header, byte[] payload, Func<byte[], byte[]>? sign = null)
    {
        var content = Base64Url.EncodeToString(header) + "." + Base64Url.EncodeToString(payload);
        sign ??= bytes => Key.SignData(bytes, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        return content + "." + Base64Url.EncodeToString(sign(Encoding.ASCII.GetBytes(content)));
    }

    /// <summary>The set of keys that the issuers publish.</summary>
    internal string KeySet()
    {
        var point = Key.ExportParameters(false).Q;
        return JsonSerializer.Serialize(new
        {
            keys = new[] { new { kty = "EC", crv = "P-256", use = "sig", kid = "first", x = Base64Url.EncodeToString(point.X), y = Base64Url.EncodeToString(point.Y) } },
        });
    }

    /// <summary>A request as somebody with an access token.</summary>
    internal async Task<Answer> GetWithAsync(string token, string path = "/api/ordering/orders")
    {
        using var anonymous = Callers.Anonymous();
        return await anonymous.GetAsync(path, ("Authorization", "Bearer " + token));
    }

    private static JsonObject Changed(JsonObject members, JsonObject? changes)
    {
        foreach (var (name, value) in changes ?? [])
        {
            if (value is null)
            {
                members.Remove(name);
            }
            else
            {
                members[name] = value.DeepClone();
            }
        }

        return members;
    }
}

[CollectionDefinition(Name)]
public sealed class SecurityHosts : ICollectionFixture<SecurityHost>
{
    public const string Name = "security";
}
