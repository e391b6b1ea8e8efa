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
    /// <summary>Settings of the server with which its statements are counted.</summary>
    public static readonly Dictionary<string, string> Counting = new() { ["shared_preload_libraries"] = "pg_stat_statements", ["pg_stat_statements.track_utility"] = "off" };

    private const int LongestStatement = 200;

    private static readonly TimeSpan Counted = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan DrainDeadline = TimeSpan.FromMinutes(2);

    private static readonly string HostFolder = typeof(Bench).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(metadata => metadata.Key == "HostFolder").Value!;

    public static async Task<int> RunAsync(Settings settings)
    {
        // Directly in the temporary folder, through which the account that PostgreSQL runs as can pass.
        var folder = Path.Combine(Path.GetTempPath(), "modular-monolith-bench-" + Guid.NewGuid().ToString("N"));
        try
        {
            await using var postgres = await PostgresServer.StartAsync(new PostgresServerOptions { DataFolder = folder, Settings = Counting }, NullLogger.Instance);
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
        await ExecuteAsync(connectionString, "create extension pg_stat_statements");
        await using var host = await StartHostAsync(connectionString);
        var shop = await ShopData.ReadAsync(host.Address);
        await using var comparator = await ServerProcess.StartAsync(
            AppContext.BaseDirectory, [typeof(Bench).Assembly.Location, "comparator", connectionString], new Dictionary<string, string>());
        await AnalyzeAsync(connectionString);

        Console.WriteLine(Machine.Describe(await ScalarAsync(server, "show server_version")));
        Console.WriteLine($"Data        {shop.ProductIds.Count} products; {shop.Words.Count} search words with 20 hits or more; {shop.Variants.Count} variants on sale");
        Console.WriteLine($"Load        closed loop, {settings.Clients} connections; {settings.WarmUp} s warm-up, then {settings.Windows} windows of {settings.Seconds} s for each side in turns\n");
        Console.WriteLine(Report.Head);
        var flow = new PaidOrder(shop);
        var reached = true;
        var costs = new List<string>();
        foreach (var scenario in new IScenario[] { new ProductById(shop), new Search(shop), new WholeFlow(shop), flow }.Where(scenario => settings.Only is null || scenario.Name.Contains(settings.Only, StringComparison.Ordinal)))
        {
            var (ours, theirs) = await MeasureAsync(
                scenario, host.Address, comparator.Address, settings, () => scenario.LastBasket is { } basket ? DrainAsync(host.Address, basket) : Task.CompletedTask,
                () => ExecuteAsync(connectionString, "select pg_stat_statements_reset()"), () => MachineCost.ReadAsync(host.Id, connectionString));
            Console.WriteLine(Report.Row(scenario, ours, theirs));
            costs.Add(Report.Cost(scenario, ours));
            await ListStatementsAsync(connectionString, settings.Statements, ours.Count);
            reached &= ours.PerSecond >= scenario.Target;
        }

        Console.WriteLine($"\n{string.Join('\n', costs)}");
        Console.WriteLine($"\nResident memory afterwards: host {host.ResidentMebibytes} MiB, comparator {comparator.ResidentMebibytes} MiB");
        await host.DisposeAsync();
        await CountRoundTripsAsync(flow, connectionString, settings);
        return settings.Check && !reached ? 1 : 0;
    }

    // On a host of its own, because what counts stands in the way.
    private static async Task CountRoundTripsAsync(PaidOrder flow, string connectionString, Settings settings)
    {
        var address = new NpgsqlConnectionStringBuilder(connectionString);
        await using var relay = new CountingRelay(address.Port);
        address.Port = relay.Port;
        await using var host = await StartHostAsync(address.ConnectionString);
        await ClosedLoop.RunAsync(flow, host.Address, settings.Clients, Counted);
        await DrainAsync(host.Address, flow.LastBasket!);
        var before = relay.RoundTrips;
        var (ticks, _) = await ClosedLoop.RunAsync(flow, host.Address, settings.Clients, Counted);
        await DrainAsync(host.Address, flow.LastBasket!);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Round trips to PostgreSQL for one \"{flow.Name}\": {(double)(relay.RoundTrips - before) / ticks.Count:F1}, everything that follows through the log included"));
    }

    /// <summary>As autovacuum does it: it leaves empty tables alone. One whose statistics say that it is empty is searched from end to end until they are made anew, each key that refers to it included.</summary>
    public static async Task AnalyzeAsync(string connectionString) => await ExecuteAsync(
        connectionString,
        await ScalarAsync(connectionString, "select coalesce(string_agg(format('analyze %I.%I', schemaname, relname), ';'), '') from pg_stat_user_tables where n_live_tup > 0"));

    /// <summary>A host with a shop that is open.</summary>
    public static Task<ServerProcess> StartHostAsync(string connectionString, string isolation = "Role") => ServerProcess.StartAsync(HostFolder, [Path.Combine(HostFolder, "ModularMonolith.Host.dll")], new Dictionary<string, string>
    {
        ["ConnectionStrings__Default"] = connectionString,
        // The test provider, with which nobody pays anything, does not run in Production.
        ["DOTNET_ENVIRONMENT"] = "Benchmark",
        ["payments__Provider"] = "test",
        ["Database__MigrateOnStart"] = "true",
        ["Database__Isolation"] = isolation,
        ["SampleData__Enabled"] = "true",
        ["Security__OpenAccess"] = "true",
        ["Identity__Issuer"] = "http://localhost:5080",
        ["Identity__EncryptionKey"] = Convert.ToBase64String(new byte[32]),
        ["Http__RequireHttps"] = "false",
        ["RateLimits__Requests"] = "1000000000",
    });

    private static async Task<(Measurement Ours, Measurement Theirs)> MeasureAsync(
        IScenario scenario, Uri host, Uri comparator, Settings settings, Func<Task> drain, Func<Task> reset, Func<Task<MachineCost>> cost)
    {
        var (ours, theirs) = (new Measurement(), new Measurement());
        await ClosedLoop.RunAsync(scenario, host, settings.Clients, TimeSpan.FromSeconds(settings.WarmUp));
        await drain();
        if (scenario.IsCompared)
        {
            await ClosedLoop.RunAsync(scenario, comparator, settings.Clients, TimeSpan.FromSeconds(settings.WarmUp));
        }

        for (var window = 0; window < settings.Windows; window++)
        {
            await reset();
            var before = await cost();
            var (ticks, seconds) = await ClosedLoop.RunAsync(scenario, host, settings.Clients, TimeSpan.FromSeconds(settings.Seconds));

            // What follows from orders through the log is part of their work: it counts until the last of it is done.
            var started = Stopwatch.GetTimestamp();
            await drain();
            ours.Add(ticks, seconds + Stopwatch.GetElapsedTime(started).TotalSeconds);
            ours.Add(await cost() - before);
            if (scenario.IsCompared)
            {
                (ticks, seconds) = await ClosedLoop.RunAsync(scenario, comparator, settings.Clients, TimeSpan.FromSeconds(settings.Seconds));
                theirs.Add(ticks, seconds);
            }
        }

        return (ours, theirs);
    }

    /// <summary>Waits until everything that follows from an order is done.</summary>
    public static async Task DrainAsync(Uri host, string basket)
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

    private static async Task ListStatementsAsync(string connectionString, int most, int units)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        await using var command = source.CreateCommand("""
            select calls, total_exec_time + total_plan_time, regexp_replace(query, '\s+', ' ', 'g') from pg_stat_statements order by total_exec_time + total_plan_time desc limit $1
            """);
        command.Parameters.AddWithValue(most);
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            var text = reader.GetString(2);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(double)reader.GetInt64(0) / units,7:F2} times {1_000 * reader.GetDouble(1) / units,8:F0} µs  {text[..Math.Min(text.Length, LongestStatement)]}"));
        }
    }

    /// <summary>Runs statements as the admin.</summary>
    public static async Task ExecuteAsync(string connectionString, string sql)
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
