using System.Net;
using ModularMonolith.Identity.Clients;
using ModularMonolith.Platform.Testing;
using static ModularMonolith.Identity.Tests.TokenCalls;

namespace ModularMonolith.Identity.Tests;

public sealed class ClientTests(IdentityHost identity) : IClassFixture<IdentityHost>
{
    [Fact]
    public async Task A_service_account_gets_a_token_for_its_roles_and_no_refresh_token()
    {
        var role = "watcher-" + Guid.NewGuid().ToString("N")[..8];
        (await identity.PostAsync("/roles", new { name = role, permissions = new[] { "log:read" } }, TestCredentials.Of("00000000-0000-7000-8000-000000000001", "identity:manage", "log:read"))).Expect(HttpStatusCode.Created);
        var client = await identity.ClientAsync(isConfidential: true, grants: [Grants.ClientCredentials], roles: [role]);
        var answer = (await TokenAsync(Basic(client))).Expect(HttpStatusCode.OK).Json;
        Assert.False(answer.TryGetProperty("refresh_token", out _));
        var payload = Read(answer.GetProperty("access_token").GetString()!);
        Assert.Equal("client:" + client.Id, payload.GetProperty("sub").GetString());
        Assert.Contains("log:read", payload.GetProperty("entitlements").EnumerateArray().Select(static value => value.GetString()));

        (await identity.FormAsync("/oauth/token", null, ("grant_type", "client_credentials"), ("client_id", client.Id), ("client_secret", client.Secret))).Expect(HttpStatusCode.OK);
        RefreshTests.AssertError(await TokenAsync(Basic(client), "identity:manage"), "invalid_scope");
    }

    [Fact]
    public async Task A_client_that_does_not_prove_who_it_is_gets_nothing()
    {
        var client = await identity.ClientAsync(isConfidential: true, grants: [Grants.ClientCredentials]);
        RefreshTests.AssertError(await TokenAsync(Basic(client with { Secret = "wrong" })), "invalid_client", HttpStatusCode.Unauthorized);
        RefreshTests.AssertError(await TokenAsync(Basic(new RegisteredClient("unknown", "x"))), "invalid_client", HttpStatusCode.Unauthorized);
        RefreshTests.AssertError(await TokenAsync(new("Basic", "no base64")), "invalid_client", HttpStatusCode.Unauthorized);
        RefreshTests.AssertError(await TokenAsync(Bearer("x")), "invalid_client", HttpStatusCode.Unauthorized);
        RefreshTests.AssertError(await TokenAsync(null), "invalid_client", HttpStatusCode.Unauthorized);
        RefreshTests.AssertError(await identity.FormAsync("/oauth/token", null, ("grant_type", "client_credentials"), ("client_id", client.Id)), "invalid_client", HttpStatusCode.Unauthorized);
        RefreshTests.AssertError(await identity.FormAsync("/oauth/token", Basic(client), ("grant_type", "client_credentials"), ("client_secret", client.Secret)), "invalid_request");
    }

    [Fact]
    public async Task A_client_may_only_what_it_was_registered_for()
    {
        var client = await identity.ClientAsync(isConfidential: true, grants: [Grants.ClientCredentials]);
        RefreshTests.AssertError(await identity.FormAsync("/oauth/token", Basic(client), ("grant_type", "refresh_token"), ("refresh_token", "x")), "unauthorized_client");
        RefreshTests.AssertError(await identity.FormAsync("/oauth/token", Basic(client), ("grant_type", "password")), "unsupported_grant_type");
        RefreshTests.AssertError(await identity.FormAsync("/oauth/token", Basic(client)), "invalid_request");
        RefreshTests.AssertError(await identity.FormAsync("/oauth/token", Basic(client), ("grant_type", "client_credentials"), ("grant_type", "client_credentials")), "invalid_request");
        (await identity.PostAsync("/oauth/token", new { grant_type = "client_credentials" })).Problem(HttpStatusCode.UnsupportedMediaType, "unsupported-media-type");
    }

    [Fact]
    public async Task A_new_secret_replaces_the_old_one_and_a_removed_client_gets_nothing()
    {
        var admin = TestCredentials.Of(Guid.NewGuid().ToString(), "identity:manage");
        var client = await identity.ClientAsync(isConfidential: true, grants: [Grants.ClientCredentials]);
        var renewed = client with { Secret = (await identity.PostAsync($"/clients/{client.Id}/secret", null, admin)).Expect(HttpStatusCode.OK).Json.GetProperty("secret").GetString() };
        RefreshTests.AssertError(await TokenAsync(Basic(client)), "invalid_client", HttpStatusCode.Unauthorized);
        (await TokenAsync(Basic(renewed))).Expect(HttpStatusCode.OK);
        (await identity.SendAsync(HttpMethod.Delete, "/clients/" + client.Id, null, admin)).Expect(HttpStatusCode.NoContent);
        RefreshTests.AssertError(await TokenAsync(Basic(renewed)), "invalid_client", HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Nobody_makes_or_takes_over_a_service_account_that_may_more_than_they_do()
    {
        var manager = TestCredentials.Of(Guid.NewGuid().ToString(), "identity:manage");
        (await identity.PostAsync("/clients", new { name = "x", isConfidential = true, grants = (string[])[Grants.ClientCredentials], roles = (string[])["admin"] }, manager))
            .Problem(HttpStatusCode.Forbidden, "forbidden");
        var strong = await identity.ClientAsync(isConfidential: true, grants: [Grants.ClientCredentials], roles: ["admin"]);
        (await identity.PostAsync($"/clients/{strong.Id}/secret", null, manager)).Problem(HttpStatusCode.Forbidden, "forbidden");
        (await identity.PostAsync("/clients", new { name = "x", isConfidential = false, grants = (string[])[] }, TestCredentials.Of("ann"))).Problem(HttpStatusCode.Forbidden, "forbidden");
    }

    [Theory]
    [InlineData("javascript:alert(1)")]
    [InlineData("data:text/html,x")]
    [InlineData("http://client.example/callback")]
    [InlineData("https://client.example/callback#x")]
    [InlineData("https://*.client.example/")]
    [InlineData("https://user@client.example/")]
    [InlineData("/callback")]
    public async Task A_redirect_URI_that_could_lead_astray_is_not_registered(string redirect) =>
        (await identity.PostAsync(
            "/clients", new { name = "x", isConfidential = false, grants = (string[])[Grants.AuthorizationCode], redirectUris = (string[])[redirect] },
            TestCredentials.Of(Guid.NewGuid().ToString(), "identity:manage"))).Problem(HttpStatusCode.BadRequest, "validation");

    private Task<Answer> TokenAsync(System.Net.Http.Headers.AuthenticationHeaderValue? credentials, string? scope = null) =>
        identity.FormAsync("/oauth/token", credentials, ("grant_type", "client_credentials"), ("scope", scope));
}
