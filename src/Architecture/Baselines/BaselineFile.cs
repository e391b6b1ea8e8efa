namespace ModularMonolith.Architecture.Baselines;

/// <summary>A module's baseline: <c>modules/X/X.baseline.txt</c>. What is outside of modules is in <c>src/src.baseline.txt</c>.</summary>
/// <param name="Path">Relative to the repository, with slashes.</param>
/// <param name="Entries">The entries in their order, with the lines on which they stand.</param>
/// <param name="Faults">What is wrong with the file, with the line. A file with a fault lets nothing through.</param>
public sealed record BaselineFile(string Path, IReadOnlyList<(int Line, BaselineEntry Entry)> Entries, IReadOnlyList<(int Line, string What)> Faults)
{
    private const string Header = "# Violations that are known and are to go away. Written by: mm baseline update";

    /// <summary>Where a module's baseline stands; null for what is outside of modules.</summary>
    public static string PathOf(string? module) => module is null ? "src/src.baseline.txt" : $"modules/{module}/{module}.baseline.txt";

    /// <summary>Reads a baseline.</summary>
    /// <param name="path">Relative to the repository.</param>
    /// <param name="text">What it says.</param>
    /// <returns>The entries and what is wrong.</returns>
    public static BaselineFile Read(string path, string text)
    {
        var entries = new List<(int, BaselineEntry)>();
        var faults = new List<(int, string)>();
        var lines = text.ReplaceLineEndings("\n").Split('\n');
        BaselineEntry? before = null;
        if (lines[0] != Header)
        {
            faults.Add((1, "does not begin with the line that all baselines begin with; it was cut off or is something else"));
        }

        for (var i = 1; i < lines.Length; i++)
        {
            var line = lines[i];
            if (line.Length == 0 && i == lines.Length - 1)
            {
                continue;
            }

            if (line.StartsWith("<<<<<<<", StringComparison.Ordinal) || line.StartsWith("=======", StringComparison.Ordinal) || line.StartsWith(">>>>>>>", StringComparison.Ordinal))
            {
                faults.Add((i + 1, "holds an unresolved merge conflict"));
            }
            else if (BaselineEntry.Parse(line) is not { } entry)
            {
                faults.Add((i + 1, "is no entry: rule | from -> to | owner: … | because: … | until: yyyy-mm-dd"));
            }
            else
            {
                if (before is not null && string.CompareOrdinal(Order(before), Order(entry)) >= 0)
                {
                    faults.Add((i + 1, before.Key == entry.Key ? "repeats the entry above" : "stands out of order"));
                }

                before = entry;
                entries.Add((i + 1, entry));
            }
        }

        return new BaselineFile(path, entries, faults);
    }

    /// <summary>A baseline's text: sorted, one line for each entry.</summary>
    public static string Write(IEnumerable<BaselineEntry> entries) =>
        Header + "\n" + string.Concat(entries.DistinctBy(static entry => entry.Key).OrderBy(Order, StringComparer.Ordinal).Select(static entry => entry + "\n"));

    private static string Order(BaselineEntry entry) => $"{entry.Rule} | {entry.From} -> {entry.To}";
}
