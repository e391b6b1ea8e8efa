using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.WebUtilities;
using ModularMonolith.Identity.Accounts;
using ModularMonolith.Identity.Clients;
using ModularMonolith.Platform.Testing;

namespace ModularMonolith.Identity.Tests;

/// <summary>What clients send to get tokens.</summary>
internal static class TokenCalls
{
    public const string Redirect = "https://client.example/callback";
    public const string Verifier = "a-verifier-of-a-test-that-is-long-enough-0123456789";

    public static string Challenge { get; } = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)));

    public static AuthenticationHeaderValue Bearer(string token) => new("Bearer", token);

    public static AuthenticationHeaderValue Basic(RegisteredClient client) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{client.Id}:{client.Secret}")));

    /// <summary>What a token says, unchecked.</summary>
    public static JsonElement Read(string token, int part = 1) => JsonDocument.Parse(Base64Url.DecodeFromChars(token.Split('.')[part])).RootElement;

    public static async Task<RegisteredClient> ClientAsync(this IdentityHost identity, bool isConfidential = false, string[]? grants = null, string[]? roles = null, string[]? permissions = null)
    {
        var answer = (await identity.PostAsync(
            "/clients",
            new
            {
                name = "A <client>",
                isConfidential,
                grants = grants ?? [Grants.AuthorizationCode, Grants.RefreshToken],
                redirectUris = (string[])[Redirect],
                scopes = Scopes.OfProtocol,
                permissions = permissions ?? ["*"],
                roles = roles ?? [],
            },
            TestCredentials.Of(Guid.NewGuid().ToString(), "identity:manage", "log:read", "log:manage", "audit:read"))).Expect(HttpStatusCode.Created).Json;
        return new RegisteredClient(answer.GetProperty("client").GetProperty("id").GetString()!, answer.GetProperty("secret").GetString());
    }

    public static async Task<Person> AdminAsync(this IdentityHost identity)
    {
        var person = await identity.PersonAsync();
        await using var session = identity.Store.LightweightSession();
        var account = await session.LoadAsync<Account>(person.Id);
        account!.Roles.Add("admin");
        session.Update(account);
        await session.SaveChangesAsync();
        return person;
    }

    public static async Task<Tokens> SignInAsync(this IdentityHost identity, Person person) =>
        Tokens.From((await identity.PostAsync("/sign-in", new { email = person.Email, password = person.Password })).Expect(HttpStatusCode.OK));

    public static async Task<Answer> FormAsync(this IdentityHost identity, string path, AuthenticationHeaderValue? credentials, params (string Name, string? Value)[] form)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, IdentityHost.Base + path) { Headers = { Authorization = credentials } };
        request.Content = new FormUrlEncodedContent(form.Where(static pair => pair.Value is not null).Select(static pair => KeyValuePair.Create(pair.Name, pair.Value!)));
        using var response = await identity.Host.Client.SendAsync(request);
        return new Answer(response.StatusCode, await response.Content.ReadAsStringAsync(), null);
    }

    public static Task<Answer> RefreshAsync(this IdentityHost identity, string token, string client = "first-party") =>
        identity.FormAsync("/oauth/token", null, ("grant_type", "refresh_token"), ("refresh_token", token), ("client_id", client));

    public static Task<Answer> ExchangeAsync(this IdentityHost identity, RegisteredClient client, string code, string? verifier = Verifier, string redirect = Redirect) =>
        identity.FormAsync("/oauth/token", client.Secret is null ? null : Basic(client), ("grant_type", "authorization_code"), ("code", code), ("redirect_uri", redirect),
            ("code_verifier", verifier), ("client_id", client.Secret is null ? client.Id : null));

    public static string AuthorizeQuery(RegisteredClient client, params (string Name, string? Value)[] changes)
    {
        var query = new Dictionary<string, string?>
        {
            ["response_type"] = "code",
            ["client_id"] = client.Id,
            ["redirect_uri"] = Redirect,
            ["scope"] = "openid email",
            ["state"] = "the state",
            ["nonce"] = "the nonce",
            ["code_challenge"] = Challenge,
            ["code_challenge_method"] = "S256",
        };
        foreach (var (name, value) in changes)
        {
            query[name] = value;
        }

        return QueryHelpers.AddQueryString(string.Empty, query.Where(static pair => pair.Value is not null));
    }

    /// <summary>Where the authorization endpoint sends a browser, and what it shows.</summary>
    public static async Task<Page> BrowseAsync(this IdentityHost identity, string query, string? cookie = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, IdentityHost.Base + "/oauth/authorize" + query);
        return await ShowAsync(identity, request, cookie);
    }

    /// <summary>Fills in the form of a page.</summary>
    public static async Task<Page> SubmitAsync(this IdentityHost identity, Page page, Person person, string? password = null, string? antiforgery = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, IdentityHost.Base + "/oauth/sign-in")
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["antiforgery"] = antiforgery ?? page.Hidden("antiforgery"),
                ["query"] = page.Hidden("query"),
                ["email"] = person.Email,
                ["password"] = password ?? person.Password,
                ["code"] = string.Empty,
            }),
        };
        return await ShowAsync(identity, request, page.Cookie);
    }

    /// <summary>A cookie of somebody who is signed in at the page.</summary>
    public static async Task<string> BrowserAsync(this IdentityHost identity, RegisteredClient client, Person person)
    {
        var page = await identity.SubmitAsync(await identity.BrowseAsync(AuthorizeQuery(client)), person);
        Assert.Equal(HttpStatusCode.SeeOther, page.Status);
        return page.Cookie!;
    }

    public static async Task<string> CodeAsync(this IdentityHost identity, RegisteredClient client, string cookie, params (string Name, string? Value)[] changes) =>
        (await identity.BrowseAsync(AuthorizeQuery(client, changes), cookie)).Query("code")!;

    private static async Task<Page> ShowAsync(IdentityHost identity, HttpRequestMessage request, string? cookie)
    {
        if (cookie is not null)
        {
            request.Headers.Add("Cookie", cookie);
        }

        using var response = await identity.Host.Client.SendAsync(request);
        var set = response.Headers.TryGetValues("Set-Cookie", out var cookies) ? string.Join("; ", cookies.Select(static text => text.Split(';')[0])) : null;
        return new Page(response.StatusCode, response.Headers.Location?.OriginalString, await response.Content.ReadAsStringAsync(), set,
            response.Headers.TryGetValues("Content-Security-Policy", out var policy) ? string.Join(' ', policy) : null, cookies is null ? string.Empty : string.Join('\n', cookies));
    }

    internal sealed record Page(HttpStatusCode Status, string? Location, string Text, string? Cookie, string? Policy, string SetCookies)
    {
        public string? Query(string name) => QueryHelpers.ParseQuery(new Uri(new Uri("https://shop.example"), Location).Query).TryGetValue(name, out var value) ? value.ToString() : null;

        public string Hidden(string name) => WebUtility.HtmlDecode(Regex.Match(Text, $"name=\"{name}\" value=\"([^\"]*)\"").Groups[1].Value);
    }
}

internal sealed record RegisteredClient(string Id, string? Secret);

internal sealed record Tokens(string Access, string Refresh, string? Id)
{
    public static Tokens From(Answer answer) => new(
        answer.Expect(HttpStatusCode.OK).Json.GetProperty("access_token").GetString()!, answer.Json.GetProperty("refresh_token").GetString()!,
        answer.Json.TryGetProperty("id_token", out var id) ? id.GetString() : null);
}
