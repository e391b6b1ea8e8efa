using Microsoft.Extensions.Logging.Abstractions;
using ModularMonolith.Postgres;
using ModularMonolith.Postgres.Testing;

// A host process for tests: starts a server, prints its port and folder, and lives until its input ends.
switch (args)
{
    case ["host", var folder]:
        await using (var server = await StartAsync(folder))
            await AnnounceAndWaitAsync(server);
        return 0;
    case ["host-that-forgets-to-stop", var folder]:
        await AnnounceAndWaitAsync(await StartAsync(folder));
        return 0;
    case ["test-process"]:
        await AnnounceAndWaitAsync((await TestServer.SharedAsync()).Server);
        return 0;
    default:
        await Console.Error.WriteLineAsync("Not for use outside the tests.");
        return 1;
}

static Task<PostgresServer> StartAsync(string folder) =>
    PostgresServer.StartAsync(new PostgresServerOptions { DataFolder = folder, Durable = false }, NullLogger.Instance);

static async Task AnnounceAndWaitAsync(PostgresServer server)
{
    Console.WriteLine($"{server.Port} {server.DataFolder}");
    await Console.In.ReadToEndAsync();
}
