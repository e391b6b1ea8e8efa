using System.Net;
using System.Text.Json;
using static ModularMonolith.Identity.Tests.TokenCalls;

namespace ModularMonolith.Identity.Tests;

public sealed class SignInTokenTests(IdentityHost identity) : IClassFixture<IdentityHost>
{
    [Fact]
    public async Task Who_signs_in_gets_a_token_of_the_form_of_RFC_9068_that_opens_what_they_may()
    {
        var person = await identity.AdminAsync();
        var tokens = await identity.SignInAsync(person);

        var (header, payload) = (Read(tokens.Access, 0), Read(tokens.Access));
        Assert.Equal(("ES256", "at+jwt"), (header.GetProperty("alg").GetString(), header.GetProperty("typ").GetString()));
        Assert.Equal(person.Id.ToString(), payload.GetProperty("sub").GetString());
        Assert.Equal(("https://shop.example", "https://shop.example/api", "first-party"), (Text(payload, "iss"), Text(payload, "aud"), Text(payload, "client_id")));
        Assert.Equal(600, payload.GetProperty("exp").GetInt64() - payload.GetProperty("iat").GetInt64());
        Assert.Contains("identity:manage", payload.GetProperty("entitlements").EnumerateArray().Select(static value => value.GetString()));
        Assert.All((string[])["jti", "sid"], name => Assert.True(Guid.TryParse(Text(payload, name), out _)));
        Assert.True(payload.TryGetProperty("auth_time", out _));

        (await identity.GetAsync("/clients", Bearer(tokens.Access))).Expect(HttpStatusCode.OK);
        var info = (await identity.GetAsync("/oauth/userinfo", Bearer(tokens.Access))).Expect(HttpStatusCode.OK).Json;
        Assert.Equal((person.Id.ToString(), person.Email), (Text(info, "sub"), Text(info, "email")));
    }

    [Fact]
    public async Task Who_has_no_role_gets_no_permission()
    {
        var tokens = await identity.SignInAsync(await identity.PersonAsync());
        Assert.Empty(Read(tokens.Access).GetProperty("entitlements").EnumerateArray());
        (await identity.GetAsync("/clients", Bearer(tokens.Access))).Problem(HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task An_id_token_or_an_expired_token_opens_nothing()
    {
        var tokens = await identity.SignInAsync(await identity.AdminAsync());
        Assert.Equal("JWT", Text(Read(tokens.Id!, 0), "typ"));
        (await identity.GetAsync("/clients", Bearer(tokens.Id!))).Problem(HttpStatusCode.Unauthorized, "invalid-credentials");
        (await identity.GetAsync("/clients", Bearer(tokens.Access[..^2]))).Problem(HttpStatusCode.Unauthorized, "invalid-credentials");
        (await identity.GetAsync("/clients", Bearer(tokens.Access))).Expect(HttpStatusCode.OK);
        identity.Host.Time.Advance(TimeSpan.FromMinutes(11));
        (await identity.GetAsync("/clients", Bearer(tokens.Access))).Problem(HttpStatusCode.Unauthorized, "invalid-credentials");
    }

    [Fact]
    public async Task A_refused_sign_in_does_not_tell_why()
    {
        var person = await identity.PersonAsync();
        var wrong = await identity.PostAsync("/sign-in", new { email = person.Email, password = "not the password at all" });
        var unknown = await identity.PostAsync("/sign-in", new { email = IdentityHost.NewEmail(), password = person.Password });
        wrong.Problem(HttpStatusCode.Unauthorized, "sign-in-refused");
        unknown.Problem(HttpStatusCode.Unauthorized, "sign-in-refused");
        Assert.Equal(wrong.Json.GetProperty("detail").GetString(), unknown.Json.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task A_guest_is_known_under_a_subject_of_its_own_and_may_nothing_else()
    {
        var first = Tokens.From(await identity.PostAsync("/guest-sessions"));
        var second = Tokens.From(await identity.PostAsync("/guest-sessions"));
        var subject = Text(Read(first.Access), "sub");
        Assert.StartsWith("guest:", subject, StringComparison.Ordinal);
        Assert.NotEqual(subject, Text(Read(second.Access), "sub"));
        (await identity.GetAsync("/clients", Bearer(first.Access))).Problem(HttpStatusCode.Forbidden, "forbidden");
        (await identity.PostAsync("/api-keys", new { name = "k", permissions = (string[])["identity:manage"], days = 1 }, Bearer(first.Access))).Problem(HttpStatusCode.Forbidden, "forbidden");
        Assert.Equal(subject, Text(Read(Tokens.From(await identity.RefreshAsync(first.Refresh)).Access), "sub"));
    }

    [Fact]
    public async Task Signing_out_ends_the_refresh_token()
    {
        var tokens = await identity.SignInAsync(await identity.PersonAsync());
        (await identity.PostAsync("/sign-out", null, Bearer(tokens.Access))).Expect(HttpStatusCode.NoContent);
        RefreshTests.AssertError(await identity.RefreshAsync(tokens.Refresh), "invalid_grant");
    }

    [Fact]
    public async Task A_second_host_accepts_what_the_first_one_signed()
    {
        var tokens = await identity.SignInAsync(await identity.AdminAsync());
        await using var second = await identity.Host.StartAnotherAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/identity/clients") { Headers = { Authorization = Bearer(tokens.Access) } };
        using var answer = await second.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();
}
