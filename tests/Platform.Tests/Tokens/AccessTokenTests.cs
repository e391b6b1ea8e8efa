using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ModularMonolith.Platform.Security;
using ModularMonolith.Platform.Security.Tokens;
using ModularMonolith.Platform.Testing;

namespace ModularMonolith.Platform.Tests.Tokens;

public sealed class AccessTokenTests : IDisposable
{
    private readonly AdjustableTime _time = new();
    private readonly TokenForge _forge;
    private readonly AccessTokens _tokens;

    public AccessTokenTests()
    {
        _forge = new TokenForge(_time.GetUtcNow());
        _tokens = new AccessTokens([_forge], _time);
    }

    public void Dispose() => _forge.Dispose();

    [Fact]
    public async Task A_token_tells_who_the_caller_is_and_what_they_may()
    {
        var token = await CheckAsync(_forge.Header(), _forge.Payload());

        Assert.NotNull(token);
        Assert.Equal("ann", token.Identity.FindFirst(CallerClaims.Subject)!.Value);
        Assert.Equal("a session", token.Identity.FindFirst(CallerClaims.Session)!.Value);
        Assert.Equal("shop", token.Identity.FindFirst(CallerClaims.Client)!.Value);
        Assert.Equal(["notes:read", "notes:write"], token.Identity.FindAll(CallerClaims.Permission).Select(static claim => claim.Value));
    }

    [Fact]
    public async Task Only_ES256_is_accepted()
    {
        Assert.Null(await CheckAsync(_forge.Header(("alg", "none")), _forge.Payload(), static _ => []));
        Assert.Null(await CheckAsync(_forge.Header(("alg", "none")), _forge.Payload()));
        Assert.Null(await CheckAsync(_forge.Header(("alg", "nOnE")), _forge.Payload(), static _ => []));
        Assert.Null(await CheckAsync(_forge.Header(("alg", "ES384")), _forge.Payload()));
        Assert.Null(await CheckAsync(_forge.Header(("alg", "es256")), _forge.Payload()));
        Assert.Null(await CheckAsync(_forge.Header(("alg", null)), _forge.Payload()));
        Assert.Null(await CheckAsync(_forge.Header(), _forge.Payload(), static _ => []));
        Assert.Null(await CheckAsync(_forge.Header(), _forge.Payload(), static _ => new byte[64]));
    }

    [Fact]
    public async Task The_public_key_is_no_secret_of_an_HMAC()
    {
        var pem = Encoding.ASCII.GetBytes(PemEncoding.WriteString("PUBLIC KEY", _forge.SubjectPublicKeyInfo()));
        foreach (var secret in (byte[][])[pem, _forge.SubjectPublicKeyInfo(), [.. _forge.X, .. _forge.Y]])
        {
            Assert.Null(await CheckAsync(_forge.Header(("alg", "HS256")), _forge.Payload(), bytes => HMACSHA256.HashData(secret, bytes)));
            Assert.Null(await CheckAsync(_forge.Header(), _forge.Payload(), bytes => HMACSHA256.HashData(secret, bytes)));
        }
    }

    [Fact]
    public async Task Keys_and_addresses_in_the_header_are_ignored()
    {
        using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var point = own.ExportParameters(false).Q;
        JsonObject Key() => new()
        {
            ["kty"] = "EC",
            ["crv"] = "P-256",
            ["kid"] = _forge.KeyId,
            ["x"] = Convert.ToBase64String(point.X!).TrimEnd('=').Replace('+', '-').Replace('/', '_'),
            ["y"] = Convert.ToBase64String(point.Y!).TrimEnd('=').Replace('+', '-').Replace('/', '_'),
        };
        byte[] Own(byte[] bytes) => TokenForge.SignWith(own, bytes);

        Assert.Null(await CheckAsync(_forge.Header(), _forge.Payload(), Own));
        Assert.Null(await CheckAsync(_forge.Header(("jwk", Key())), _forge.Payload(), Own));
        Assert.Null(await CheckAsync(_forge.Header(("jku", "https://attacker.example/keys")), _forge.Payload(), Own));
        Assert.Null(await CheckAsync(_forge.Header(("x5u", "https://attacker.example/chain")), _forge.Payload(), Own));
        Assert.Null(await CheckAsync(_forge.Header(("x5c", new JsonArray("AAAA"))), _forge.Payload(), Own));
        // The right signature holds although such members stand beside it.
        Assert.NotNull(await CheckAsync(_forge.Header(("jwk", Key()), ("jku", "https://attacker.example/keys")), _forge.Payload()));
    }

