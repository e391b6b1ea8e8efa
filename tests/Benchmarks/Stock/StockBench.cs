using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using ModularMonolith.Inventory.Contracts;

namespace ModularMonolith.Benchmarks.Stock;

/// <summary>
/// Measures what it costs that everybody wants the same SKU: the same clients reserve and release the same number of times, of one SKU and of many, in windows that take turns, so that what else
/// the machine does meets both. The module runs in this process, without HTTP.
/// </summary>
internal static class StockBench
{
    private const int SpreadSkus = 1_000;
    private const int RoundsPerWindow = 20;
    private const int Others = 4;
    private const int Crowd = 64;
    private const string Hot = "HOT";
    private const string Limited = "LIMITED";

    public static async Task<int> RunAsync(Settings settings)
    {
        await using var inventory = await InventoryProcess.StartAsync();
        var bench = new Run(inventory, settings, [.. Enumerable.Range(0, SpreadSkus).Select(static index => "SPREAD-" + index.ToString(CultureInfo.InvariantCulture))]);
        return await bench.MeasureAsync() ? 0 : 1;
    }

    private sealed class Run(InventoryProcess inventory, Settings settings, string[] spread)
    {
        private readonly ConcurrentDictionary<string, int> _failures = new(StringComparer.Ordinal);

        private int Rounds => settings.Clients * RoundsPerWindow;

        public async Task<bool> MeasureAsync()
        {
            await inventory.DeclareAsync(500_000_000, [.. spread, Hot, Limited]);
            await inventory.PutPolicyAsync(Limited, """{"backorderLimit":1000,"lowStockThreshold":10}""");
            Console.WriteLine($"Load        {settings.Clients} clients; {settings.Windows} windows of {Rounds} reservations, each released, for each side in turns\n");
            await WindowAsync(Spread);
            await WindowAsync(static _ => Hot);
            Console.WriteLine("| reservations, each released | a second | p50 ms | p99 ms | run again | spread over 1,000 SKUs, a second | p50 ms | p99 ms | run again | spread : this |\n|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
            await CompareAsync("of one SKU", Hot);
            await CompareAsync("of one SKU with a policy", Limited);
            foreach (var open in new[] { 100, 1_000, 5_000 })
            {
                await OpenAsync(open);
                await CompareAsync(string.Create(CultureInfo.InvariantCulture, $"of one SKU, {open:N0} reservations of it open"), Hot);
            }

            await CrowdAsync();
            foreach (var (failure, times) in _failures)
            {
                Console.WriteLine($"\nFailed {times} times: {failure}");
            }

            var certificate = await inventory.CertifyAsync();
            Console.WriteLine($"\nThe certificate afterwards: {certificate.GetProperty("status").GetString()}.");
            return _failures.IsEmpty && certificate.GetProperty("status").GetString() == "held";
        }

        private string Spread(Random random) => spread[random.Next(spread.Length)];

        private async Task CompareAsync(string name, string sku)
        {
            if (settings.Only is { } only && !name.Contains(only, StringComparison.Ordinal))
            {
                return;
            }

            var (ours, theirs) = (new Side(), new Side());
            var ratios = new List<double>();
            for (var window = 0; window < settings.Windows; window++)
            {
                // Who begins changes, too.
                var first = await WindowAsync(window % 2 == 0 ? Spread : _ => sku);
                var second = await WindowAsync(window % 2 == 0 ? _ => sku : Spread);
                var (one, many) = window % 2 == 0 ? (second, first) : (first, second);
                ours.Add(one);
                theirs.Add(many);
                ratios.Add(one.Seconds / many.Seconds);
            }

            ratios.Sort();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"| {name} | {ours} | {theirs} | {ratios[ratios.Count / 2]:F1} ({ratios[0]:F1} to {ratios[^1]:F1}) |"));
        }

        // More than the module has connections want one SKU; what becomes of those who want another?
        private async Task CrowdAsync()
        {
            var (alone, beside) = (new Side(), new Side());
            for (var window = 0; window < settings.Windows; window++)
            {
                alone.Add(await WindowAsync(Spread, Others));
                using var stop = new CancellationTokenSource();
                var crowd = Task.WhenAll(Enumerable.Range(0, Crowd).Select(_ => Task.Run(async () =>
                {
                    while (!stop.IsCancellationRequested)
                    {
                        await ReserveAndReleaseAsync(Limited);
                    }
                })));
                beside.Add(await WindowAsync(Spread, Others));
                await stop.CancelAsync();
                await crowd;
            }

            Console.WriteLine($"\n| {Others} clients, spread over 1,000 SKUs | a second | p50 ms | p99 ms | run again |\n|---|---:|---:|---:|---:|\n| alone | {alone} |\n| beside {Crowd} who want one other SKU | {beside} |");
        }

        private Task<Window> WindowAsync(Func<Random, string> sku) => WindowAsync(sku, settings.Clients);

        private async Task<Window> WindowAsync(Func<Random, string> sku, int clientCount)
        {
            var (left, before, begin) = (Rounds, inventory.Conflicts.Total, Stopwatch.GetTimestamp());
            var clients = await Task.WhenAll(Enumerable.Range(0, clientCount).Select(client => Task.Run(async () =>
            {
                var random = new Random(client);
                var latencies = new List<double>();
                while (Interlocked.Decrement(ref left) >= 0)
                {
                    var started = Stopwatch.GetTimestamp();
                    await ReserveAndReleaseAsync(sku(random));
                    latencies.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                }

                return latencies;
            })));
            return new Window([.. clients.SelectMany(static latencies => latencies)], Stopwatch.GetElapsedTime(begin).TotalSeconds, inventory.Conflicts.Total - before);
        }

        private async Task ReserveAndReleaseAsync(string sku)
        {
            try
            {
                await inventory.SendAsync(new ReleaseReservation(await ReserveAsync(sku)));
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // What fails is part of the result, and must not end the measurement.
                _failures.AddOrUpdate(exception.ToString(), 1, static (_, times) => times + 1);
            }
        }

        // Many at once until that many are open: they stay until the end.
        private async Task OpenAsync(int open)
        {
            var held = (long)(await inventory.ScalarAsync("select count(*) from inventory.mt_doc_reservation where due_at is not null"))!;
            await Parallel.ForEachAsync(Enumerable.Range(0, Math.Max(0, open - (int)held)), async (_, _) => await ReserveAsync(Hot));
        }

        private async Task<Guid> ReserveAsync(string sku)
        {
            var id = Guid.CreateVersion7();
            var answer = await inventory.SendAsync(new ReserveStock(id, [new StockLine(sku, 1)], DateTimeOffset.UtcNow.AddHours(1)));
            return answer.IsReserved ? id : throw new InvalidOperationException($"{sku} could not be reserved.");
        }
    }

    private sealed record Window(List<double> Latencies, double Seconds, long Conflicts);

    private sealed class Side
    {
        private readonly List<double> _latencies = [];
        private double _seconds;
        private long _conflicts;

        public void Add(Window window)
        {
            _latencies.AddRange(window.Latencies);
            _seconds += window.Seconds;
            _conflicts += window.Conflicts;
        }

        public override string ToString()
        {
            _latencies.Sort();
            return string.Create(CultureInfo.InvariantCulture, $"{_latencies.Count / _seconds:N0} | {_latencies[_latencies.Count / 2]:N1} | {_latencies[(int)(_latencies.Count * 0.99)]:N1} | {_conflicts}");
        }
    }
}
