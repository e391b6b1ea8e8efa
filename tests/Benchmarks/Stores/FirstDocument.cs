using System.Diagnostics;
using System.Globalization;
using Marten;
using Npgsql;

namespace ModularMonolith.Benchmarks.Stores;

/// <summary>From the start of a process to its first committed document.</summary>
internal static class FirstDocument
{
    /// <summary>What the process does whose time is taken.</summary>
    public static async Task<int> RunAsync(string connectionString)
    {
        await using var store = DocumentStore.For(connectionString);
        await using var session = store.LightweightSession();
        session.Store(Note.Next());
        await session.SaveChangesAsync();
        return 0;
    }

    public static async Task MeasureAsync(NpgsqlDataSource source, string connectionString, int rounds)
    {
        var (creating, inPlace) = (new List<double>(), new List<double>());
        for (var round = 0; round <= rounds; round++)
        {
            var name = "first_document_" + round;
            await using (var command = source.CreateCommand("create database " + name))
            {
                await command.ExecuteNonQueryAsync();
            }

            var database = new NpgsqlConnectionStringBuilder(connectionString) { Database = name }.ConnectionString;
            var (first, second) = (await TimeAsync(database), await TimeAsync(database));
            if (round > 0)
            {
                creating.Add(first);
                inPlace.Add(second);
            }
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Process start to first committed document, median of {rounds}: {Median(creating):F2} s with the schema created on the way (reach 0.6), {Median(inPlace):F2} s with it in place (reach 0.35)"));
    }

    private static async Task<double> TimeAsync(string connectionString)
    {
        var started = Stopwatch.GetTimestamp();
        using var process = Process.Start("dotnet", [typeof(FirstDocument).Assembly.Location, "first-document", connectionString]);
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? Stopwatch.GetElapsedTime(started).TotalSeconds : throw new InvalidOperationException("The first document was not stored.");
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
