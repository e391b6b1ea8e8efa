using System.Globalization;
using System.Text;

namespace ModularMonolith.Architecture.Metrics;

/// <summary>The numbers of one commit.</summary>
/// <param name="Date">When they were recorded.</param>
/// <param name="Commit">The commit.</param>
/// <param name="Modules">The numbers of its modules.</param>
public sealed record MetricsRecord(DateOnly Date, string Commit, IReadOnlyList<ModuleMetrics> Modules);

/// <summary>Numbers over time, as <c>docs/reference/metrics.csv</c> keeps them: one line for each commit and module, the oldest commit first.</summary>
/// <param name="Records">The records, the oldest first.</param>
public sealed record MetricsHistory(IReadOnlyList<MetricsRecord> Records)
{
    /// <summary>Where it stands, relative to the repository.</summary>
    public const string Path = "docs/reference/metrics.csv";

    private const string Header = "date,commit,module,types,members,lines,afferent,efferent,findings,baseline";
    private const int Columns = 10;

    /// <summary>Reads a file.</summary>
    /// <param name="text">What it says; empty while there is none.</param>
    /// <returns>The history.</returns>
    /// <exception cref="ArchitectureException">A line cannot be read.</exception>
    public static MetricsHistory Read(string text)
    {
        var records = new List<MetricsRecord>();
        var number = 0;
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n'))
        {
            number++;
            if (line.Length == 0 || line == Header)
            {
                continue;
            }

            var (date, commit, metrics) = Line(line) ?? throw new ArchitectureException($"{Path}:{number}: is no line of metrics. It reads: {Header}. Correct or delete the line.");
            if (records.Count > 0 && records[^1].Commit == commit)
            {
                records[^1] = records[^1] with { Modules = [.. records[^1].Modules, metrics] };
            }
            else
            {
                records.Add(new MetricsRecord(date, commit, [metrics]));
            }
        }

        return new MetricsHistory(records);
    }

    /// <summary>Adds a record, or puts it in the place of the one that the commit has.</summary>
    /// <param name="record">The record.</param>
    /// <returns>The history with it.</returns>
    public MetricsHistory With(MetricsRecord record) =>
        new(Records.Any(other => other.Commit == record.Commit) ? [.. Records.Select(other => other.Commit == record.Commit ? record with { Date = other.Date } : other)] : [.. Records, record]);

    /// <summary>The file.</summary>
    /// <returns>Lines that end with one character.</returns>
    public string Write()
    {
        var text = new StringBuilder(Header).Append('\n');
        foreach (var record in Records)
        {
            foreach (var one in record.Modules)
            {
                text.Append(CultureInfo.InvariantCulture, $"{record.Date:yyyy-MM-dd},{record.Commit},{one.Module},{one.Types},{one.Members},{one.Lines},{one.Afferent},{one.Efferent},{one.Findings},{one.Baseline}\n");
            }
        }

        return text.ToString();
    }

    /// <summary>A module's numbers, the oldest first; commits that did not have it are left out.</summary>
    /// <param name="module">The module's folder.</param>
    /// <returns>The numbers.</returns>
    public IReadOnlyList<ModuleMetrics> Of(string module) => [.. Records.SelectMany(record => record.Modules.Where(one => one.Module == module))];

    private static (DateOnly Date, string Commit, ModuleMetrics Metrics)? Line(string line)
    {
        var cells = line.Split(',');
        var numbers = cells.Skip(3).Select(static cell => int.TryParse(cell, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1).ToList();
        return cells.Length == Columns && numbers.TrueForAll(static number => number >= 0) && DateOnly.TryParseExact(cells[0], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? (date, cells[1], new ModuleMetrics(cells[2], numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5], numbers[6]))
            : null;
    }
}
