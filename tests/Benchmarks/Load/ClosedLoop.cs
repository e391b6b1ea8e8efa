using System.Diagnostics;
using ModularMonolith.Benchmarks.Servers;

namespace ModularMonolith.Benchmarks.Load;

/// <summary>What one client does again and again.</summary>
internal interface IScenario
{
    string Name { get; }

    /// <summary>Units of work per second that the product is to reach on two cores shared with PostgreSQL and the generator.</summary>
    int Target { get; }

    /// <summary>Whether the hand-written equivalent does the same, so that the two can be compared.</summary>
    bool IsCompared => true;

    /// <summary>The basket of some order, to see when everything that follows from an order is done; null where nothing follows.</summary>
    string? LastBasket => null;

    /// <summary>Does one unit of work.</summary>
    /// <exception cref="InvalidOperationException">An answer was not what it has to be.</exception>
    ValueTask RunAsync(Connection connection, Random random);
}

/// <summary>What was measured in one or more windows.</summary>
internal sealed class Measurement
{
    private readonly List<long> _ticks = [];
    private double _seconds;

    public double PerSecond => _ticks.Count / _seconds;

    /// <summary>How many units were done.</summary>
    public int Count => _ticks.Count;

    /// <summary>What all of them have cost.</summary>
    public MachineCost Cost { get; private set; }

    public void Add(MachineCost cost) => Cost += cost;

    public void Add(IEnumerable<long> ticks, double seconds)
    {
        _ticks.AddRange(ticks);
        _seconds += seconds;
    }

    /// <summary>The latency in milliseconds that a share of the units stayed within.</summary>
    public double Percentile(double share)
    {
        _ticks.Sort();
        return _ticks.Count == 0 ? double.NaN : _ticks[(int)Math.Min(_ticks.Count - 1, Math.Ceiling(_ticks.Count * share))] * 1_000.0 / Stopwatch.Frequency;
    }
}

/// <summary>A fixed number of clients, each waiting for its answer before it asks again.</summary>
internal static class ClosedLoop
{
    /// <summary>Runs one window.</summary>
    /// <returns>The latencies in stopwatch ticks and the seconds that the window really took.</returns>
    public static async Task<(List<long> Ticks, double Seconds)> RunAsync(IScenario scenario, Uri address, int clients, TimeSpan length)
    {
        var connections = await Task.WhenAll(Enumerable.Range(0, clients).Select(_ => Connection.OpenAsync(address)));
        try
        {
            var started = Stopwatch.GetTimestamp();
            var end = started + (long)(length.TotalSeconds * Stopwatch.Frequency);
            var latencies = await Task.WhenAll(connections.Select((connection, client) => Task.Run(() => RunAsync(scenario, connection, client, end))));
            return ([.. latencies.SelectMany(ticks => ticks)], Stopwatch.GetElapsedTime(started).TotalSeconds);
        }
        finally
        {
            foreach (var connection in connections)
            {
                connection.Dispose();
            }
        }
    }

    private static async Task<List<long>> RunAsync(IScenario scenario, Connection connection, int client, long end)
    {
        var random = new Random(client + 1);
        var ticks = new List<long>(64 << 10);
        var now = Stopwatch.GetTimestamp();
        while (now < end)
        {
            await scenario.RunAsync(connection, random);
            var after = Stopwatch.GetTimestamp();
            ticks.Add(after - now);
            now = after;
        }

        return ticks;
    }
}
