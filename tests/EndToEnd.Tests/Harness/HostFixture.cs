namespace ModularMonolith.EndToEnd.Tests.Harness;

/// <summary>One host with the settings of all tests, for the tests of one class or collection.</summary>
public sealed class HostFixture : IAsyncLifetime
{
    private RunningHost? _running;

    internal RunningHost Running => _running!;

    internal Api Api => Running.Api;

    internal Callers Callers => Running.Callers;

    internal Shop Shop => new(Api);

    public async Task InitializeAsync() => _running = await RunningHost.StartAsync();

    public async Task DisposeAsync()
    {
        if (_running is { } running)
        {
            await running.DisposeAsync();
        }
    }
}

/// <summary>The classes that share one host, because none of them changes what another one looks at.</summary>
[CollectionDefinition(Name)]
public sealed class PlainHosts : ICollectionFixture<HostFixture>
{
    public const string Name = "plain";
}
