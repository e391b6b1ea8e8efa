namespace ModularMonolith.EndToEnd.Tests.Security;

/// <summary>API8:2023, security misconfiguration: what a host outside of Development is without anybody having thought of it. Headers, CORS and https are conventions 37 and 38.</summary>
[Collection(SecurityHosts.Name)]
public sealed class MisconfigurationTests(SecurityHost host, MisconfigurationTests.BareHost bare) : IClassFixture<MisconfigurationTests.BareHost>
{
    [Fact]
    public async Task Without_a_word_about_access_everything_is_closed_that_is_not_for_everybody()
    {
        foreach (var path in new[] { "/api/ordering/orders", "/api/inventory/stock", "/api/identity/accounts", "/api/log/subscriptions", "/api/catalog/exports/products.csv" })
        {
            (await bare.Api.GetAsync(path)).ExpectProblem(401, "unauthenticated");
        }

        (await bare.Api.GetAsync("/api/catalog/products")).Expect(200);
    }

    [Fact]
    public async Task There_are_no_default_credentials()
    {
        foreach (var (email, password) in new[]
        {
            ("admin@example.com", "admin"), ("admin@example.com", "password"), ("admin@example.com", HostSettings.AdminPassword), ("admin", "admin"), ("root@localhost", "root"), ("admin@example.com", string.Empty),
        })
        {
            (await bare.Api.PostAsync("/api/identity/sign-in", new { email, password })).ExpectProblem();
        }

        foreach (var credentials in new[] { "Basic YWRtaW46YWRtaW4=", "ApiKey admin.admin", "Bearer admin", "Test eyJTdWJqZWN0IjoiYWRtaW4ifQ==" })
        {
            (await bare.Api.GetAsync("/api/ordering/orders", ("Authorization", credentials))).ExpectProblem(401, "invalid-credentials");
        }

        Assert.DoesNotContain(bare.Output, static line => line.Contains("The first admin is", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("TRACE")]
    [InlineData("TRACK")]
    [InlineData("CONNECT")]
    [InlineData("DEBUG")]
    [InlineData("PROPFIND")]
    public async Task Methods_that_repeat_or_reveal_are_refused(string method)
    {
        var (answer, _) = await RawRequest.SendAsync(host.Running.Process.Address, $"{method} /api/catalog/products HTTP/1.1\r\nHost: x\r\nX-Echo: repeated-to-me\r\nConnection: close\r\n\r\n");
        Assert.Matches("^HTTP/1.1 (400|405|501) ", answer);
        Assert.DoesNotContain("repeated-to-me", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refusals_say_the_same_in_Development_and_outside_and_nothing_of_the_inside()
    {
        var unreadable = new[] { "{", "[]", "{\"lines\":7}", "{\"lines\":[{\"quantity\":\"x\"}]}", "\u0000" };
        foreach (var body in unreadable)
        {
            Assert.Equal((await host.Admin.PostAsync("/api/baskets", body)).ExpectProblem(400)["detail"], (await bare.Api.PostAsync("/api/baskets", body)).ExpectProblem(400)["detail"]);
        }

        Assert.Equal((await host.Admin.GetAsync("/api/catalog/products?limit=x")).ExpectProblem(400)["detail"], (await bare.Api.GetAsync("/api/catalog/products?limit=x")).ExpectProblem(400)["detail"]);
        Assert.Equal((await host.Admin.GetAsync("/api/nothing")).ExpectProblem(404)["detail"], (await bare.Api.GetAsync("/api/nothing")).ExpectProblem(404)["detail"]);
    }

    [Fact]
    public async Task The_name_by_which_a_host_was_called_goes_into_no_address_that_it_gives()
    {
        foreach (var path in new[] { "/api/catalog/products?limit=1", "/api/nothing", "/.well-known/openid-configuration", "/problems/not-found", "/" })
        {
            var answer = await host.Admin.GetAsync(path, ("Host", "attacker.example"), ("X-Forwarded-Host", "attacker.example"), ("X-Forwarded-Proto", "https"), ("Forwarded", "host=attacker.example;proto=https"));
            Assert.DoesNotContain("attacker.example", answer.Body, StringComparison.Ordinal);
            Assert.All(answer.Headers, header => Assert.DoesNotContain("attacker.example", header.Value, StringComparison.Ordinal));
        }

        var created = (await host.Admin.PostAsync("/api/baskets", new { }, ("Host", "attacker.example"), ("X-Forwarded-Host", "attacker.example"))).Expect(201);
        Assert.StartsWith("/api/baskets/", created.Header("Location"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_kind_of_answer_forbids_to_guess_its_type_and_to_be_framed()
    {
        foreach (var path in new[] { "/api/catalog/products", "/api/nothing", "/problems/not-found", "/health/live", "/openapi/v1.json", "/docs/index.html", "/.well-known/jwks.json", "/api/catalog/exports/products.csv" })
        {
            foreach (var api in new[] { host.Admin, bare.Api })
            {
                var answer = await api.GetAsync(path);
                Assert.Equal(("nosniff", "DENY"), (answer.Header("X-Content-Type-Options"), answer.Header("X-Frame-Options")));
                Assert.Contains("frame-ancestors 'none'", answer.Header("Content-Security-Policy"), StringComparison.Ordinal);
                Assert.DoesNotContain("unsafe-eval", answer.Header("Content-Security-Policy"), StringComparison.Ordinal);
                Assert.All(new[] { "Server", "X-Powered-By", "X-AspNet-Version" }, name => Assert.Empty(answer.Header(name)));
            }
        }
    }

    /// <summary>A host outside of Development that was told where its database is and what has to be said.</summary>
    public sealed class BareHost : IAsyncLifetime
    {
        private RunningHost? _running;
        private Api? _api;

        internal Api Api => _api!;

        internal IReadOnlyList<string> Output => _running!.Process.Output.Lines;

        public async Task InitializeAsync()
        {
            _running = await RunningHost.StartAsync(static settings => settings.With("DOTNET_ENVIRONMENT", "Production").With("Database__MigrateOnStart", "true").With("Http__RequireHttps", "false").With("RateLimits__SignIns", "1000")
                .Without("Identity__Admin__Email").Without("Identity__Admin__Password"));
            _api = _running.Callers.Anonymous();
        }

        public async Task DisposeAsync()
        {
            _api?.Dispose();
            if (_running is { } running)
            {
                await running.DisposeAsync();
            }
        }
    }
}
