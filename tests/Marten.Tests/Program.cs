using ModularMonolith.Marten.Tests.Daemon;
using Npgsql;

// A host of the daemon for a test, which says where the store is: it says that it runs, and lives until its input ends.
if (args is not ["daemon"] || DaemonProcess.Settings() is not ({ } connection, { } schema))
{
    await Console.Error.WriteLineAsync("Not for use outside the tests.");
    return 1;
}

await using var dataSource = NpgsqlDataSource.Create(connection);
using var host = DaemonProcess.BuildHost(dataSource, schema);
await host.StartAsync();
Console.WriteLine("started");
await Console.In.ReadToEndAsync();
await host.StopAsync();
return 0;
