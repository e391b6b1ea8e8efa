namespace ModularMonolith.EndToEnd.Tests.Harness;

/// <summary>The one host that the tests share which neither stop nor configure it; each test makes what it needs under names of its own.</summary>
public sealed class SharedHost : IAsyncLifetime
{
    private RunningHost? _running;

    internal Api Api => _running!.Api;

    internal RunningHost Running => _running!;

    public async Task InitializeAsync() => _running = await RunningHost.StartAsync();

    public async Task DisposeAsync()
    {
        if (_running is { } running)
        {
            await running.DisposeAsync();
        }
    }
}

/// <summary>The tests of the shared host.</summary>
[CollectionDefinition(Name)]
public sealed class SharedHostTests : ICollectionFixture<SharedHost>
{
    public const string Name = "shared host";
}
