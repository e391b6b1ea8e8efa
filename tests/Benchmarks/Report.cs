using System.Globalization;
using ModularMonolith.Benchmarks.Load;

namespace ModularMonolith.Benchmarks;

/// <summary>The table that a run ends with.</summary>
internal static class Report
{
    public const string Head =
        "| scenario | target /s | host /s | p50 ms | p99 ms | hand-written /s | p50 ms | p99 ms | host : hand-written |\n"
        + "|---|---:|---:|---:|---:|---:|---:|---:|---:|";

    public static string Row(IScenario scenario, Measurement ours, Measurement theirs) => !scenario.IsCompared
        ? string.Create(
            CultureInfo.InvariantCulture,
            $"| {scenario.Name} | {scenario.Target} | {ours.PerSecond:F0}{(ours.PerSecond < scenario.Target ? " (below target)" : string.Empty)} | {ours.Percentile(0.5):F2} | {ours.Percentile(0.99):F2} | – | – | – | – |")
        : string.Create(
        CultureInfo.InvariantCulture,
        $"| {scenario.Name} | {scenario.Target} | {ours.PerSecond:F0}{(ours.PerSecond < scenario.Target ? " (below target)" : string.Empty)} | {ours.Percentile(0.5):F2} | {ours.Percentile(0.99):F2} | {theirs.PerSecond:F0} | {theirs.Percentile(0.5):F2} | {theirs.Percentile(0.99):F2} | {ours.PerSecond / theirs.PerSecond:F2} |");

    public static string Cost(IScenario scenario, Measurement ours) => string.Create(
        CultureInfo.InvariantCulture,
        $"Cost of one \"{scenario.Name}\": {1_000 * ours.Cost.HostSeconds / ours.Count:F2} ms of CPU in the host, {1_000 * ours.Cost.DatabaseSeconds / ours.Count:F2} ms in PostgreSQL, {(double)ours.Cost.Commits / ours.Count:F1} transactions, {(double)ours.Cost.Statements / ours.Count:F1} statements");
}
