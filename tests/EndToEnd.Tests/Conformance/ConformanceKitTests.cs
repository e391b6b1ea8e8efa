using ModularMonolith.Conformance.Checking;

namespace ModularMonolith.EndToEnd.Tests.Conformance;

/// <summary>The checks that clients and operators can run against any host: they find nothing at ours, and everything at one that keeps no convention.</summary>
public sealed class ConformanceKitTests(ConformanceKitTests.LimitedHost host) : IClassFixture<ConformanceKitTests.LimitedHost>
{
    // What requests alone cannot show, or not at an address without TLS and without deprecated operations.
    private static readonly int[] NotFromOutside = [15, 34, 38, 39, 43];

    [Fact]
    public async Task The_host_keeps_every_convention_that_can_be_seen_from_outside()
    {
        var (results, note) = await RunAsync(new ConformanceSettings(host.Running.Process.Address, await host.KeyAsync()));

        Assert.Equal(Enumerable.Range(1, 44), results.Select(static result => result.Number).Order());
        AssertNone(results, CheckOutcome.Failed);
        Assert.Equal([.. NotFromOutside, 33], results.Where(static result => result.Outcome == CheckOutcome.NotShown).Select(static result => result.Number).Order().ToHashSet());
        Assert.Contains("are archived now", note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_shop_that_keeps_no_convention_is_told_each_of_them()
    {
        await using var shop = await BadShop.StartAsync();

        var (results, _) = await RunAsync(new ConformanceSettings(shop.Address, "Bearer anything"));

        AssertNone(results, CheckOutcome.Passed);
        Assert.Equal(NotFromOutside, results.Where(static result => result.Outcome == CheckOutcome.NotShown).Select(static result => result.Number).Order());
        Assert.All(results.Where(static result => result.Outcome == CheckOutcome.Failed), static result => Assert.Contains("expected", result.Sentence, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_reading_run_only_reads()
    {
        await using var shop = await BadShop.StartAsync();

        var (results, note) = await RunAsync(new ConformanceSettings(shop.Address, "Bearer anything", ReadOnly: true));

        Assert.Subset(new HashSet<string> { "GET", "HEAD", "OPTIONS" }, shop.Methods.ToHashSet());
        Assert.Contains(results, static result => result is { Number: 10, Outcome: CheckOutcome.NotShown });
        Assert.Contains(results, static result => result is { Number: 1, Outcome: CheckOutcome.Failed });
        Assert.StartsWith("Nothing was written.", note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_credentials_what_needs_them_is_not_shown_and_nothing_fails()
    {
        var (results, _) = await RunAsync(new ConformanceSettings(host.Running.Process.Address));

        AssertNone(results, CheckOutcome.Failed);
        Assert.Contains(results, static result => result is { Number: 6, Outcome: CheckOutcome.NotShown } && result.Sentence.Contains("--token", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_run_has_an_end()
    {
        await using var shop = await BadShop.StartAsync();

        var (results, _) = await RunAsync(new ConformanceSettings(shop.Address, "Bearer anything") { MaximumRequests = 10 });

        Assert.Equal(44, results.Count);
        Assert.Contains(results, static result => result.Sentence.Contains("has sent its 10 requests", StringComparison.Ordinal));
        Assert.InRange(shop.Methods.Count, 1, 11);
    }

    [Fact]
    public async Task An_address_without_a_description_is_no_API()
    {
        var refused = await Assert.ThrowsAsync<ConformanceException>(() => RunAsync(new ConformanceSettings(new Uri($"http://127.0.0.2:{host.Running.Process.Address.Port}"))));
        Assert.Contains("/openapi/v1.json", refused.Message, StringComparison.Ordinal);
    }

    private static async Task<(IReadOnlyList<CheckResult> Results, string Note)> RunAsync(ConformanceSettings settings)
    {
        var (results, note) = (new List<CheckResult>(), string.Empty);
        await foreach (var result in ConformanceKit.RunAsync(settings, sentence => note = sentence, CancellationToken.None))
        {
            results.Add(result);
        }

        return (results, note);
    }

    private static void AssertNone(IEnumerable<CheckResult> results, CheckOutcome outcome)
    {
        var those = results.Where(result => result.Outcome == outcome).Select(static result => $"{result.Number} {result.Title}: {result.Sentence}").ToList();
        Assert.True(those.Count == 0, string.Join('\n', those));
    }

    /// <summary>A host whose limit a run reaches, and has to wait for.</summary>
    public sealed class LimitedHost : IAsyncLifetime
    {
        private RunningHost? _running;

        internal RunningHost Running => _running!;

        /// <summary>The <c>Authorization</c> header of a machine that may do what the checks do.</summary>
        public async Task<string> KeyAsync() => (await Running.Api.PostAsync(
            "/api/identity/api-keys", new { name = "Conformance", permissions = (string[])["catalog:read", "catalog:write", "inventory:read", "inventory:write"], days = 1 })).Expect(201)["authorization"];

        public async Task InitializeAsync() => _running = await RunningHost.StartAsync(static settings => settings.With("RateLimits__Requests", "60").With("RateLimits__SignIns", "30").With("RateLimits__WindowSeconds", "2"));

        public async Task DisposeAsync()
        {
            if (_running is { } running)
            {
                await running.DisposeAsync();
            }
        }
    }
}
