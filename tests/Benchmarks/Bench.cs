using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Microsoft.Extensions.Logging.Abstractions;
using ModularMonolith.Benchmarks.Load;
using ModularMonolith.Benchmarks.Servers;
using ModularMonolith.Postgres;
using Npgsql;

namespace ModularMonolith.Benchmarks;

/// <summary>Measures the host beside a hand-written equivalent: same data, same PostgreSQL, same generator, in turns.</summary>
internal static class Bench
{
    private const string Database = "bench";
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan DrainDeadline = TimeSpan.FromMinutes(2);

    private static readonly string HostFolder = typeof(Bench).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(metadata => metadata.Key == "HostFolder").Value!;

    public static async Task<int> RunAsync(Settings settings)
    {
        // Directly in the temporary folder, through which the account that PostgreSQL runs as can pass.
        var folder = Path.Combine(Path.GetTempPath(), "modular-monolith-bench-" + Guid.NewGuid().ToString("N"));
        try
        {
            await using var postgres = await PostgresServer.StartAsync(new PostgresServerOptions { DataFolder = folder }, NullLogger.Instance);
            return await MeasureAsync(settings, postgres.ConnectionString);
        }
        finally
        {
            NpgsqlConnection.ClearAllPools();
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private static async Task<int> MeasureAsync(Settings settings, string server)
    {
        await ExecuteAsync(server, $"create database {Database}");
        var connectionString = new NpgsqlConnectionStringBuilder(server) { Database = Database }.ConnectionString;
        await using var host = await ServerProcess.StartAsync(HostFolder, [Path.Combine(HostFolder, "ModularMonolith.Host.dll")], new Dictionary<string, string>
        {
            ["ConnectionStrings__Default"] = connectionString,
            ["DOTNET_ENVIRONMENT"] = "Production",
            ["Database__MigrateOnStart"] = "true",
            ["SampleData__Enabled"] = "true",
            ["Security__OpenAccess"] = "true",
            ["Identity__Issuer"] = "http://localhost:5080",
            ["Identity__EncryptionKey"] = Convert.ToBase64String(new byte[32]),
            ["Http__RequireHttps"] = "false",
            ["RateLimits__Requests"] = "1000000000",
        });
        var shop = await ShopData.ReadAsync(host.Address);
        await using var comparator = await ServerProcess.StartAsync(
            AppContext.BaseDirectory, [typeof(Bench).Assembly.Location, "comparator", connectionString], new Dictionary<string, string>());
        await ExecuteAsync(connectionString, "vacuum analyze");

        Console.WriteLine(Machine.Describe(await ScalarAsync(server, "show server_version")));
        Console.WriteLine($"Data        {shop.ProductIds.Count} products; {shop.Words.Count} search words with 20 hits or more; {shop.Variants.Count} variants on sale");
        Console.WriteLine($"Load        closed loop, {settings.Clients} connections; {WarmUp.TotalSeconds:F0} s warm-up, then {settings.Windows} windows of {settings.Seconds} s for each side in turns\n");
        Console.WriteLine(Report.Head);
        var flow = new WholeFlow(shop);
        var reached = true;
        foreach (var scenario in new IScenario[] { new ProductById(shop), new Search(shop), flow }.Where(scenario => settings.Only is null || scenario.Name.Contains(settings.Only, StringComparison.Ordinal)))
        {
            var (ours, theirs) = await MeasureAsync(scenario, host.Address, comparator.Address, settings, () => flow.LastBasket is { } basket ? DrainAsync(host.Address, basket) : Task.CompletedTask);
            Console.WriteLine(Report.Row(scenario, ours, theirs));
            reached &= ours.PerSecond >= scenario.Target;
        }

        Console.WriteLine($"\nResident memory afterwards: host {host.ResidentMebibytes} MiB, comparator {comparator.ResidentMebibytes} MiB");
        return settings.Check && !reached ? 1 : 0;
    }

    private static async Task<(Measurement Ours, Measurement Theirs)> MeasureAsync(IScenario scenario, Uri host, Uri comparator, Settings settings, Func<Task> drain)
    {
        var (ours, theirs) = (new Measurement(), new Measurement());
        await ClosedLoop.RunAsync(scenario, host, settings.Clients, WarmUp);
        await drain();
        await ClosedLoop.RunAsync(scenario, comparator, settings.Clients, WarmUp);
        for (var window = 0; window < settings.Windows; window++)
        {
            var (ticks, seconds) = await ClosedLoop.RunAsync(scenario, host, settings.Clients, TimeSpan.FromSeconds(settings.Seconds));

            // What follows from orders through the log is part of their work: it counts until the last of it is done.
            var started = Stopwatch.GetTimestamp();
            await drain();
            ours.Add(ticks, seconds + Stopwatch.GetElapsedTime(started).TotalSeconds);
            (ticks, seconds) = await ClosedLoop.RunAsync(scenario, comparator, settings.Clients, TimeSpan.FromSeconds(settings.Seconds));
            theirs.Add(ticks, seconds);
        }

        return (ours, theirs);
    }

    private static async Task DrainAsync(Uri host, string basket)
    {
        using var connection = await Connection.OpenAsync(host);
        using var deadline = new CancellationTokenSource(DrainDeadline);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        var request = Connection.Request("GET", "/api/baskets/" + basket);
        while ((await connection.SendAsync(request)).Status == 200)
        {
            await timer.WaitForNextTickAsync(deadline.Token);
        }
    }

    private static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<string> ScalarAsync(string connectionString, string sql)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand(sql);
        return Convert.ToString(await command.ExecuteScalarAsync(), CultureInfo.InvariantCulture)!;
    }
}
