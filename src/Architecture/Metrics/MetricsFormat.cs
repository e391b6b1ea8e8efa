using System.Globalization;
using System.Text;
using ModularMonolith.Architecture.Reports;

namespace ModularMonolith.Architecture.Metrics;

/// <summary>Writes metrics with their trend.</summary>
public static class MetricsFormat
{
    private const string Bars = "▁▂▃▄▅▆▇█";
    private const int BarsAtMost = 12;

    private static readonly string[] Columns = ["module", "types", "members", "lines", "Ca", "Ce", "I", "findings", "baseline", "circle", "lines over time"];

    /// <summary>A table for a terminal. An arrow says how a number stands to the last record.</summary>
    /// <param name="metrics">The numbers now.</param>
    /// <param name="history">The numbers before.</param>
    /// <returns>Lines that end with one character.</returns>
    public static string Text(IReadOnlyList<ModuleMetrics> metrics, MetricsHistory history)
    {
        var rows = metrics.Select(one => Cells(one, history)).Prepend(Columns).ToList();
        var widths = Enumerable.Range(0, Columns.Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        var text = new StringBuilder();
        foreach (var row in rows)
        {
            text.AppendJoin("  ", row.Select((cell, column) => column is > 0 and < 9 ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column])));
            while (text[^1] == ' ')
            {
                text.Length--;
            }

            text.Append('\n');
        }

        return text.Append("\nCa: modules that use it. Ce: modules that it uses. I = Ce / (Ca + Ce): 0 is hard to change, 1 is used by nobody.\n").ToString();
    }

    /// <summary>The same table in Markdown.</summary>
    /// <param name="metrics">The numbers now.</param>
    /// <param name="history">The numbers before.</param>
    /// <returns>Lines that end with one character.</returns>
    public static string Markdown(IReadOnlyList<ModuleMetrics> metrics, MetricsHistory history)
    {
        var text = new StringBuilder();
        foreach (var row in metrics.Select(one => Cells(one, history)).Prepend([.. Columns.Select(static (_, i) => i is > 0 and < 9 ? "---:" : "---")]).Prepend(Columns))
        {
            text.Append("| ").AppendJoin(" | ", row).Append(" |\n");
        }

        return text.ToString();
    }

    /// <summary>For other programs. What is there stays; new members may come.</summary>
    /// <param name="metrics">The numbers now.</param>
    /// <returns>A JSON document, which ends with a line end.</returns>
    public static string Json(IReadOnlyList<ModuleMetrics> metrics) => JsonFormat.Write(writer =>
    {
        writer.WriteString("schema", "modular-monolith.metrics/1");
        writer.WriteStartArray("modules");
        foreach (var one in metrics)
        {
            writer.WriteStartObject();
            writer.WriteString("module", one.Module);
            writer.WriteNumber("types", one.Types);
            writer.WriteNumber("members", one.Members);
            writer.WriteNumber("lines", one.Lines);
            writer.WriteNumber("afferent", one.Afferent);
            writer.WriteNumber("efferent", one.Efferent);
            if (one.Instability is { } instability)
            {
                writer.WriteNumber("instability", Math.Round(instability, 2));
            }
            else
            {
                writer.WriteNull("instability");
            }

            writer.WriteNumber("findings", one.Findings);
            writer.WriteNumber("baseline", one.Baseline);
            JsonFormat.Texts(writer, "circle", one.Circle);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    });

    /// <summary>Numbers as bars of eight heights, the least and the greatest at the ends; all the same height when they are equal.</summary>
    /// <param name="values">The numbers; the last twelve are drawn.</param>
    /// <returns>One letter for each.</returns>
    public static string Sparkline(IReadOnlyList<int> values)
    {
        var drawn = values.Skip(values.Count - BarsAtMost).ToList();
        var (least, most) = drawn.Count == 0 ? (0, 0) : (drawn.Min(), drawn.Max());
        return string.Concat(drawn.Select(value => Bars[most == least ? Bars.Length / 2 : (int)((long)(value - least) * (Bars.Length - 1) / (most - least))]));
    }

    private static string[] Cells(ModuleMetrics now, MetricsHistory history)
    {
        var past = history.Of(now.Module);
        var last = past.Count > 0 ? past[^1] : null;
        return
        [
            now.Module, Cell(now.Types, last?.Types), Cell(now.Members, last?.Members), Cell(now.Lines, last?.Lines), Cell(now.Afferent, last?.Afferent), Cell(now.Efferent, last?.Efferent),
            now.Instability?.ToString("0.00", CultureInfo.InvariantCulture) ?? "-", Cell(now.Findings, last?.Findings), Cell(now.Baseline, last?.Baseline),
            now.Circle.Count == 0 ? "-" : string.Join(", ", now.Circle), Sparkline([.. past.Select(static one => one.Lines), now.Lines]),
        ];
    }

    private static string Cell(int now, int? last) => now.ToString(CultureInfo.InvariantCulture) + (last is null ? string.Empty : now > last ? " ↑" : now < last ? " ↓" : " →");
}
