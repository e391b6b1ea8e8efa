using System.Reflection;
using System.Text.RegularExpressions;

namespace ModularMonolith.EndToEnd.Tests.Security;

/// <summary>Who may call what, as the modules declare it: <c>modules/X/X.access.txt</c> and <c>src/Platform/Platform.access.txt</c>, a line for each method and route.</summary>
internal static partial class AccessMatrix
{
    /// <summary>The columns, in the order of the files.</summary>
    public static readonly IReadOnlyList<string> Callers = ["anonymous", "customer", "other", "clerk", "admin", "key"];

    private static readonly string Repository = typeof(AccessMatrix).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(metadata => metadata.Key == "RepositoryFolder").Value!;

    /// <summary>What is declared, by method and route.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Read()
    {
        var rows = new Dictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.Ordinal);
        foreach (var file in Files())
        {
            foreach (var line in File.ReadLines(file).Where(static line => line.Length > 0 && line[0] != '#'))
            {
                var cells = Blanks().Split(line.Trim());
                Assert.True(cells.Length == Callers.Count + 2, $"{Path.GetFileName(file)}: a line has a method, a route and {Callers.Count} cells: {line}");
                Assert.True(rows.TryAdd($"{cells[0]} {cells[1]}", Callers.Zip(cells[2..]).ToDictionary(StringComparer.Ordinal)), $"{Path.GetFileName(file)}: twice: {line}");
            }
        }

        return rows;
    }

    /// <summary>What the files want to be there for their routes to be about: <c># @resource /api/x/cards/{id} = customer POST /api/x/cards {"title":"Mine"}</c>.</summary>
    public static IReadOnlyList<DeclaredResource> Resources() =>
    [
        .. from file in Files()
           from line in File.ReadLines(file).Where(static line => line.StartsWith("# @resource", StringComparison.Ordinal))
           let match = ResourceLine().Match(line)
           select match.Success
               ? new DeclaredResource(match.Groups[1].Value, match.Groups[2].Value, match.Groups[3].Value, match.Groups[4].Value, match.Groups[5].Value)
               : throw new FormatException($"{Path.GetFileName(file)}: a resource is written '# @resource /api/x/cards/{{id}} = customer POST /api/x/cards {{\"title\":\"Mine\"}}': {line}"),
    ];

    /// <summary>The running table: every method and route that a host serves.</summary>
    public static async Task<IReadOnlyList<(string Method, string Route)>> ServedAsync(HostSettings settings)
    {
        var (exitCode, output) = await HostProcess.RunToEndAsync(settings, "endpoints");
        Assert.True(exitCode == 0, output);
        return [.. output.Split('\n').Select(static line => ServedLine().Match(line)).Where(static match => match.Success).Select(static match => (match.Groups[1].Value, match.Groups[2].Value))];
    }

    /// <summary>A line as it stands in a file.</summary>
    public static string Line(string route, IEnumerable<string> cells) => $"{route.PadRight(72)} {string.Join(' ', cells.Select(static cell => cell.PadRight(9)))}".TrimEnd();

    private static IEnumerable<string> Files() => Directory.GetDirectories(Path.Combine(Repository, "modules")).SelectMany(static module => Directory.GetFiles(module, "*.access.txt"))
        .Append(Path.Combine(Repository, "src", "Platform", "Platform.access.txt"));

    [GeneratedRegex(@"^# @resource (/\S*\{(\w+)\}) = (\w+) POST (/\S+) (\{.*\})$")]
    private static partial Regex ResourceLine();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Blanks();

    [GeneratedRegex(@"^([A-Z]+|\*) +(/\S*) ")]
    private static partial Regex ServedLine();
}

/// <summary>Something that is made before routes are called that are about it.</summary>
/// <param name="Route">Its address, ending in the parameter that names it.</param>
/// <param name="Member">The parameter, which is also the member of the answer that has its value.</param>
/// <param name="Maker">Who makes it, as the columns are called.</param>
/// <param name="Path">Where it is made.</param>
/// <param name="Body">From what, in JSON.</param>
internal sealed record DeclaredResource(string Route, string Member, string Maker, string Path, string Body);