    [Theory]
    [InlineData("../../../../dev/null")]
    [InlineData("first' or '1'='1")]
    [InlineData("FIRST")]
    [InlineData("")]
    [InlineData("first\0")]
    public async Task A_key_is_looked_up_by_its_exact_name(string keyId) => Assert.Null(await CheckAsync(_forge.Header(("kid", keyId)), _forge.Payload()));

    [Fact]
    public async Task A_name_of_a_key_that_is_too_long_is_not_looked_up()
    {
        Assert.Null(await CheckAsync(_forge.Header(("kid", new string('k', 101))), _forge.Payload()));
        Assert.Null(await CheckAsync(_forge.Header(("kid", null)), _forge.Payload()));
        Assert.Null(await CheckAsync(_forge.Header(("kid", 1)), _forge.Payload()));
        Assert.Empty(_forge.Asked);
    }

    [Theory]
    [InlineData("JWT")]
    [InlineData("id+jwt")]
    [InlineData("logout+jwt")]
    [InlineData(null)]
    public async Task Tokens_of_another_kind_are_no_access_tokens(string? type) => Assert.Null(await CheckAsync(_forge.Header(("typ", type)), _forge.Payload()));

    [Theory]
    [InlineData("""{"alg":"\ud800","typ":"at+jwt","kid":"first"}""")]
    [InlineData("""{"alg":"ES256","typ":"at+jwt","kid":"\udc00"}""")]
    [InlineData("""{"alg":"ES256","typ":"at+jwt","kid":"first","\ud800":1}""")]
    [InlineData("{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"first\",\"x\":[{\"y\":\"\u00ff\"}]}")]
    public async Task A_token_whose_text_is_no_Unicode_is_refused(string header)
    {
        var parts = _forge.Sign(_forge.Header(), _forge.Payload()).Split('.');
        // Latin-1 keeps U+00FF as one byte, which UTF-8 never has.
        Assert.Null(await _tokens.CheckAsync($"{Base64Url.EncodeToString(Encoding.Latin1.GetBytes(header))}.{parts[1]}.{parts[2]}", default));
        Assert.Null(await _tokens.CheckAsync($"{parts[0]}.{Base64Url.EncodeToString(Encoding.Latin1.GetBytes(header))}.{parts[2]}", default));
    }

    [Fact]
    public async Task What_must_be_understood_and_is_not_is_refused() =>
        Assert.Null(await CheckAsync(_forge.Header(("crit", new JsonArray("b64")), ("b64", true)), _forge.Payload()));

    [Fact]
    public async Task Issuer_audience_and_subject_have_to_be_there_and_right()
    {
        Assert.Null(await CheckAsync(_forge.Header(), _forge.Payload(("iss", "https://issuer.example/"))));
        Assert.Null(await CheckAsync(_forge.Header(), _forge.Payload(("iss", "https://attacker.example"))));
        Assert.Null(await CheckAsync(_forge.Header(), _forge.Payload(("iss", null))));
        Assert.Null(await CheckAsync(_forge.Header(), _forge.Payload(("aud", "https://other.example"))));
        Assert.Null(await CheckAsync(_forge.Header(), _forge.Payload(("aud", new JsonArray("https://other.example", 1)))));
        Assert.Null(await CheckAsync(_forge.Header(), _forge.Payload(("aud", null))));
        Assert.Null(await CheckAsync(_forge.Header(), _forge.Payload(("sub", null))));
        Assert.Null(await CheckAsync(_forge.Header(), _forge.Payload(("sub", ""))));
        Assert.NotNull(await CheckAsync(_forge.Header(), _forge.Payload(("aud", new JsonArray("https://other.example", _forge.Audience)))));
    }

