using System.Globalization;

namespace ModularMonolith.EndToEnd.Tests.Conventions;

/// <summary>Conventions 30 to 32 and 37 to 39: what stands in front of a host, and how many requests it takes.</summary>
public sealed class FrontConventionTests(FrontConventionTests.BehindProxy host) : IClassFixture<FrontConventionTests.BehindProxy>
{
    private const int Requests = 5;
    private const int WindowSeconds = 2;

    private static readonly (string, string) Encrypted = ("X-Forwarded-Proto", "https");

    [Fact]
    public async Task Convention_30_answers_say_how_many_requests_are_left()
    {
        var first = (await GetAsync("198.51.100.1")).Expect(200);
        var second = (await GetAsync("198.51.100.1", "/api/nothing")).ExpectProblem(404);

        Assert.Equal($"\"default\";q={Requests};w={WindowSeconds}", first.Header("RateLimit-Policy"));
        Assert.Matches("^\"default\";r=[0-9]+$", first.Header("RateLimit"));
        Assert.Matches("^\"default\";r=[0-9]+$", second.Header("RateLimit"));
    }

    [Fact]
    public async Task Convention_31_who_sends_too_many_waits_and_is_served_again_and_nobody_else_waits()
    {
        var refused = await Eventually.Async(() => GetAsync("198.51.100.2"), answer => answer.Code == 429);

        refused.ExpectProblem(429, "too-many-requests");
        var wait = int.Parse(refused.Header("Retry-After"), CultureInfo.InvariantCulture);
        Assert.InRange(wait, 1, WindowSeconds);
        Assert.Matches($"^\"default\";r=0;t=[1-{WindowSeconds}]$", refused.Header("RateLimit"));
        (await GetAsync("198.51.100.3")).Expect(200);
        (await host.Api.GetAsync("/health/live")).Expect(200);
        await Eventually.Async(() => GetAsync("198.51.100.2"), answer => answer.Code == 200);
    }

    [Fact]
    public async Task Convention_31_addresses_of_one_network_of_ipv6_share_a_limit()
    {
        var number = 0;
        var refused = await Eventually.Async(() => GetAsync("2001:db8:1:2::" + (++number).ToString("x", CultureInfo.InvariantCulture)), answer => answer.Code == 429);

        refused.ExpectProblem(429);
        (await GetAsync("2001:db8:1:3::1")).Expect(200);
    }

    [Fact]
    public async Task Convention_31_credentials_cannot_be_tried_out_without_end() =>
        (await Eventually.Async(() => GetAsync("198.51.100.4", "/api/catalog/products", ("Authorization", "Bearer guess")), answer => answer.Code != 401)).ExpectProblem(429);

    [Fact]
    public async Task Convention_37_pages_of_named_origins_may_ask_and_no_others()
    {
        var allowed = await host.Api.SendAsync(
            HttpMethod.Options, "/api/catalog/products", null, Encrypted, ("Origin", "https://shop.example"), ("Access-Control-Request-Method", "POST"), ("Access-Control-Request-Headers", "if-match"));
        Assert.Equal("https://shop.example", allowed.Header("Access-Control-Allow-Origin"));
        Assert.Empty(allowed.Header("Access-Control-Allow-Credentials"));

        foreach (var origin in new[] { "https://evil.example", "https://shop.example.evil.example", "http://shop.example", "null" })
        {
            Assert.Empty((await GetAsync("198.51.100.5", "/problems/not-found", ("Origin", origin))).Header("Access-Control-Allow-Origin"));
        }
    }

    [Fact]
    public async Task Convention_38_what_comes_in_the_clear_is_refused_and_not_redirected()
    {
        var refused = (await host.Api.GetAsync("/api/catalog/products")).ExpectProblem(403, "https-required");
        Assert.Empty(refused.Header("Location"));
        (await host.Api.GetAsync("/health/live")).Expect(200);

        var served = (await GetAsync("198.51.100.6")).Expect(200);
        Assert.StartsWith("max-age=", served.Header("Strict-Transport-Security"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Conventions_38_and_39_in_production_plain_requests_are_refused_and_nobody_is_believed_to_be_a_proxy()
    {
        await using var production = await RunningHost.StartAsync(static settings => settings.With("DOTNET_ENVIRONMENT", "Production").With("Database__MigrateOnStart", "true"));
        using var anonymous = production.Callers.Anonymous();

        (await anonymous.GetAsync("/api/catalog/products")).ExpectProblem(403, "https-required");
        (await anonymous.GetAsync("/api/catalog/products", Encrypted, ("X-Forwarded-For", "198.51.100.7"))).ExpectProblem(403, "https-required");
    }

    private Task<Answer> GetAsync(string address, string path = "/api/catalog/products", params (string, string)[] headers) =>
        host.Api.GetAsync(path, [Encrypted, ("X-Forwarded-For", address), .. headers]);

    /// <summary>A host behind a proxy that it knows: the test.</summary>
    public sealed class BehindProxy : IAsyncLifetime
    {
        private RunningHost? _running;

        internal Api Api => _running!.Callers.Anonymous();

        public async Task InitializeAsync() => _running = await RunningHost.StartAsync(static settings => settings
            .With("Http__RequireHttps", "true")
            .With("Http__KnownProxies", "127.0.0.0/8, ::1")
            .With("Http__CorsOrigins", "https://shop.example")
            .With("RateLimits__Requests", Requests.ToString(CultureInfo.InvariantCulture))
            .With("RateLimits__WindowSeconds", WindowSeconds.ToString(CultureInfo.InvariantCulture)));

        public async Task DisposeAsync()
        {
            if (_running is { } running)
            {
                await running.DisposeAsync();
            }
        }
    }
}
