namespace ModularMonolith.EndToEnd.Tests.Harness;

/// <summary>One host for the tests of one class.</summary>
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