    [Fact]
    public async Task A_token_holds_from_its_beginning_to_its_end_by_the_hosts_clock()
    {
        var now = _time.GetUtcNow().ToUnixTimeSeconds();
        Assert.Null(await CheckAsync(_forge.Header(), _forge.Payload(("exp", null))));
        Assert.Null(await CheckAsync(_forge.Header(), _forge.Payload(("exp", $"{now + 600}"))));
        Assert.Null(await CheckAsync(_forge.Header(), _forge.Payload(("exp", now - 40))));
        Assert.NotNull(await CheckAsync(_forge.Header(), _forge.Payload(("exp", now - 15))));
        Assert.Null(await CheckAsync(_forge.Header(), _forge.Payload(("nbf", now + 60))));
        Assert.NotNull(await CheckAsync(_forge.Header(), _forge.Payload(("nbf", now + 15))));
        Assert.Null(await CheckAsync(_forge.Header(), _forge.Payload(("iat", now + 60))));
        Assert.Null(await CheckAsync(_forge.Header(), _forge.Payload(("exp", 1e300))));

        var token = _forge.Sign(_forge.Header(), _forge.Payload());
        Assert.NotNull(await _tokens.CheckAsync(token, default));
        _time.Advance(TimeSpan.FromMinutes(11));
        Assert.Null(await _tokens.CheckAsync(token, default));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a.b")]
    [InlineData("a.b.c")]
    [InlineData("a.b.c.d.e")]
    [InlineData("!!.!!.!!")]
    [InlineData("e30.e30.")]
    [InlineData("W10.W10.AAAA")]
    public async Task What_is_no_token_is_refused(string token) => Assert.Null(await _tokens.CheckAsync(token, default));

    [Fact]
    public async Task A_member_that_stands_twice_is_refused()
    {
        var payload = _forge.Payload().ToJsonString();
        var twice = payload[..^1] + ",\"sub\":\"ben\"}";
        Assert.NotNull(await _tokens.CheckAsync(_forge.SignText(_forge.Header().ToJsonString(), payload), default));
        Assert.Null(await _tokens.CheckAsync(_forge.SignText(_forge.Header().ToJsonString(), twice), default));
    }

    [Fact]
    public async Task Changing_anything_that_was_signed_breaks_the_token()
    {
        var parts = _forge.Sign(_forge.Header(), _forge.Payload()).Split('.');
        var others = _forge.Sign(_forge.Header(), _forge.Payload(("sub", "ben"))).Split('.');
        Assert.Null(await _tokens.CheckAsync($"{parts[0]}.{others[1]}.{parts[2]}", default));
    }

    [Fact]
    public async Task A_key_of_one_issuer_signs_nothing_for_another_also_under_the_same_name()
    {
        using var other = new TokenForge(_time.GetUtcNow(), "https://other.example");
        var both = new AccessTokens([_forge, other], _time);

        Assert.NotNull(await both.CheckAsync(_forge.Sign(_forge.Header(), _forge.Payload()), default));
        Assert.NotNull(await both.CheckAsync(other.Sign(other.Header(), other.Payload()), default));
        Assert.Null(await both.CheckAsync(other.Sign(other.Header(), _forge.Payload()), default));
    }

    private ValueTask<AccessToken?> CheckAsync(JsonObject header, JsonObject payload, Func<byte[], byte[]>? signature = null) =>
        _tokens.CheckAsync(_forge.Sign(header, payload, signature), default);
}
