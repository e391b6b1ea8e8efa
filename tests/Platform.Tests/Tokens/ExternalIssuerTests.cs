using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Platform.Modules;
using ModularMonolith.Platform.Security;
using ModularMonolith.Platform.Security.Tokens;
using ModularMonolith.Platform.Testing;
using ModularMonolith.Platform.Tests.Notes;

namespace ModularMonolith.Platform.Tests.Tokens;

public sealed class ExternalIssuerTests : IAsyncLifetime
{
    private readonly List<TokenForge> _published = [];
    private WebApplication _issuer = null!;
    private ModuleHost _host = null!;
    private string _address = string.Empty;
    private string? _claimedIssuer;
    private string? _keysAddress;
    private bool _isDown;
    private int _asked;
    private RSAParameters _rsa;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        _issuer = builder.Build();
        _issuer.MapGet("/.well-known/openid-configuration", () =>
        {
            Interlocked.Increment(ref _asked);
            return _isDown ? Results.StatusCode(500) : Results.Json(new { issuer = _claimedIssuer ?? _address, jwks_uri = _keysAddress ?? _address + "/keys" });
        });
        _issuer.MapGet("/keys", () => Results.Json(new { keys = _published.Select(KeyOf).Prepend(RsaKey()) }));
        _issuer.MapGet("/elsewhere", () => Results.Redirect(_address + "/keys"));
        await _issuer.StartAsync();
        _address = _issuer.Urls.First();
        _host = await StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _host.DisposeAsync();
        await _issuer.DisposeAsync();
        _published.ForEach(static forge => forge.Dispose());
    }

    [Fact]
    public async Task A_token_of_a_configured_issuer_opens_what_it_entitles_to_for_a_subject_of_its_own()
    {
        var forge = Publish("first");
        using var answer = await CallAsync(forge.Sign(forge.Header(), forge.Payload()));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);

        var token = await _host.Services.GetRequiredService<IAccessTokens>().CheckAsync(forge.Sign(forge.Header(), forge.Payload(("sub", "guest:1"))), default);
        Assert.Equal("external-partner:guest:1", token!.Identity.Name);

        using var without = await CallAsync(forge.Sign(forge.Header(), forge.Payload(("entitlements", null))));
        Assert.Equal(HttpStatusCode.Forbidden, without.StatusCode);
    }

    [Fact]
    public async Task A_token_that_does_not_hold_is_refused_with_the_same_answer_whatever_the_cause()
    {
        var forge = Publish("first");
        using var other = new TokenForge(_host.Time.GetUtcNow(), _address, "first");
        foreach (var token in (string[])[other.Sign(other.Header(), other.Payload()), forge.Sign(forge.Header(), forge.Payload(("aud", "x"))), "nonsense"])
        {
            using var answer = await CallAsync(token);
            var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
            Assert.Equal((HttpStatusCode.Unauthorized, "/problems/invalid-credentials"), (answer.StatusCode, problem.GetProperty("type").GetString()));
            Assert.Equal("Bearer error=\"invalid_token\"", answer.Headers.WwwAuthenticate.ToString());
        }
    }

    [Fact]
    public async Task A_new_key_is_found_and_a_storm_of_unknown_ones_does_not_reach_the_issuer()
    {
        var first = Publish("first");
        Assert.Equal(HttpStatusCode.OK, (await CallAsync(first.Sign(first.Header(), first.Payload()))).StatusCode);
        var second = Publish("second");
        await Task.WhenAll(Enumerable.Range(0, 100).Select(async number =>
        {
            using var answer = await CallAsync(first.Sign(first.Header(("kid", $"unknown-{number}")), first.Payload()));
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }));
        Assert.Equal(1, _asked);

        _host.Time.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(HttpStatusCode.OK, (await CallAsync(second.Sign(second.Header(), second.Payload()))).StatusCode);
        Assert.Equal(2, _asked);
    }

    [Fact]
    public async Task Known_keys_outlive_an_issuer_that_does_not_answer()
    {
        var forge = Publish("first");
        Assert.Equal(HttpStatusCode.OK, (await CallAsync(forge.Sign(forge.Header(), forge.Payload()))).StatusCode);
        _isDown = true;
        _host.Time.Advance(TimeSpan.FromHours(2));
        var exp = _host.Time.GetUtcNow().AddMinutes(5).ToUnixTimeSeconds();
        Assert.Equal(HttpStatusCode.OK, (await CallAsync(forge.Sign(forge.Header(), forge.Payload(("exp", exp))))).StatusCode);
    }

    [Theory]
    [InlineData("https://attacker.example", null)]
    [InlineData(null, "http://attacker.example/keys")]
    [InlineData(null, "file:///etc/passwd")]
    [InlineData(null, "/keys")]
    [InlineData(null, "redirect")]
    public async Task Keys_come_from_the_configured_issuer_only(string? claimedIssuer, string? keysAddress)
    {
        (_claimedIssuer, _keysAddress) = (claimedIssuer, keysAddress == "redirect" ? _address + "/elsewhere" : keysAddress);
        var forge = Publish("first");
        using var answer = await CallAsync(forge.Sign(forge.Header(), forge.Payload()));
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Theory]
    [InlineData("no address", "a", "p")]
    [InlineData("https://issuer.example/", "a", "p")]
    [InlineData("https://issuer.example", "", "p")]
    [InlineData("https://issuer.example", "a", "")]
    [InlineData("https://issuer.example", "a", "a:b")]
    public void Settings_that_could_not_be_told_apart_end_the_start(string issuer, string audience, string prefix)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Security:Issuers:0:Issuer"] = issuer,
            ["Security:Issuers:0:Audience"] = audience,
            ["Security:Issuers:0:Prefix"] = prefix,
        }).Build();
        Assert.Throws<ModuleConfigurationException>(() => ExternalIssuerSettings.AllFrom(configuration));
    }

    [Fact]
    public async Task An_issuer_without_https_on_another_machine_ends_the_start()
    {
        var failure = await Assert.ThrowsAsync<ModuleConfigurationException>(() => ModuleHost.StartAsync(typeof(NotesModule).Assembly, settings: new Dictionary<string, string?>
        {
            ["Security:Issuers:0:Issuer"] = "http://issuer.example",
            ["Security:Issuers:0:Audience"] = "https://api.example",
            ["Security:Issuers:0:Prefix"] = "partner",
        }));
        Assert.Contains("http://issuer.example", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("RS256")]
    [InlineData("PS256")]
    public async Task An_issuer_may_sign_with_rsa_and_have_a_type_of_its_own_where_that_is_configured(string algorithm)
    {
        using var key = RSA.Create(2048);
        var forge = Publish("first");
        _rsa = key.ExportParameters(false);
        var padding = algorithm == "RS256" ? RSASignaturePadding.Pkcs1 : RSASignaturePadding.Pss;
        var token = forge.Sign(forge.Header(("alg", algorithm), ("typ", "JWT"), ("kid", "rsa")), forge.Payload(), bytes => key.SignData(bytes, HashAlgorithmName.SHA256, padding));
        await using var lenient = await StartAsync(("Algorithms", "RS256, PS256"), ("TokenType", "JWT"));

        using var accepted = await CallAsync(token, lenient);
        using var strict = await CallAsync(token);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), (accepted.StatusCode, strict.StatusCode));
        foreach (var forged in new[]
        {
            // Signed with the public key as if it was a shared secret; under another algorithm; with a key of the other kind; not meant as one of these tokens.
            forge.Sign(forge.Header(("alg", "HS256"), ("typ", "JWT"), ("kid", "rsa")), forge.Payload(), bytes => HMACSHA256.HashData(key.ExportSubjectPublicKeyInfo(), bytes)),
            forge.Sign(forge.Header(("alg", algorithm == "RS256" ? "PS256" : "RS256"), ("typ", "JWT"), ("kid", "rsa")), forge.Payload(), bytes => key.SignData(bytes, HashAlgorithmName.SHA256, padding)),
            forge.Sign(forge.Header(("typ", "JWT")), forge.Payload()),
            forge.Sign(forge.Header(("alg", algorithm), ("typ", "JWT")), forge.Payload(), bytes => key.SignData(bytes, HashAlgorithmName.SHA256, padding)),
            forge.Sign(forge.Header(("alg", algorithm), ("kid", "rsa")), forge.Payload(), bytes => key.SignData(bytes, HashAlgorithmName.SHA256, padding)),
        })
        {
            using var refused = await CallAsync(forged, lenient);
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        }
    }

    [Fact]
    public async Task A_short_rsa_key_is_no_key()
    {
        using var key = RSA.Create(1024);
        var forge = Publish("first");
        _rsa = key.ExportParameters(false);
        await using var lenient = await StartAsync(("Algorithms", "RS256"));

        using var refused = await CallAsync(forge.Sign(forge.Header(("alg", "RS256"), ("kid", "rsa")), forge.Payload(), bytes => key.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)), lenient);

        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    [Fact]
    public async Task An_issuer_gives_no_permission_that_it_may_not_give()
    {
        var forge = Publish("first");
        var token = forge.Sign(forge.Header(), forge.Payload());
        await using var narrow = await StartAsync(("Permissions", "notes:read, other:read"));

        var read = await narrow.Services.GetRequiredService<IAccessTokens>().CheckAsync(token, default);

        Assert.Equal(["notes:read"], read!.Identity.FindAll(CallerClaims.Permission).Select(static claim => claim.Value));
    }

    [Theory]
    [InlineData("Algorithms", "HS256")]
    [InlineData("Algorithms", "none")]
    [InlineData("Algorithms", ",")]
    [InlineData("TokenType", "id_token")]
    public void Settings_that_would_let_others_sign_end_the_start(string key, string value)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(SettingsOf("https://issuer.example", (key, value))).Build();
        Assert.Throws<ModuleConfigurationException>(() => ExternalIssuerSettings.AllFrom(configuration));
    }

    private Task<ModuleHost> StartAsync(params (string Key, string Value)[] others) => ModuleHost.StartAsync(typeof(NotesModule).Assembly, settings: SettingsOf(_address, others));

    private static Dictionary<string, string?> SettingsOf(string issuer, params (string Key, string Value)[] others) => new(
        others.Select(static other => KeyValuePair.Create("Security:Issuers:0:" + other.Key, (string?)other.Value)))
    {
        ["Security:OpenAccess"] = "false",
        ["Security:Issuers:0:Issuer"] = issuer,
        ["Security:Issuers:0:Audience"] = "https://api.example",
        ["Security:Issuers:0:Prefix"] = "partner",
    };

    private TokenForge Publish(string keyId)
    {
        var forge = new TokenForge(_host.Time.GetUtcNow(), _address, keyId);
        _published.Add(forge);
        return forge;
    }

    private object RsaKey() => new { kty = "RSA", kid = "rsa", use = "sig", n = Base64Url.EncodeToString(_rsa.Modulus ?? [1, 0, 1]), e = Base64Url.EncodeToString(_rsa.Exponent ?? [1, 0, 1]) };

    private static object KeyOf(TokenForge forge) =>
        new { kty = "EC", crv = "P-256", kid = forge.KeyId, use = "sig", x = Base64Url.EncodeToString(forge.X), y = Base64Url.EncodeToString(forge.Y) };

    private async Task<HttpResponseMessage> CallAsync(string token, ModuleHost? host = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/notes/closed") { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };
        return await (host ?? _host).Client.SendAsync(request);
    }
}
