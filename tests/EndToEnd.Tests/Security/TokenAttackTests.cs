using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace ModularMonolith.EndToEnd.Tests.Security;

/// <summary>
/// Forged access tokens, over HTTP: against the host's own keys, and against an issuer whose key the tests hold, so that all but one thing is right about each. RFC 8725 lists the attacks; how the check
/// itself decides is in Platform.Tests.
/// </summary>
[Collection(SecurityHosts.Name)]
public sealed class TokenAttackTests(SecurityHost host)
{
    [Fact]
    public async Task A_token_without_a_fault_opens_so_that_the_others_are_refused_for_theirs() => (await host.GetWithAsync(host.Token())).Expect(200);

    [Fact]
    public async Task Tokens_of_the_host_cannot_be_changed_or_signed_by_others()
    {
        using var anonymous = host.Callers.Anonymous();
        var token = (await anonymous.PostAsync("/api/identity/sign-in", new { email = HostSettings.AdminEmail, password = HostSettings.AdminPassword })).Expect(200)["access_token"];
        var parts = token.Split('.');
        var (header, payload) = (Read(parts[0]), Read(parts[1]));
        using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var published = (await anonymous.GetAsync("/.well-known/jwks.json")).Expect(200).Json["keys"]!.AsArray().First(key => (string?)key!["kid"] == (string?)header["kid"])!;
        var point = new ECPoint { X = Base64Url.DecodeFromChars((string)published["x"]!), Y = Base64Url.DecodeFromChars((string)published["y"]!) };
        using var theirs = ECDsa.Create(new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = point });
        byte[] Own(byte[] bytes) => own.SignData(bytes, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);

