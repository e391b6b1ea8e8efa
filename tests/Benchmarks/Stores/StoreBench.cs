using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using ModularMonolith.Postgres;
using Npgsql;

namespace ModularMonolith.Benchmarks.Stores;

/// <summary>Measures the document store against hand-written Npgsql in the same process, on the same PostgreSQL, in turns.</summary>
internal static class StoreBench
{
    /// <summary>The number of sessions at once in the second half of each table row.</summary>
    public const int Sessions = 16;

    private const int BulkDocuments = 5_000;

    public static async Task<int> RunAsync(Settings settings)
    {
        // Directly in the temporary folder, through which the account that PostgreSQL runs as can pass.
        var folder = Path.Combine(Path.GetTempPath(), "modular-monolith-bench-" + Guid.NewGuid().ToString("N"));
        try
        {
            await using var postgres = await PostgresServer.StartAsync(new PostgresServerOptions { DataFolder = folder }, NullLogger.Instance);
            await MeasureAsync(settings, postgres.ConnectionString);
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

    private static async Task MeasureAsync(Settings settings, string connectionString)
    {
        await using var source = NpgsqlDataSource.Create(connectionString);
        Console.WriteLine(Machine.Describe(await VersionAsync(source)));
        var byHand = new Handwritten(source);
        await byHand.CreateAsync();
        await using var store = new StoreWork(connectionString, byHand);
        await store.PrepareAsync();
        var insert = new Work("hand-written insert", _ => byHand.InsertAsync());
        List<Work> all = [insert, .. store.All.Where(work => settings.Only is null || work.Name.Contains(settings.Only, StringComparison.Ordinal))];
        Console.WriteLine($"Load        1 and {Sessions} sessions; {settings.Windows} rounds of {settings.Seconds} s for each work in turns, after one round to warm up\n");
        var alone = await RoundsAsync(all, 1, settings);
        var together = await RoundsAsync(all, Sessions, settings);
        Print(all, alone, together);
        if (settings.Only is null)
        {
            await BulkAsync(store, byHand, settings.Windows);
            await CatchingUp.MeasureAsync(connectionString, settings.Windows);
            await FirstDocument.MeasureAsync(source, connectionString, settings.Windows);
        }

        using var process = Process.GetCurrentProcess();
        Console.WriteLine($"Peak memory of this process over the whole run: {process.PeakWorkingSet64 >> 20} MiB");
    }

    // A round gives every work its turn, so that what slows the machine down for a while slows down all of them.
    private static async Task<double[]> RoundsAsync(List<Work> all, int sessions, Settings settings)
    {
        var (done, seconds) = (new long[all.Count], new double[all.Count]);
        for (var round = 0; round <= settings.Windows; round++)
        {
            for (var index = 0; index < all.Count; index++)
            {
                var (count, took) = await RunAsync(all[index], sessions, TimeSpan.FromSeconds(settings.Seconds));
                if (round > 0)
                {
                    done[index] += count;
                    seconds[index] += took;
                }
            }
        }

        return [.. done.Zip(seconds, static (count, took) => count / took)];
    }

    private static async Task<(long Count, double Seconds)> RunAsync(Work work, int sessions, TimeSpan length)
    {
        var started = Stopwatch.GetTimestamp();
        var counts = await Task.WhenAll(Enumerable.Range(0, sessions).Select(number => Task.Run(async () =>
        {
            var count = 0L;
            while (Stopwatch.GetElapsedTime(started) < length)
            {
                await work.RunAsync(number);
                count++;
            }

            return count;
        })));
        return (counts.Sum(), Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    private static void Print(List<Work> all, double[] alone, double[] together)
    {
        Console.WriteLine($"| work | 1 session /s | : insert | reach | {Sessions} sessions /s | : insert | reach |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|");
        for (var index = 0; index < all.Count; index++)
        {
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {all[index].Name} | {alone[index]:F0} | {alone[index] / alone[0]:F2} | {all[index].TargetAlone:F2} | {together[index]:F0} | {together[index] / together[0]:F2} | {all[index].TargetTogether:F2} |"));
        }

        Console.WriteLine();
    }

    private static async Task BulkAsync(StoreWork store, Handwritten byHand, int rounds)
    {
        var (ours, theirs) = (0.0, 0.0);
        for (var round = 0; round <= rounds; round++)
        {
            var notes = Enumerable.Range(0, BulkDocuments).Select(_ => Note.Next()).ToList();
            var started = Stopwatch.GetTimestamp();
            await byHand.CopyAsync(notes);
            var between = Stopwatch.GetTimestamp();
            await store.BulkInsertAsync(notes);
            if (round > 0)
            {
                theirs += Stopwatch.GetElapsedTime(started, between).TotalSeconds;
                ours += Stopwatch.GetElapsedTime(between).TotalSeconds;
            }
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"BulkInsert of {BulkDocuments}: {rounds * BulkDocuments / ours:F0} documents/s; hand-written COPY {rounds * BulkDocuments / theirs:F0}; ratio {theirs / ours:F2} (reach 120000 or 0.8)"));
    }

    private static async Task<string> VersionAsync(NpgsqlDataSource source)
    {
        await using var command = source.CreateCommand("show server_version");
        return (string)(await command.ExecuteScalarAsync())!;
    }
}
