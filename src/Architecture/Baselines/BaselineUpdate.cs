using ModularMonolith.Architecture.Rules;

namespace ModularMonolith.Architecture.Baselines;

/// <summary>Writes baselines anew: what is found no more is taken out; what is new is taken in, with owner, reason and last day.</summary>
public static class BaselineUpdate
{
    /// <summary>Works out the new text of each baseline.</summary>
    /// <param name="findings">What the rules find, what the policy accepts left out.</param>
    /// <param name="present">The baselines as they are.</param>
    /// <param name="added">What new entries say; null where none may be added.</param>
    /// <returns>The texts by path; null where the file goes away. Only what changes.</returns>
    /// <exception cref="ArchitectureException">There is something new, and nothing may be added.</exception>
    public static IReadOnlyDictionary<string, string?> Of(IReadOnlyList<Finding> findings, BaselineSet present, NewEntries? added)
    {
        var texts = new SortedDictionary<string, string?>(StringComparer.Ordinal);
        var files = present.Files.ToDictionary(static file => file.Path, StringComparer.Ordinal);
        var found = findings.ToLookup(static finding => BaselineFile.PathOf(finding.Module), StringComparer.Ordinal);
        foreach (var path in files.Keys.Union(found.Select(static group => group.Key)).Order(StringComparer.Ordinal))
        {
            var before = files.TryGetValue(path, out var file) ? file.Entries.Select(static item => item.Entry).DistinctBy(static entry => entry.Key).ToDictionary(static entry => entry.Key) : [];
            var keys = found[path].Select(BaselineEntry.KeyOf).Distinct().ToList();
            var unknown = keys.Where(key => !before.ContainsKey(key)).ToList();
            if (unknown.Count > 0 && added is null)
            {
                var (rule, from, to) = unknown[0];
                throw new ArchitectureException(
                    $"{path} would grow by {unknown.Count} ({rule}: {from} -> {to}). Repair the code; or, outside of CI, say who repairs it, why not now and until when: mm baseline update --owner team-x --reason \"…\" --expires yyyy-mm-dd.");
            }

            var entries = keys.Select(key => before.TryGetValue(key, out var known) ? known : added!.Entry(key)).ToList();
            var text = entries.Count == 0 ? null : BaselineFile.Write(entries);
            if (text is null || file is null || file.Faults.Count > 0 || BaselineFile.Write(before.Values) != text)
            {
                texts[path] = text;
            }
        }

        return texts;
    }
}

/// <summary>What new entries of a baseline say.</summary>
/// <param name="Owner">Who repairs it.</param>
/// <param name="Because">Why it is still there.</param>
/// <param name="Until">The last day.</param>
public sealed record NewEntries(string Owner, string Because, DateOnly Until)
{
    internal BaselineEntry Entry((string Rule, string From, string To) key) => new(key.Rule, key.From, key.To, BaselineEntry.Plain(Owner), BaselineEntry.Plain(Because), Until);
}
