using ModularMonolith.Postgres.Testing;

namespace ModularMonolith.EndToEnd.Tests.Harness;

/// <summary>A host on an empty database of the tests' server, with a client.</summary>
internal sealed class RunningHost : IAsyncDisposable
{
    private readonly TestDatabase _database;

    private RunningHost(TestDatabase database, HostProcess process)
    {
        _database = database;
        Process = process;
        Api = process.Callers.Admin();
    }

    public HostProcess Process { get; }

    /// <summary>Signed in as the admin.</summary>
    public Api Api { get; }

    /// <summary>Others.</summary>
    public Callers Callers => Process.Callers;

    public string ConnectionString => _database.ConnectionString;

    public static async Task<RunningHost> StartAsync(Func<HostSettings, HostSettings>? configure = null)
    {
        var server = await TestServer.SharedAsync();
        var database = await server.CreateDatabaseAsync();
        try
        {
            var settings = HostSettings.On(database.ConnectionString);
            return new RunningHost(database, await HostProcess.StartAsync(configure is null ? settings : configure(settings)));
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        Api.Dispose();
        await Process.DisposeAsync();
        await _database.DisposeAsync();
    }
}
