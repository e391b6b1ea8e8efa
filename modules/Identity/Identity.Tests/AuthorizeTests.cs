using System.Net;
using ModularMonolith.Identity.Tokens;
using static ModularMonolith.Identity.Tests.TokenCalls;

namespace ModularMonolith.Identity.Tests;

public sealed class AuthorizeTests(IdentityHost identity) : IClassFixture<IdentityHost>
{
    [Fact]
    public async Task A_browser_signs_in_and_the_client_gets_tokens_for_the_code()
    {
        var client = await identity.ClientAsync();
        var person = await identity.AdminAsync();
        var page = await identity.BrowseAsync(AuthorizeQuery(client));
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("A &lt;client&gt;", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page.Text, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("default-src 'none'", page.Policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", page.Policy, StringComparison.Ordinal);

        var signedIn = await identity.SubmitAsync(page, person);
        Assert.Equal(HttpStatusCode.SeeOther, signedIn.Status);
        Assert.Matches("__Host-identity=[^;]+; path=/; secure; samesite=lax; httponly", signedIn.SetCookies);
        var back = await identity.BrowseAsync(signedIn.Location![(IdentityHost.Base + "/oauth/authorize").Length..], signedIn.Cookie);
        Assert.Equal(HttpStatusCode.Found, back.Status);
        Assert.StartsWith(Redirect + "?", back.Location, StringComparison.Ordinal);
        Assert.Equal(("the state", "https://shop.example"), (back.Query("state"), back.Query("iss")));

        var tokens = Tokens.From(await identity.ExchangeAsync(client, back.Query("code")!));
        var id = Read(tokens.Id!);
        Assert.Equal((client.Id, "the nonce", person.Email), (id.GetProperty("aud").GetString(), id.GetProperty("nonce").GetString(), id.GetProperty("email").GetString()));
        (await identity.GetAsync("/clients", Bearer(tokens.Access))).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_wrong_password_shows_the_form_again_and_starts_nothing()
    {
        var client = await identity.ClientAsync();
        var page = await identity.SubmitAsync(await identity.BrowseAsync(AuthorizeQuery(client)), await identity.PersonAsync(), "not the password at all");
        Assert.Equal(HttpStatusCode.Unauthorized, page.Status);
        Assert.DoesNotContain("__Host-identity", page.SetCookies, StringComparison.Ordinal);
        Assert.DoesNotContain("not the password", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_of_another_site_is_refused()
    {
        var client = await identity.ClientAsync();
        var person = await identity.PersonAsync();
        var page = await identity.BrowseAsync(AuthorizeQuery(client));
        Assert.Equal(HttpStatusCode.BadRequest, (await identity.SubmitAsync(page, person, antiforgery: "made up")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await identity.SubmitAsync(page with { Cookie = null }, person)).Status);
    }

    [Theory]
    [InlineData("https://client.example/callback/")]
    [InlineData("https://client.example/callback?x=1")]
    [InlineData("https://client.example/Callback")]
    [InlineData("https://client.example:443/callback")]
    [InlineData("https://client.example/callback/../callback")]
    [InlineData("https://client.example@attacker.example/callback")]
    [InlineData("https://client.example.attacker.example/callback")]
    [InlineData("http://client.example/callback")]
    [InlineData("javascript:alert(1)")]
    [InlineData(null)]
    public async Task Only_the_registered_redirect_URI_is_gone_to(string? redirect)
    {
        var client = await identity.ClientAsync();
        var page = await identity.BrowseAsync(AuthorizeQuery(client, ("redirect_uri", redirect)));
        Assert.Equal((HttpStatusCode.BadRequest, null), (page.Status, page.Location));
        page = await identity.BrowseAsync(AuthorizeQuery(client) + "&redirect_uri=" + Uri.EscapeDataString("https://attacker.example/"));
        Assert.Equal((HttpStatusCode.BadRequest, null), (page.Status, page.Location));
    }

    [Theory]
    [InlineData("code_challenge", null, "invalid_request")]
    [InlineData("code_challenge_method", null, "invalid_request")]
    [InlineData("code_challenge_method", "plain", "invalid_request")]
    [InlineData("code_challenge", "too-short", "invalid_request")]
    [InlineData("response_type", "token", "unsupported_response_type")]
    [InlineData("response_type", "code id_token", "unsupported_response_type")]
    [InlineData("response_mode", "fragment", "invalid_request")]
    [InlineData("request_uri", "https://attacker.example/", "invalid_request")]
    [InlineData("scope", "openid everything", "invalid_scope")]
    [InlineData("prompt", "none", "login_required")]
    public async Task Errors_go_back_to_the_client(string name, string? value, string error)
    {
        var page = await identity.BrowseAsync(AuthorizeQuery(await identity.ClientAsync(), (name, value)));
        Assert.Equal(HttpStatusCode.Found, page.Status);
        Assert.StartsWith(Redirect + "?", page.Location, StringComparison.Ordinal);
        Assert.Equal((error, "the state", "https://shop.example"), (page.Query("error"), page.Query("state"), page.Query("iss")));
    }

    [Fact]
    public async Task A_code_works_once_and_its_second_use_ends_what_the_first_got()
    {
        var client = await identity.ClientAsync();
        var code = await identity.CodeAsync(client, await identity.BrowserAsync(client, await identity.PersonAsync()));
        var tokens = Tokens.From(await identity.ExchangeAsync(client, code));
        RefreshTests.AssertError(await identity.ExchangeAsync(client, code), "invalid_grant");
        RefreshTests.AssertError(await identity.RefreshAsync(tokens.Refresh, client.Id), "invalid_grant");
    }

    [Fact]
    public async Task Of_ten_exchanges_of_a_code_at_once_at_most_one_gets_tokens()
    {
        var client = await identity.ClientAsync();
        var code = await identity.CodeAsync(client, await identity.BrowserAsync(client, await identity.PersonAsync()));
        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => identity.ExchangeAsync(client, code)));
        Assert.Single(answers, static answer => answer.Status == HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_code_is_bound_to_its_client_redirect_URI_verifier_and_minute()
    {
        var client = await identity.ClientAsync();
        var cookie = await identity.BrowserAsync(client, await identity.PersonAsync());
        RefreshTests.AssertError(await identity.ExchangeAsync(await identity.ClientAsync(), await identity.CodeAsync(client, cookie)), "invalid_grant");
        RefreshTests.AssertError(await identity.ExchangeAsync(client, await identity.CodeAsync(client, cookie), redirect: Redirect + "/"), "invalid_grant");
        RefreshTests.AssertError(await identity.ExchangeAsync(client, await identity.CodeAsync(client, cookie), verifier: Verifier + "x"), "invalid_grant");
        RefreshTests.AssertError(await identity.ExchangeAsync(client, await identity.CodeAsync(client, cookie), verifier: Challenge), "invalid_grant");
        RefreshTests.AssertError(await identity.ExchangeAsync(client, await identity.CodeAsync(client, cookie), verifier: null), "invalid_request");

        var late = await identity.CodeAsync(client, cookie);
        identity.Host.Time.Advance(AuthorizationCode.Length + TimeSpan.FromSeconds(1));
        RefreshTests.AssertError(await identity.ExchangeAsync(client, late), "invalid_grant");
    }

    [Fact]
    public async Task A_wrong_verifier_uses_the_code_up()
    {
        var client = await identity.ClientAsync();
        var code = await identity.CodeAsync(client, await identity.BrowserAsync(client, await identity.PersonAsync()));
        RefreshTests.AssertError(await identity.ExchangeAsync(client, code, verifier: new string('x', 43)), "invalid_grant");
        RefreshTests.AssertError(await identity.ExchangeAsync(client, code), "invalid_grant");
    }

    [Fact]
    public async Task A_permission_in_the_scope_limits_the_token_to_it()
    {
        var person = await identity.AdminAsync();
        var limited = await identity.ClientAsync(permissions: ["log:read"]);
        var cookie = await identity.BrowserAsync(limited, person);
        var tokens = Tokens.From(await identity.ExchangeAsync(limited, await identity.CodeAsync(limited, cookie)));
        Assert.Equal(["log:read"], Read(tokens.Access).GetProperty("entitlements").EnumerateArray().Select(static value => value.GetString()));

        var wide = await identity.ClientAsync();
        tokens = Tokens.From(await identity.ExchangeAsync(wide, await identity.CodeAsync(wide, cookie, ("scope", "openid log:manage"))));
        Assert.Equal(["log:manage"], Read(tokens.Access).GetProperty("entitlements").EnumerateArray().Select(static value => value.GetString()));
    }
}
