namespace ModularMonolith.EndToEnd.Tests.Security;

/// <summary>
/// No host writes secrets. The whole output of every host of the test run is searched when it is disposed of, by <see cref="Secrets"/>; here it is shown that the search finds something, and that there
/// was something to find on the most talkative host.
/// </summary>
[Collection(SecurityHosts.Name)]
public sealed class SecretLogTests(SecurityHost host)
{
    private const string Jwt = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhbm4ifQ.c2lnbmF0dXJlLXNpZ25hdHVyZS1zaWduYXR1cmU";

    [Theory]
    [InlineData("info: request with Bearer abcdefghijklmnopqrstuvwx")]
    [InlineData("      authorization: Basic YWRtaW46YWRtaW4tcGFzc3dvcmQ=")]
    [InlineData("warn: key ApiKey 0199c00000007000.abcdefghijklmnop")]
    [InlineData("fail: could not connect with Host=db;Username=shop;Password=hunter2-hunter2;Database=shop")]
    [InlineData("dbug: body {\"email\":\"a@b.example\",\"password\":\"x\"}")]
    [InlineData("dbug: token " + Jwt)]
    [InlineData("info: The first admin is a@b.example with the password hunter2-hunter2 (shown once, in Development only). And Password=hunter2")]
    public void A_line_with_something_of_the_form_of_a_secret_is_found(string line)
    {
        var found = Assert.Single(new Secrets().FindIn(["info: before", line, "info: after"]));
        Assert.Contains("[…]", found, StringComparison.Ordinal);
        Assert.DoesNotContain("before", found, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_clients_send_and_receive_is_known_and_found_wherever_it_stands()
    {
        var secrets = new Secrets();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/x?code=the-c0de-of-an-address")
        {
            Content = new StringContent("""{"email":"a@b.example","password":"correct horse battery"}""", System.Text.Encoding.UTF8, "application/json"),
            Headers = { { "Authorization", "ApiKey 0199c000.the-secret-of-a-machine-key" }, { "Cookie", "__Host-identity=the-value-of-a-cookie" } },
        };
        await secrets.AddRequestAsync(request);
        secrets.AddAnswer(new Answer("GET /", System.Net.HttpStatusCode.OK, new Dictionary<string, string> { ["Content-Type"] = "application/json", ["Location"] = "https://client.example/?code=the-c0de-of-a-redirect&state=1" },
            """{"access_token":"opaque-access-token","nested":[{"recoveryCodes":["first-recovery-code"]}],"code":"insufficient-funds","title":"an innocent title"}"""));
        secrets.AddSetting("ConnectionStrings__Default", "Host=db;Password=the-databases-own;Database=shop");
        secrets.AddSetting("Identity__EncryptionKey", "b25seSBmb3IgdGVzdHM=");

        foreach (var secret in new[]
        {
            "correct horse battery", "the-c0de-of-an-address", "0199c000.the-secret-of-a-machine-key", "the-secret-of-a-machine-key", "the-value-of-a-cookie", "opaque-access-token", "first-recovery-code", "the-c0de-of-a-redirect", "the-databases-own", "b25seSBmb3IgdGVzdHM=",
        })
        {
            Assert.NotEmpty(secrets.FindIn(["info: something", $"      with {secret} in it", "more"]));
        }

        Assert.Empty(secrets.FindIn(["info: an innocent title of a@b.example with insufficient-funds"]));
    }

    [Fact]
    public void What_Development_shows_on_the_console_is_no_finding_there_and_one_anywhere_else()
    {
        var secrets = new Secrets();
        secrets.Add("the-token-of-a-mail", "a token");
        const string Shown = "Mail VerifyEmail (0199c000-0000-7000-8000-000000000000), shown in Development only. Token: the-token-of-a-mail";

        Assert.Empty(secrets.FindIn([Shown]));
        Assert.Empty(secrets.FindIn(["The first admin is a@b.example with the password the-token-of-a-mail (shown once, in Development only)."]));
        Assert.Single(secrets.FindIn(["info: " + Shown]));
        Assert.Single(secrets.FindIn([Shown, "info: got the-token-of-a-mail"]));
    }

    [Fact]
    public async Task Passwords_codes_and_tokens_that_are_refused_are_not_written_either()
    {
        using var anonymous = host.Callers.Anonymous();
        var marks = Enumerable.Range(0, 6).Select(static _ => "refused-secret-" + Guid.NewGuid().ToString("N")).ToArray();
        await anonymous.PostAsync("/api/identity/sign-in", new { email = HostSettings.AdminEmail, password = marks[0] });
        await anonymous.PostAsync("/api/identity/password-resets/complete", new { token = marks[1], newPassword = marks[2] });
        await anonymous.GetAsync("/api/ordering/orders", ("Authorization", "Bearer " + marks[3]));
        await anonymous.GetAsync("/api/ordering/orders", ("Authorization", "ApiKey 0199c000." + marks[4]));
        using var form = new FormUrlEncodedContent([new("grant_type", "refresh_token"), new("refresh_token", marks[5]), new("client_id", "first-party")]);
        await anonymous.SendAsync(HttpMethod.Post, "/api/identity/oauth/token", form);

        var found = (await WrittenAsync()).Where(line => marks.Any(mark => line.Contains(mark, StringComparison.Ordinal)));
        Assert.Empty(found);
    }

    [Fact]
    public async Task The_host_that_is_searched_writes_the_most_that_it_can()
    {
        var output = await WrittenAsync();
        Assert.Contains(output, static line => line.Contains("dbug: ", StringComparison.Ordinal));
        Assert.Contains(output, static line => line.Contains("dbug: Npgsql", StringComparison.Ordinal));
        Assert.Contains(output, static line => line.Contains("dbug: Microsoft.AspNetCore", StringComparison.Ordinal));
        Assert.Empty(Secrets.OfRun.FindIn(output));
    }

    // The log is written beside the requests; what was asked for last comes out last.
    private async Task<IReadOnlyList<string>> WrittenAsync()
    {
        var mark = "mark-" + Guid.NewGuid().ToString("N");
        await host.Admin.GetAsync("/api/nothing/" + mark);
        return await host.Running.Process.Output.UntilAsync(line => line.Contains(mark, StringComparison.Ordinal));
    }
}
