using System.Globalization;
using ModularMonolith.Benchmarks.Load;

namespace ModularMonolith.Benchmarks;

/// <summary>The table that a run ends with.</summary>
internal static class Report
{
    public const string Head =
        "| scenario | target /s | host /s | p50 ms | p99 ms | hand-written /s | p50 ms | p99 ms | host : hand-written |\n"
        + "|---|---:|---:|---:|---:|---:|---:|---:|---:|";

    public static string Row(IScenario scenario, Measurement ours, Measurement theirs) => string.Create(
        CultureInfo.InvariantCulture,
        $"| {scenario.Name} | {scenario.Target} | {ours.PerSecond:F0}{(ours.PerSecond < scenario.Target ? " (below target)" : string.Empty)} | {ours.Percentile(0.5):F2} | {ours.Percentile(0.99):F2} | {theirs.PerSecond:F0} | {theirs.Percentile(0.5):F2} | {theirs.Percentile(0.99):F2} | {ours.PerSecond / theirs.PerSecond:F2} |");
}
