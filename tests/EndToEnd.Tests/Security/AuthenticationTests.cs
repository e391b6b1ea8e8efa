namespace ModularMonolith.EndToEnd.Tests.Security;

/// <summary>API2:2023, broken authentication. Forged tokens are in <see cref="TokenAttackTests"/>, what answers and times tell in <see cref="SignInOracleTests"/>, limits in Identity.Tests.</summary>
[Collection(SecurityHosts.Name)]
public sealed class AuthenticationTests(SecurityHost host)
{
    private const string Closed = "/api/ordering/orders";

    [Fact]
    public async Task Credentials_count_in_the_header_and_nowhere_else()
    {
        var token = await TokenAsync();
        using var anonymous = host.Callers.Anonymous();
        (await anonymous.GetAsync(Closed, ("Authorization", "Bearer " + token))).Expect(200);

        // In an address a token would stand in logs and histories, and in a cookie it would be sent by other sites' pages.
        // Written so that the log, which has the addresses of requests at this level, does not hold it as it is.
        var written = string.Concat(token.Select(static letter => $"%{(int)letter:x2}"));
        Assert.Matches("^HTTP/1.1 40[01] ", (await RawRequest.SendAsync(host.Running.Process.Address, $"GET {Closed}?access_token={written} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")).Answer);
        foreach (var header in new[] { "Cookie", "X-Access-Token", "X-Auth-Token", "X-Api-Key", "Proxy-Authorization", "X-Authorization" })
        {
            (await anonymous.GetAsync(Closed, (header, header == "Cookie" ? $"access_token={token}; __Host-identity={token}" : "Bearer " + token))).ExpectProblem(401, "unauthenticated");
        }
    }

    [Fact]
    public async Task Headers_that_say_who_one_is_are_not_believed()
    {
        using var anonymous = host.Callers.Anonymous();
        foreach (var header in new[] { "X-User", "X-User-Id", "X-Forwarded-User", "X-Remote-User", "Remote-User", "X-Subject", "X-Permissions", "X-MS-CLIENT-PRINCIPAL", "X-Original-User" })
        {
            (await anonymous.GetAsync(Closed, (header, "admin@example.com"))).ExpectProblem(401, "unauthenticated");
        }
    }

    [Fact]
    public async Task Two_credentials_are_none()
    {
        var token = await TokenAsync();
        using var anonymous = host.Callers.Anonymous();
        foreach (var value in new[] { $"Bearer {token}, Bearer {token}", $"Bearer {token} {token}", $"Basic {token}", $"ApiKey {token}", token })
        {
            (await anonymous.GetAsync(Closed, ("Authorization", value))).ExpectProblem(401, "invalid-credentials");
        }

        (await anonymous.GetAsync(Closed, ("Authorization", "Bearer " + token), ("Authorization", "Bearer " + token))).ExpectProblem(401, "invalid-credentials");
    }

    [Fact]
    public async Task A_session_that_was_signed_out_gives_no_more_tokens()
    {
        var (_, email) = await host.Callers.RegisterAsync();
        using var anonymous = host.Callers.Anonymous();
        var tokens = (await anonymous.PostAsync("/api/identity/sign-in", new { email, password = Callers.Password })).Expect(200);

        (await anonymous.PostAsync("/api/identity/sign-out", null, ("Authorization", "Bearer " + tokens["access_token"]))).Expect(204);

        using var form = new FormUrlEncodedContent([new("grant_type", "refresh_token"), new("refresh_token", tokens["refresh_token"]), new("client_id", "first-party")]);
        Assert.Equal("invalid_grant", (await anonymous.SendAsync(HttpMethod.Post, "/api/identity/oauth/token", form)).Expect(400)["error"]);
    }

    [Fact]
    public async Task What_cannot_be_undone_asks_for_the_password_again()
    {
        using var customer = await host.Callers.CustomerAsync();
        foreach (var (path, body) in new (string, object)[]
        {
            ("/account/delete", new { password = "not the right one" }),
            ("/account/email", new { newEmail = "thief@example.com", password = "not the right one" }),
            ("/account/password", new { currentPassword = "not the right one", newPassword = "another long password" }),
            ("/account/authenticator", new { password = "not the right one" }),
        })
        {
            var refused = await customer.PostAsync("/api/identity" + path, body);
            Assert.True(refused.Code is >= 400 and < 500, refused.ToString());
            Assert.True(refused.Code != 400 || !refused.Body.Contains("that the operation does not know", StringComparison.Ordinal), refused.ToString());
        }

        (await customer.GetAsync("/api/identity/account")).Expect(200);
    }

    private async Task<string> TokenAsync()
    {
        using var anonymous = host.Callers.Anonymous();
        return (await anonymous.PostAsync("/api/identity/sign-in", new { email = HostSettings.AdminEmail, password = HostSettings.AdminPassword })).Expect(200)["access_token"];
    }
}
