using System.Text;
using System.Text.Json.Nodes;

namespace ModularMonolith.HttpContracts;

/// <summary>
/// The contract files of a repository: <c>modules/Catalog/Catalog.openapi.json</c> has what the module promises to clients, <c>src/Platform/Platform.openapi.json</c> what the platform does.
/// Breaks that were decided on stand beside them, in <c>Catalog.openapi.breaks.md</c>.
/// </summary>
/// <param name="repository">The repository's folder.</param>
public sealed class ContractFiles(string repository)
{
    private const string Contract = ".openapi.json";
    private const string Breaks = ".openapi.breaks.md";
    private const string PlatformFolder = "src/Platform";

    /// <summary>Finds the repository that a folder is part of.</summary>
    /// <param name="folder">Where to begin.</param>
    /// <returns>The files of the repository.</returns>
    /// <exception cref="DirectoryNotFoundException">The folder is not part of this repository.</exception>
    public static ContractFiles Above(string folder)
    {
        for (var candidate = new DirectoryInfo(folder); candidate is not null; candidate = candidate.Parent)
        {
            if (File.Exists(Path.Combine(candidate.FullName, "ModularMonolith.sln")))
            {
                return new ContractFiles(candidate.FullName);
            }
        }

        throw new DirectoryNotFoundException($"{folder} is not below the folder of ModularMonolith.sln.");
    }

    /// <summary>The repository's folder.</summary>
    public string Repository => repository;

    /// <summary>The contracts of all owners, also of those that have no file yet, relative to the repository.</summary>
    /// <returns>Paths with slashes, by owner.</returns>
    public IReadOnlyDictionary<string, string> Paths() => Directory.GetDirectories(Path.Combine(repository, "modules")).Order(StringComparer.Ordinal)
        .Select(static folder => Path.GetFileName(folder))
        .ToDictionary(static module => module.ToLowerInvariant(), static module => $"modules/{module}/{module}{Contract}", StringComparer.Ordinal)
        .Append(KeyValuePair.Create(ContractDocument.Platform, $"{PlatformFolder}/Platform{Contract}"))
        .ToDictionary(StringComparer.Ordinal);

    /// <summary>Reads the file of an owner.</summary>
    /// <param name="path">From <see cref="Paths"/>.</param>
    /// <returns>The contract; an empty one when there is no file.</returns>
    public JsonObject Read(string path) => File.Exists(Absolute(path)) ? ContractDocument.Read(File.ReadAllText(Absolute(path))) : Empty();

    /// <summary>Compares the files with what a host publishes.</summary>
    /// <param name="published">The whole document.</param>
    /// <returns>The changes by path of the file; files that agree are left out.</returns>
    public IReadOnlyDictionary<string, IReadOnlyList<ContractChange>> Compare(JsonObject published)
    {
        var parts = ContractDocument.Split(published, [.. Paths().Keys]);
        return Paths().Select(pair => (pair.Value, Changes: ContractComparison.Compare(Read(pair.Value), parts.GetValueOrDefault(pair.Key) ?? Empty())))
            .Where(static pair => pair.Changes.Count > 0)
            .ToDictionary(static pair => pair.Value, static pair => pair.Changes, StringComparer.Ordinal);
    }

    /// <summary>Compares the files with what they were.</summary>
    /// <param name="former">The texts of all contracts and files of breaks before, by path; <see cref="IsKept"/> tells which they are.</param>
    /// <returns>The breaking changes, by path of the contract, that no file of breaks has a new line about.</returns>
    public IReadOnlyDictionary<string, IReadOnlyList<ContractChange>> Unrecorded(IReadOnlyDictionary<string, string> former)
    {
        var recorded = Paths().Values.Select(BreaksBeside)
            .SelectMany(path => Lines(File.Exists(Absolute(path)) ? File.ReadAllText(Absolute(path)) : null).Except(Lines(former.GetValueOrDefault(path)))).ToList();
        var unrecorded = new Dictionary<string, IReadOnlyList<ContractChange>>(StringComparer.Ordinal);

        // A module whose folder is gone took its contract along.
        foreach (var path in former.Keys.Where(static path => path.EndsWith(Contract, StringComparison.Ordinal)))
        {
            var breaking = ContractComparison.Compare(ContractDocument.Read(former[path]), Read(path))
                .Where(change => change.IsBreaking && !recorded.Exists(line => line.Contains(change.Key, StringComparison.Ordinal))).ToList();
            if (breaking.Count > 0)
            {
                unrecorded[path] = breaking;
            }
        }

        return unrecorded;
    }

