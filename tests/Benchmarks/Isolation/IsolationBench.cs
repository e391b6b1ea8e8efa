using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using ModularMonolith.Benchmarks.Load;
using ModularMonolith.Benchmarks.Servers;
using ModularMonolith.Postgres;
using Npgsql;

namespace ModularMonolith.Benchmarks.Isolation;

/// <summary>
/// Measures what it costs that each module has a login of its own: the whole way of a paying customer on a host with <c>Database:Isolation=Role</c> beside one with <c>Schema</c>, each on a database
/// of the same server, in windows that take turns.
/// </summary>
internal static class IsolationBench
{
    // Two hosts, each with 40 connections for each of ten modules, and those that listen.
    private const int Connections = 1_000;

    // What the roles' planner is told has nothing to do with rights, so the one login of the other side is told the same.
    private const string SettingsOfRoles = """
        alter database shared set enable_seqscan to off; alter database shared set jit to off;
        do $$ begin
            if exists (select from pg_settings where name = 'default_toast_compression' and 'lz4' = any (enumvals)) then
                alter database shared set default_toast_compression to lz4;
            end if;
        end $$
        """;

    public static async Task<int> RunAsync(Settings settings)
    {
        var folder = Path.Combine(Path.GetTempPath(), "modular-monolith-bench-" + Guid.NewGuid().ToString("N"));
        try
        {
            await using var postgres = await PostgresServer.StartAsync(new PostgresServerOptions { DataFolder = folder, Settings = Bench.Counting, MaxConnections = Connections }, NullLogger.Instance);
            foreach (var statement in new[] { "create database separate", "create database shared", SettingsOfRoles })
            {
                await Bench.ExecuteAsync(postgres.ConnectionString, statement);
            }

            await using var separate = await Side.StartAsync(postgres.ConnectionString, "separate", "Role");
            await using var shared = await Side.StartAsync(postgres.ConnectionString, "shared", "Schema");
            await MeasureAsync(settings, separate, shared);
            return 0;
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

    private static async Task MeasureAsync(Settings settings, Side separate, Side shared)
    {
        Console.WriteLine($"Load        closed loop, {settings.Clients} connections; {settings.WarmUp} s warm-up, then {settings.Windows} windows of {settings.Seconds} s for each side in turns\n");
        foreach (var side in new[] { separate, shared })
        {
            await ClosedLoop.RunAsync(side.Flow, side.Host.Address, settings.Clients, TimeSpan.FromSeconds(settings.WarmUp));
            await Bench.DrainAsync(side.Host.Address, side.Flow.LastBasket!);
        }

        for (var window = 0; window < settings.Windows; window++)
        {
            // Who begins changes, too.
            foreach (var side in window % 2 == 0 ? new[] { separate, shared } : [shared, separate])
            {
                await side.RunWindowAsync(settings);
            }
        }

        var (ours, theirs) = (separate.Measured, shared.Measured);
        Console.WriteLine("| what | a login per module | one login | ratio |\n|---|---:|---:|---:|");
        Row("confirmed orders a second", ours.PerSecond, theirs.PerSecond);
        Row("p50 ms", ours.Percentile(0.5), theirs.Percentile(0.5));
        Row("p99 ms", ours.Percentile(0.99), theirs.Percentile(0.99));
        Row("CPU of the host for one, ms", 1_000 * ours.Cost.HostSeconds / ours.Count, 1_000 * theirs.Cost.HostSeconds / theirs.Count);
        Row("CPU of PostgreSQL for one, ms", 1_000 * ours.Cost.DatabaseSeconds / ours.Count, 1_000 * theirs.Cost.DatabaseSeconds / theirs.Count);

        static void Row(string name, double one, double other) =>
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {one:F2} | {other:F2} | {one / other:F2} |"));
    }

    /// <summary>A host with a database.</summary>
    private sealed record Side(ServerProcess Host, string ConnectionString, PaidOrder Flow) : IAsyncDisposable
    {
        public Measurement Measured { get; } = new();

        public static async Task<Side> StartAsync(string server, string database, string isolation)
        {
            var connectionString = new NpgsqlConnectionStringBuilder(server) { Database = database }.ConnectionString;
            await Bench.ExecuteAsync(connectionString, "create extension pg_stat_statements");
            var host = await Bench.StartHostAsync(connectionString, isolation);
            var shop = await ShopData.ReadAsync(host.Address);
            await Bench.AnalyzeAsync(connectionString);
            return new Side(host, connectionString, new PaidOrder(shop));
        }

        public async Task RunWindowAsync(Settings settings)
        {
            var before = await MachineCost.ReadAsync(Host.Id, ConnectionString);
            var (ticks, seconds) = await ClosedLoop.RunAsync(Flow, Host.Address, settings.Clients, TimeSpan.FromSeconds(settings.Seconds));
            var started = Stopwatch.GetTimestamp();
            await Bench.DrainAsync(Host.Address, Flow.LastBasket!);
            Measured.Add(ticks, seconds + Stopwatch.GetElapsedTime(started).TotalSeconds);
            Measured.Add(await MachineCost.ReadAsync(Host.Id, ConnectionString) - before);
        }

        public ValueTask DisposeAsync() => Host.DisposeAsync();
    }
}
