using ModularMonolith.Architecture.Contracts.Shapes;
using ModularMonolith.Architecture.Contracts.Surface;

namespace ModularMonolith.Architecture.Contracts;

/// <summary>One kind of file in which a module keeps what it promises.</summary>
public sealed class ContractKind
{
    /// <summary>The public surface of the module's Contracts assembly: <c>modules/X/X.surface.txt</c>.</summary>
    public static readonly ContractKind Surface = new(
        "surface", ".surface.txt", (before, after, _) => SurfaceComparison.Compare(SurfaceText.Read(before ?? string.Empty), SurfaceText.Read(after ?? string.Empty)));

    /// <summary>The JSON of its integration events: <c>modules/X/X.events.json</c>.</summary>
    public static readonly ContractKind Events = new("events", ".events.json", static (before, after, payloads) => ShapeComparison.Published(Shapes(before), Shapes(after), payloads));

    /// <summary>The JSON of the events in its streams: <c>modules/X/X.stored.json</c>.</summary>
    public static readonly ContractKind Stored = new("stored", ".stored.json", static (before, after, payloads) => ShapeComparison.Stored(Shapes(before), Shapes(after), payloads));

    private readonly Func<string?, string?, KeptPayloads, IReadOnlyList<ContractDifference>> _compare;

    private ContractKind(string name, string ending, Func<string?, string?, KeptPayloads, IReadOnlyList<ContractDifference>> compare)
    {
        Name = name;
        Ending = ending;
        _compare = compare;
    }

    /// <summary>All kinds.</summary>
    public static IReadOnlyList<ContractKind> All { get; } = [Surface, Events, Stored];

    /// <summary>What a person calls it: <c>surface</c>, <c>events</c> or <c>stored</c>.</summary>
    public string Name { get; }

    /// <summary>How its files end.</summary>
    public string Ending { get; }

    /// <summary>How the files end that say why something was broken.</summary>
    public string EndingOfBreaks => Ending[..Ending.LastIndexOf('.')] + ".breaks.md";

    /// <summary>The file of a module, or of the platform.</summary>
    /// <param name="folder">Its folder, relative to the repository, with slashes: <c>modules/Inventory</c>, <c>src/Platform</c>.</param>
    /// <returns>Relative to the repository, with slashes.</returns>
    public string PathOf(string folder) => $"{folder}/{folder[(folder.LastIndexOf('/') + 1)..]}{Ending}";

    /// <summary>Whether a file may be one of a module or of the platform.</summary>
    /// <param name="path">Relative to the repository, with slashes.</param>
    /// <returns>True for <c>modules/X/X.…</c> and <c>src/X/X.…</c>.</returns>
    public static bool IsPlace(string path) => path.Split('/') is ["modules" or "src", var folder, var file] && file.StartsWith(folder + ".", StringComparison.Ordinal);

    /// <summary>Compares two texts of a file.</summary>
    /// <param name="repository">The folder of the repository, where payloads are kept.</param>
    /// <param name="path">The file, relative to it.</param>
    /// <param name="before">What it said; null for no file.</param>
    /// <param name="after">What it says; null for no file.</param>
    /// <returns>The differences, by subject and place; none when the texts are the same.</returns>
    /// <exception cref="FormatException">A text is no file of this kind.</exception>
    public IReadOnlyList<ContractDifference> Compare(string repository, string path, string? before, string? after)
    {
        if (before == after)
        {
            return [];
        }

        try
        {
            var found = _compare(before, after, Payloads(repository, path.Split('/')[1]));
            return found.Count > 0
                ? [.. found.Distinct().OrderBy(static difference => difference.Subject, StringComparer.Ordinal).ThenBy(static difference => difference.Place, StringComparer.Ordinal)]
                : [DifferenceKinds.Of("text-changed").Between(System.IO.Path.GetFileName(path))];
        }
        catch (FormatException exception)
        {
            throw new FormatException($"{path} cannot be read: {exception.Message} Take the file of the commit before; these files are written by a command only.", exception);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Name;

    private static ShapeFile Shapes(string? text) => text is null ? ShapeFile.Empty : ShapeText.Read(text);

    private static KeptPayloads Payloads(string repository, string module)
    {
        var retired = Path.Combine(repository, "modules", module, module + ".Tests", "StoredEvents", "retired.txt");
        return new KeptPayloads(
            (name, version) => File.Exists(Path.Combine(repository, "modules", module, module + ".Contracts", "Events", FormattableString.Invariant($"{name}.v{version}.json"))),
            name => File.Exists(retired) && File.ReadLines(retired).Any(line => line.Split(' ', 2) is [var first, { Length: > 0 }] && first == name));
    }
}