    /// <summary>Whether a file of the repository is a contract, or a list of breaks.</summary>
    /// <param name="path">Relative to the repository.</param>
    /// <returns>True when it is.</returns>
    public static bool IsKept(string path) => path.EndsWith(Contract, StringComparison.Ordinal) || path.EndsWith(Breaks, StringComparison.Ordinal);

    /// <summary>Writes what a host publishes into the files.</summary>
    /// <param name="published">The whole document.</param>
    /// <param name="reason">Why breaking changes are made; null to allow none.</param>
    /// <param name="today">The date under which they are recorded.</param>
    /// <returns>The changes by path of the file.</returns>
    /// <exception cref="BreakingChangesException">There are breaking changes and no reason. Nothing was written.</exception>
    public IReadOnlyDictionary<string, IReadOnlyList<ContractChange>> Save(JsonObject published, string? reason, DateOnly today)
    {
        var changes = Compare(published);
        var breaking = changes.Values.SelectMany(static list => list).Where(static change => change.IsBreaking).ToList();
        if (breaking.Count > 0 && string.IsNullOrWhiteSpace(reason))
        {
            throw new BreakingChangesException(breaking);
        }

        var parts = ContractDocument.Split(published, [.. Paths().Keys]);
        foreach (var (owner, path) in Paths())
        {
            if (changes.TryGetValue(path, out var list) && list.Where(static change => change.IsBreaking).ToList() is { Count: > 0 } broken)
            {
                Record(path, reason!, today, broken);
            }

            if (parts.TryGetValue(owner, out var part))
            {
                File.WriteAllText(Absolute(path), ContractDocument.Write(part));
            }
            else
            {
                File.Delete(Absolute(path));
            }
        }

        return changes;
    }

    private static JsonObject Empty() => new() { ["openapi"] = "3.1.1", ["paths"] = new JsonObject() };

    private static string BreaksBeside(string contract) => contract[..^Contract.Length] + Breaks;

    private static IEnumerable<string> Lines(string? text) => (text ?? string.Empty).Split('\n').Where(static line => line.StartsWith("- `", StringComparison.Ordinal));

    private void Record(string path, string reason, DateOnly today, List<ContractChange> broken)
    {
        var file = Absolute(BreaksBeside(path));
        var text = new StringBuilder(File.Exists(file) ? File.ReadAllText(file) : $"# What broke in {Path.GetFileName(path)}\n");
        text.Append('\n').Append("## ").Append(today.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)).Append(": ").Append(reason.ReplaceLineEndings(" ").Trim()).Append("\n\n");
        foreach (var change in broken)
        {
            text.Append("- ").Append(change.Key).Append(": ").Append(change.Reason).Append('\n');
        }

        File.WriteAllText(file, text.ToString());
    }

    private string Absolute(string path) => Path.Combine(repository, path);
}

/// <summary>Contracts were to be saved that break clients.</summary>
/// <param name="changes">The changes that break them.</param>
public sealed class BreakingChangesException(IReadOnlyList<ContractChange> changes)
    : Exception("The new contract breaks clients:\n" + string.Join('\n', changes))
{
    /// <summary>The changes that break clients.</summary>
    public IReadOnlyList<ContractChange> Changes => changes;
}
