using ModularMonolith.Architecture.Graph;
using ModularMonolith.Architecture.Rules;
using ModularMonolith.Architecture.Verification;

namespace ModularMonolith.Architecture.Baselines;

/// <summary>The baselines of a repository.</summary>
/// <param name="Files">The files that are there.</param>
public sealed record BaselineSet(IReadOnlyList<BaselineFile> Files)
{
    /// <summary>None.</summary>
    public static BaselineSet Empty { get; } = new([]);

    /// <summary>What baselines in a base version say, by path, when entries may only go away. Null: that is not asked.</summary>
    public IReadOnlyDictionary<string, BaselineFile>? Former { get; init; }

    /// <summary>Reads the baselines of a checkout.</summary>
    /// <param name="root">The repository.</param>
    /// <returns>The files, with what is wrong with them.</returns>
    public static BaselineSet Read(string root) => new([.. Paths(root).Where(path => File.Exists(Path.Combine(root, path))).Select(path => BaselineFile.Read(path, Text(root, path)))]);

    /// <summary>The places where baselines may stand.</summary>
    public static IEnumerable<string> Paths(string root) =>
        new DirectoryInfo(Path.Combine(root, "modules")) is { Exists: true } modules
            ? [.. modules.EnumerateDirectories().Select(static module => module.Name).Order(StringComparer.Ordinal).Select(BaselineFile.PathOf), BaselineFile.PathOf(null)]
            : [BaselineFile.PathOf(null)];

    /// <summary>Separates what is known from what is new, and says what is wrong with the baselines themselves.</summary>
    /// <param name="findings">What the rules find.</param>
    /// <param name="today">Entries whose last day is before it have expired.</param>
    /// <param name="rules">The rules that ran; entries of others are left alone.</param>
    public (IReadOnlyList<Finding> New, IReadOnlyList<Finding> Known, IReadOnlyList<Finding> Faults) Judge(IReadOnlyList<Finding> findings, DateOnly today, IReadOnlySet<string> rules)
    {
        var faults = new List<Finding>();
        var let = new HashSet<(string, (string, string, string))>();
        foreach (var file in Files)
        {
            faults.AddRange(file.Faults.Select(fault => Fault(file, fault.Line, fault.What)));
            foreach (var (line, entry) in file.Entries)
            {
                if (entry.Until < today)
                {
                    faults.Add(Fault(file, line, $"has expired on {entry.Until:yyyy-MM-dd}: {entry.Rule}, {entry.From} -> {entry.To}, of {entry.Owner}"));
                }
                else if (file.Faults.Count == 0)
                {
                    let.Add((file.Path, entry.Key));
                }
            }

            faults.AddRange(Added(file));
        }

        var byFinding = findings.ToLookup(finding => let.Contains((BaselineFile.PathOf(finding.Module), BaselineEntry.KeyOf(finding))));
        var needed = findings.Select(static finding => (BaselineFile.PathOf(finding.Module), BaselineEntry.KeyOf(finding))).ToHashSet();
        foreach (var file in Files)
        {
            faults.AddRange(from item in file.Entries
                            where rules.Contains(item.Entry.Rule) && !needed.Contains((file.Path, item.Entry.Key))
                            select Fault(file, item.Line, $"is stale: {item.Entry.Rule} does not find {item.Entry.From} -> {item.Entry.To} any more"));
        }

        return ([.. byFinding[false]], [.. byFinding[true]], faults);
    }

    // A repository that has no baselines yet may begin with some; from then on they only shrink, or an entry is moved on by an architect's hand outside of CI.
    private IEnumerable<Finding> Added(BaselineFile file)
    {
        if (Former is null or { Count: 0 })
        {
            yield break;
        }

        var before = Former.TryGetValue(file.Path, out var former) ? former.Entries.Select(static item => item.Entry).ToDictionary(static entry => entry.Key) : [];
        foreach (var (line, entry) in file.Entries)
        {
            if (!before.TryGetValue(entry.Key, out var known))
            {
                yield return Fault(file, line, $"is new: {entry.Rule}, {entry.From} -> {entry.To}");
            }
            else if (known.Until < entry.Until)
            {
                yield return Fault(file, line, $"was put off from {known.Until:yyyy-MM-dd} to {entry.Until:yyyy-MM-dd}: {entry.Rule}, {entry.From} -> {entry.To}");
            }
        }
    }

    private static Finding Fault(BaselineFile file, int line, string what) =>
        new(file.Path, what) { Rule = Verifier.BaselineRule.Name, Module = file.Path.Split('/') is ["modules", var module, ..] ? module : null, Span = new SourceSpan(file.Path, line, 1, line, 2) };

    private static string Text(string root, string path)
    {
        try
        {
            return File.ReadAllText(Path.Combine(root, path));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ArchitectureException($"{path} cannot be read, so nothing is let through: {exception.Message}");
        }
    }
}
