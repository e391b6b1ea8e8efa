using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace ModularMonolith.Benchmarks.Log;

/// <summary>Measures how long it takes until the subscriptions of a host that was killed run on the other one. Both are processes and keep the default lease.</summary>
internal static class RebalanceBench
{
    private const int Kills = 10;
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    public static async Task MeasureAsync(NpgsqlDataSource source, string connectionString)
    {
        var random = new Random(3);
        var hosts = new List<Process> { Start(connectionString), Start(connectionString) };
        var seconds = new List<double>();
        try
        {
            for (var kill = 0; kill < Kills; kill++)
            {
                // Anywhere between two renewals of the lease, and only once the work has been divided over both.
                await WaitAsync(source, "select count(*) >= 2 from integration.host where expires_at > clock_timestamp() and started_at < clock_timestamp() - interval '3 s'");
                await Task.Delay(random.Next(1_000));
                var victim = hosts[kill % 2];
                var started = Stopwatch.GetTimestamp();
                victim.Kill();
                await ExecuteAsync(source, "truncate pulse.effect");
                foreach (var name in new[] { "pulse.single", "pulse.many" })
                {
                    await ExecuteAsync(source, $$"""
                        insert into integration.message (id, name, version, key, payload, headers)
                        values (gen_random_uuid(), '{{name}}', 1, 'after', '{"stream": "after", "number": 1}', '{}')
                        """);
                }

                await WaitAsync(source, "select count(*) = 2 from pulse.effect");
                seconds.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
                await victim.WaitForExitAsync();
                victim.Dispose();
                hosts[kill % 2] = Start(connectionString);
            }
        }
        finally
        {
            foreach (var host in hosts)
            {
                host.Kill();
                await host.WaitForExitAsync();
                host.Dispose();
            }
        }

        seconds.Sort();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"A host killed until its subscriptions run on the other one, {Kills} times: median {seconds[Kills / 2]:F2} s, worst {seconds[^1]:F2} s (reach 5 s)"));
    }

    private static Process Start(string connectionString) => Process.Start(new ProcessStartInfo(Environment.ProcessPath!, IsDotnet() ? [typeof(RebalanceBench).Assembly.Location, "log-host", connectionString] : ["log-host", connectionString]))!;

    private static bool IsDotnet() => Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet";

    private static async Task WaitAsync(NpgsqlDataSource source, string condition)
    {
        await using var command = source.CreateCommand(condition);
        for (var started = Stopwatch.GetTimestamp(); await command.ExecuteScalarAsync() is not true; await Task.Delay(5))
        {
            if (Stopwatch.GetElapsedTime(started) > Deadline)
            {
                throw new TimeoutException("This did not come true: " + condition);
            }
        }
    }

    private static async Task ExecuteAsync(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
