using System.Diagnostics;
using System.Globalization;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using ModularMonolith.Platform.Hosting;
using ModularMonolith.Platform.Modules;
using ModularMonolith.Postgres;
using Npgsql;

namespace ModularMonolith.Benchmarks.Log;

/// <summary>Measures the integration log: how soon a handler begins after a commit, and how many events a subscription takes, beside statements by hand.</summary>
internal static class LogBench
{
    private const int Beats = 2_000;
    private const int SingleEvents = 10_000;
    private const int ManyEvents = 100_000;
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    public static async Task<int> RunAsync()
    {
        var folder = Path.Combine(Path.GetTempPath(), "modular-monolith-bench-" + Guid.NewGuid().ToString("N"));
        try
        {
            await using var postgres = await PostgresServer.StartAsync(new PostgresServerOptions { DataFolder = folder }, NullLogger.Instance);
            await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { MaxAutoPrepare = 50, MaxPoolSize = 20 });
            await MeasureAsync(source, postgres.ConnectionString);
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

    private static async Task MeasureAsync(NpgsqlDataSource source, string connectionString)
    {
        await using var version = source.CreateCommand("show server_version");
        Console.WriteLine(Machine.Describe((string)(await version.ExecuteScalarAsync())!) + "\n");
        var clock = new Clock(3 * Beats);
        await using (var migrated = Build(connectionString, clock))
        {
            await migrated.MigrateAsync();
        }

        await FillAsync(source, "pulse.single", SingleEvents);
        await FillAsync(source, "pulse.many", ManyEvents);
        var byHand = new LogByHand(source);
        var (handMany, handSingle) = (await byHand.BatchesAsync("pulse.many", 500), await byHand.SinglesAsync("pulse.single", 16));
        await using var first = Build(connectionString, clock);
        var started = Stopwatch.GetTimestamp();
        await first.StartAsync();
        var single = await CaughtUpAsync(source, "single", started, SingleEvents);
        var many = await CaughtUpAsync(source, "many", started, ManyEvents);
        Console.WriteLine("Both subscriptions begin at once and share the machine; by hand they run one after the other.");
        Print("one transaction each, 16 keys side by side", single, handSingle, 1_500);
        Print("batches of 500", many, handMany, 10_000);
        Print("on one host", await BeatAsync(first, clock, 0), "reach 3 / 15 ms");
        await using var second = Build(connectionString, clock);
        await second.StartAsync();
        await SharedAsync(source);
        // One of the two runs the subscription; the commits of the other one have to cross.
        var crossing = new[] { await BeatAsync(first, clock, Beats), await BeatAsync(second, clock, 2 * Beats) }.MaxBy(static delays => delays[delays.Count / 2])!;
        Print("from one host to another", crossing, "reach 10 / 50 ms");
        await second.StopAsync();
        await first.StopAsync();
        await RebalanceBench.MeasureAsync(source, connectionString);
    }

    /// <summary>One host, until it is killed.</summary>
    public static async Task<int> RunHostAsync(string connectionString)
    {
        await using var host = Build(connectionString, new Clock(1));
        await host.RunAsync();
        return 0;
    }

    private static WebApplication Build(string connectionString, Clock clock)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { EnvironmentName = "Benchmark" });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:Default"] = connectionString,
            ["Database:RoleSecret"] = "of no use outside of this benchmark",
        });
        builder.Logging.AddConsole().SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        builder.AddModularMonolith(ModuleCatalog.Alone(typeof(PulseModule).Assembly));
        builder.Services.AddSingleton(clock);
        return builder.Build();
    }

    private static async Task FillAsync(NpgsqlDataSource source, string name, int count)
    {
        await using var command = source.CreateCommand("""
            insert into integration.message (id, name, version, key, payload, headers)
            select gen_random_uuid(), $1, 1, 'stream ' || number % 100, jsonb_build_object('stream', 'stream ' || number % 100, 'number', number), '{}' from generate_series(1, $2) number
            """);
        command.Parameters.AddWithValue(name);
        command.Parameters.AddWithValue(count);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<double> CaughtUpAsync(NpgsqlDataSource source, string subscription, long started, int count)
    {
        await using var command = source.CreateCommand($"""
            select count(*) from pulse.effect, integration.message where message_id = id and name = 'pulse.{subscription}'
            """);
        await using var behind = source.CreateCommand($"""
            select coalesce(min(position), 0) >= (select max(position) - 100 from integration.message where name = 'pulse.{subscription}')
            from pulse.log_cursor where subscription = '{subscription}'
            """);
        while (await behind.ExecuteScalarAsync() is not true)
        {
            if (Stopwatch.GetElapsedTime(started) > Deadline)
            {
                throw new TimeoutException($"Subscription {subscription} has not caught up.");
            }

            await Task.Delay(20);
        }

        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var done = (long)(await command.ExecuteScalarAsync())!;
        return done >= count - 100 ? done / seconds : throw new InvalidOperationException($"{done} of {count} effects.");
    }

    private static async Task<List<double>> BeatAsync(WebApplication host, Clock clock, int from)
    {
        for (var number = from; number < from + Beats; number++)
        {
            await using var scope = host.Services.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<ISender>().Send(new SendBeat(number));
            clock.Committed[number] = Stopwatch.GetTimestamp();
            await Task.Delay(1);
        }

        var waiting = Stopwatch.GetTimestamp();
        while (clock.Handled < from + Beats && Stopwatch.GetElapsedTime(waiting) < Deadline)
        {
            await Task.Delay(10);
        }

        // The first tenth warms up.
        return [.. Enumerable.Range(from + Beats / 10, Beats - Beats / 10)
            .Select(number => Math.Max(0, Stopwatch.GetElapsedTime(clock.Committed[number], clock.Started[number]).TotalMilliseconds)).Order()];
    }

    private static async Task SharedAsync(NpgsqlDataSource source)
    {
        await using var command = source.CreateCommand(
            "select count(*) = 2 and max(started_at) < clock_timestamp() - interval '4 s' from integration.host where expires_at > clock_timestamp()");
        while (await command.ExecuteScalarAsync() is not true)
        {
            await Task.Delay(100);
        }
    }

    private static void Print(string where, List<double> delays, string reach) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"Commit to start of the handler, {where}: p50 {delays[delays.Count / 2]:F2} ms, p99 {delays[delays.Count * 99 / 100]:F2} ms ({reach})"));

    private static void Print(string what, double ours, double byHand, int reach) => Console.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"Events through one subscription, {what}: {ours:F0}/s; by hand {byHand:F0}/s; ratio {ours / byHand:F2} (reach {reach}/s)"));
}