        (await host.GetWithAsync(token)).Expect(200);
        List<string> forged =
        [
            $"{parts[0]}.{parts[1]}.", $"{parts[0]}.{parts[1]}", $"{parts[0]}..{parts[2]}", $".{parts[1]}.{parts[2]}", $"{parts[0]}.{Write(With(payload, ("sub", "somebody-else")))}.{parts[2]}",
            $"{parts[0]}.{Write(With(payload, ("exp", 9_999_999_999)))}.{parts[2]}", $"{Write(With(header, ("kid", "other")))}.{parts[1]}.{parts[2]}",
            $"{parts[0]}.{parts[1]}.{Convert.ToHexStringLower(new byte[32])}", $"{parts[0]}.{parts[1]}.{Base64Url.EncodeToString(new byte[64])}", $"{Write(With(header, ("alg", "none")))}.{parts[1]}.",
            .. new[] { "none", "None", "nOnE", "NONE", "" }.Select(none => $"{Write(With(header, ("alg", none)))}.{parts[1]}."),
            Sign(header, payload, Own), Sign(With(header, ("kid", "mine")), payload, Own), Sign(With(header, ("jwk", Jwk(own))), payload, Own),
            // The public key as the secret of an HMAC, in the forms in which it is at hand.
            .. new[] { theirs.ExportSubjectPublicKeyInfo(), Encoding.ASCII.GetBytes(theirs.ExportSubjectPublicKeyInfoPem()), Encoding.ASCII.GetBytes(theirs.ExportSubjectPublicKeyInfoPem() + "\n"), Encoding.UTF8.GetBytes(published.ToJsonString()), [.. point.X, .. point.Y] }
                .Select(secret => Sign(With(header, ("alg", "HS256")), payload, bytes => HMACSHA256.HashData(secret, bytes))),
        ];
        Assert.All(await Task.WhenAll(forged.Select(one => host.GetWithAsync(one))), static answer => answer.ExpectProblem(401, "invalid-credentials"));
    }

    [Fact]
    public async Task One_thing_wrong_is_enough()
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        JsonObject[] payloads =
        [
            new() { ["aud"] = "https://other.example" }, new() { ["aud"] = new JsonArray() }, new() { ["aud"] = new JsonObject { ["x"] = SecurityHost.Audience } }, new() { ["aud"] = SecurityHost.Audience.ToUpperInvariant() }, new() { ["aud"] = SecurityHost.Audience + "/" }, new() { ["aud"] = null },
            new() { ["iss"] = "https://attacker.example" }, new() { ["iss"] = host.IssuerOf("good") + "/" }, new() { ["iss"] = "http://localhost:5080" }, new() { ["iss"] = new JsonArray(host.IssuerOf("good")) }, new() { ["iss"] = null },
            new() { ["exp"] = now - 31 }, new() { ["exp"] = 0 }, new() { ["exp"] = -1 }, new() { ["exp"] = "9999999999" }, new() { ["exp"] = null }, new() { ["exp"] = 1e300 }, new() { ["nbf"] = now + 120 }, new() { ["nbf"] = "soon" }, new() { ["iat"] = now + 120 },
            new() { ["sub"] = null }, new() { ["sub"] = string.Empty }, new() { ["sub"] = 7 }, new() { ["sub"] = new string('s', 201) },
        ];
        JsonObject[] headers =
        [
            new() { ["typ"] = "JWT" }, new() { ["typ"] = "id+jwt" }, new() { ["typ"] = "logout+jwt" }, new() { ["typ"] = null }, new() { ["alg"] = "ES384" }, new() { ["alg"] = "RS256" }, new() { ["alg"] = "es256" }, new() { ["alg"] = null }, new() { ["alg"] = new JsonArray("ES256") },
            new() { ["crit"] = new JsonArray("exp") }, new() { ["crit"] = new JsonArray("b64"), ["b64"] = false }, new() { ["kid"] = null }, new() { ["kid"] = 1 }, new() { ["kid"] = new string('k', 5_000) },
            new() { ["kid"] = "../../../../dev/null" }, new() { ["kid"] = "/proc/self/environ" }, new() { ["kid"] = "first' or '1'='1" }, new() { ["kid"] = "x' union select 'AA'; --" }, new() { ["kid"] = "first\0" }, new() { ["kid"] = "FIRST" }, new() { ["kid"] = "| id" }, new() { ["kid"] = "http://127.0.0.1/key" },
        ];

        var tokens = payloads.Select(payload => host.Token(payload: payload)).Concat(headers.Select(header => host.Token(header: header)));

        foreach (var answer in await Task.WhenAll(tokens.Select(token => host.GetWithAsync(token))))
        {
            answer.ExpectProblem(401, "invalid-credentials");
        }
    }

    [Fact]
    public async Task Members_that_stand_twice_text_that_is_no_text_and_huge_tokens_are_refused()
    {
        var payload = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(host.Token().Split('.')[1]));
        const string Header = """{"alg":"ES256","typ":"at+jwt","kid":"first"}""";
        string[] headers =
        [
            """{"alg":"ES256","typ":"at+jwt","kid":"first","alg":"none"}""", """{"alg":"none","alg":"ES256","typ":"at+jwt","kid":"first"}""", """{"alg":"ES256","typ":"at+jwt","kid":"first","\u0061lg":"none"}""", """{"alg":"\ud800","typ":"at+jwt","kid":"first"}""",
            """{"alg":"ES256","typ":"at+jwt","kid":"\udc00"}""", """{"alg":"ES256","typ":"at+jwt","kid":"first","\ud800":1}""", "{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"first\",\"x\":\"\u00ff\"}", "[]", "null", "7", "\"x\"", "", "{", new string('[', 5_000), Header + "x", "\uFEFF" + Header,
        ];
        string[] payloads = [payload[..^1] + ""","sub":"somebody-else"}""", payload[..^1] + ""","aud":["https://other.example"]}""", payload[..^1] + ""","x":"\ud800"}""", payload[..^1] + ",\"x\":\"\u00ff\"}", payload[..^1] + ",\"x\":" + new string('[', 100) + new string(']', 100) + "}", "[]", "null", "{"];
        var tokens = headers.Select(header => host.Sign(Encoding.Latin1.GetBytes(header), Encoding.UTF8.GetBytes(payload)))
            .Concat(payloads.Select(changed => host.Sign(Encoding.UTF8.GetBytes(Header), Encoding.Latin1.GetBytes(changed))))
            .Append(host.Token(payload: new JsonObject { ["x"] = new string('x', 20_000) }))
            .Append(new string('a', 30_000)).Append("..").Append(".").Append("a.b.c.d.e").Append(string.Join('.', Enumerable.Repeat("e30", 1_000)));

        foreach (var answer in await Task.WhenAll(tokens.Select(token => host.GetWithAsync(token))))
        {
            // A header that is longer than the server reads never gets to the application.
            Assert.True(answer.Code == 431 || answer.ExpectProblem(401, "invalid-credentials") is not null);
        }
    }

    [Fact]
    public async Task Tokens_for_other_purposes_open_nothing()
    {
        using var anonymous = host.Callers.Anonymous();
        var tokens = (await anonymous.PostAsync("/api/identity/sign-in", new { email = HostSettings.AdminEmail, password = HostSettings.AdminPassword })).Expect(200);
        (await host.GetWithAsync(tokens["refresh_token"])).ExpectProblem(401, "invalid-credentials");
        if (tokens.Json["id_token"] is { } identity)
        {
            (await host.GetWithAsync((string)identity!)).ExpectProblem(401, "invalid-credentials");
        }
    }

    [Fact]
    public async Task A_subject_of_another_issuer_is_nobody_here()
    {
        // The admin's own id as the subject of a partner's token is a subject of that partner, without an account.
        var admin = (await host.Admin.GetAsync("/api/identity/account")).Expect(200)["id"];
        var token = host.Token(payload: new JsonObject { ["sub"] = admin, ["entitlements"] = new JsonArray("*", "admin") });

        (await host.GetWithAsync(token, "/api/identity/account")).ExpectProblem();
        (await host.GetWithAsync(token, "/api/identity/accounts")).ExpectProblem(403);
        Assert.Empty((await host.GetWithAsync(token, "/api/ordering/orders")).Expect(200).Json["items"]!.AsArray());
    }

    private static JsonObject Read(string part) => (JsonObject)JsonNode.Parse(Base64Url.DecodeFromChars(part))!;

    private static string Write(JsonObject part) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(part.ToJsonString()));

    private static JsonObject With(JsonObject part, (string Name, JsonNode? Value) change)
    {
        var copy = (JsonObject)part.DeepClone();
        copy[change.Name] = change.Value;
        return copy;
    }

    private static string Sign(JsonObject header, JsonObject payload, Func<byte[], byte[]> sign)
    {
        var content = Write(header) + "." + Write(payload);
        return content + "." + Base64Url.EncodeToString(sign(Encoding.ASCII.GetBytes(content)));
    }

    private static JsonObject Jwk(ECDsa key)
    {
        var point = key.ExportParameters(false).Q;
        return new JsonObject { ["kty"] = "EC", ["crv"] = "P-256", ["kid"] = "mine", ["x"] = Base64Url.EncodeToString(point.X), ["y"] = Base64Url.EncodeToString(point.Y) };
    }
}
