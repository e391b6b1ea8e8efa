using System.Globalization;
using System.Text;

namespace ModularMonolith.Architecture.Contracts;

/// <summary>
/// The files in which the modules keep what they promise to each other and to their own history: <c>modules/Inventory/Inventory.surface.txt</c>, <c>Inventory.events.json</c> and
/// <c>Inventory.stored.json</c>. The platform's surface, on which all stand, is in <c>src/Platform</c>. Breaks that were decided on stand beside them, in <c>Inventory.surface.breaks.md</c> and its like.
/// </summary>
/// <param name="repository">The repository's folder.</param>
/// <param name="kinds">The kinds of files that are looked at.</param>
public sealed class KeptContracts(string repository, IReadOnlyList<ContractKind> kinds)
{
    /// <summary>Whether a file of the repository is one of these, or a list of breaks of them.</summary>
    /// <param name="path">Relative to the repository, with slashes.</param>
    /// <returns>True when it is.</returns>
    public bool IsKept(string path) => KindOf(path) is not null || (ContractKind.IsPlace(path) && kinds.Any(kind => path.EndsWith(kind.EndingOfBreaks, StringComparison.Ordinal)));

    /// <summary>Compares the files with compiled code.</summary>
    /// <param name="compiled">What the code promises.</param>
    /// <returns>The differences by path; files that agree are left out.</returns>
    /// <exception cref="FormatException">A file was not written by <see cref="Save"/>.</exception>
    public IReadOnlyDictionary<string, IReadOnlyList<ContractDifference>> Compare(CompiledContracts compiled)
    {
        var differences = new SortedDictionary<string, IReadOnlyList<ContractDifference>>(StringComparer.Ordinal);
        foreach (var (kind, path) in Paths(compiled))
        {
            if (kind.Compare(repository, path, Read(path), compiled.Texts.GetValueOrDefault(path)) is { Count: > 0 } found)
            {
                differences[path] = found;
            }
        }

        return differences;
    }

    /// <summary>Writes what compiled code promises into the files.</summary>
    /// <param name="compiled">What the code promises.</param>
    /// <param name="reason">Why something is broken; null to break nothing.</param>
    /// <param name="today">The date under which breaks are recorded.</param>
    /// <returns>The differences by path.</returns>
    /// <exception cref="BrokenContractsException">Something breaks and there is no reason. Nothing was written.</exception>
    /// <exception cref="FormatException">A file was not written by this.</exception>
    public IReadOnlyDictionary<string, IReadOnlyList<ContractDifference>> Save(CompiledContracts compiled, string? reason, DateOnly today)
    {
        var differences = Compare(compiled);
        var breaking = differences.SelectMany(static pair => pair.Value.Where(static difference => difference.IsBreaking).Select(difference => (pair.Key, difference))).ToList();
        if (breaking.Count > 0 && string.IsNullOrWhiteSpace(reason))
        {
            throw new BrokenContractsException(breaking);
        }

        foreach (var path in differences.Keys)
        {
            if (breaking.Where(pair => pair.Key == path).Select(static pair => pair.difference).ToList() is { Count: > 0 } broken)
            {
                Record(path, reason!, today, broken);
            }

            if (compiled.Texts.TryGetValue(path, out var text))
            {
                File.WriteAllText(Absolute(path), text);
            }
            else
            {
                File.Delete(Absolute(path));
            }
        }

        return differences;
    }

    /// <summary>Compares the files with what they were.</summary>
    /// <param name="former">The texts of all kept files before, by path; <see cref="IsKept"/> tells which they are.</param>
    /// <returns>The breaking differences, by path, that are no new version and that no list of breaks has a new line about.</returns>
    /// <exception cref="FormatException">A file was not written by <see cref="Save"/>.</exception>
    public IReadOnlyDictionary<string, IReadOnlyList<ContractDifference>> Unrecorded(IReadOnlyDictionary<string, string> former)
    {
        var unrecorded = new SortedDictionary<string, IReadOnlyList<ContractDifference>>(StringComparer.Ordinal);

        // A module whose folder is gone took its promises along.
        foreach (var (path, before) in former)
        {
            if (KindOf(path) is not { } kind)
            {
                continue;
            }

            var breaks = BreaksBeside(path, kind);
            var recorded = Lines(Read(breaks)).Except(Lines(former.GetValueOrDefault(breaks))).ToList();
            var found = kind.Compare(repository, path, before, Read(path)).Where(difference => difference.IsBreaking && !recorded.Exists(line => line.Contains(difference.Key, StringComparison.Ordinal))).ToList();
            if (found.Count > 0)
            {
                unrecorded[path] = found;
            }
        }

        return unrecorded;
    }

    private static IEnumerable<string> Lines(string? text) => (text ?? string.Empty).Split('\n').Where(static line => line.StartsWith("- `", StringComparison.Ordinal));

    private static string BreaksBeside(string path, ContractKind kind) => path[..^kind.Ending.Length] + kind.EndingOfBreaks;

    private IEnumerable<(ContractKind Kind, string Path)> Paths(CompiledContracts compiled) =>
        from folder in compiled.Folders
        from kind in kinds
        select (kind, kind.PathOf(folder));

    private ContractKind? KindOf(string path) => ContractKind.IsPlace(path) ? kinds.FirstOrDefault(kind => path.EndsWith(kind.Ending, StringComparison.Ordinal)) : null;

    private void Record(string path, string reason, DateOnly today, List<ContractDifference> broken)
    {
        var file = Absolute(BreaksBeside(path, KindOf(path)!));
        var text = new StringBuilder(File.Exists(file) ? File.ReadAllText(file) : $"# What broke in {Path.GetFileName(path)}\n");
        text.Append('\n').Append("## ").Append(today.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)).Append(": ").Append(reason.ReplaceLineEndings(" ").Trim()).Append("\n\n");
        foreach (var difference in broken)
        {
            text.Append("- ").Append(difference.Key).Append(": ").Append(difference.Reason).Append('\n');
        }

        File.WriteAllText(file, text.ToString());
    }

    private string? Read(string path) => File.Exists(Absolute(path)) ? File.ReadAllText(Absolute(path)).ReplaceLineEndings("\n") : null;

    private string Absolute(string path) => Path.Combine(repository, path);
}

/// <summary>Contracts were to be saved that break somebody.</summary>
/// <param name="differences">The breaking differences with their files.</param>
public sealed class BrokenContractsException(IReadOnlyList<(string Path, ContractDifference Difference)> differences)
    : Exception("The change breaks what was promised:\n" + string.Join('\n', differences.Select(static pair => $"{pair.Path}\n  {pair.Difference}")))
{
    /// <summary>The breaking differences with their files.</summary>
    public IReadOnlyList<(string Path, ContractDifference Difference)> Differences => differences;
}
