using System.Collections.Frozen;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ModularMonolith.HttpContracts;

namespace ModularMonolith.Cli.Modules;

/// <summary>
/// The files that a new module begins with. Each stands below <c>Template</c> as it will be, with <c>__Module__</c>, <c>__module__</c>, <c>__owner__</c> and <c>__Purpose__</c> in place of what the
/// new module says. What depends on the alphabetical order of names is put in order here, so that tools that write or check these files change nothing of them.
/// </summary>
internal static partial class ModuleTemplate
{
    private const string Prefix = "template/";
    private const string Contract = ".openapi.json";

    // The width of the first column of a file of accesses.
    private const int RouteColumn = 73;

    private static readonly Lazy<FrozenDictionary<string, string>> Files = new(static () =>
    {
        var assembly = Assembly.GetExecutingAssembly();
        return assembly.GetManifestResourceNames().Where(static name => name.StartsWith(Prefix, StringComparison.Ordinal)).ToFrozenDictionary(static name => name[Prefix.Length..], name =>
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!, Encoding.UTF8);
            return reader.ReadToEnd().ReplaceLineEndings("\n");
        }, StringComparer.Ordinal);
    });

    /// <summary>The files of a module.</summary>
    /// <param name="module">The module.</param>
    /// <param name="platformContract">What the platform promises to clients (<c>src/Platform/Platform.openapi.json</c>), of which the module's contract repeats the parts that it refers to.</param>
    /// <returns>The texts by path below the module's folder, with slashes, in ordinal order.</returns>
    /// <exception cref="FormatException">The platform's contract is none.</exception>
    public static SortedDictionary<string, string> Render(NewModule module, string platformContract)
    {
        var files = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (path, text) in Files.Value)
        {
            var name = Fill(path, module, string.Empty);
            files[name] = name switch
            {
                _ when name.EndsWith(".cs", StringComparison.Ordinal) => WithSortedUsings(Fill(text, module, module.Purpose.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal))),
                _ when name.EndsWith(".access.txt", StringComparison.Ordinal) => Fill(text, module, string.Empty).Split('\n').Aggregate(new StringBuilder(), static (lines, line) => lines.Append(Aligned(line)).Append('\n')).ToString()[..^1],
                _ when name.EndsWith(Contract, StringComparison.Ordinal) => Completed(Fill(text, module, JsonSerializer.Serialize(module.Purpose)[1..^1]), module, platformContract),
                _ => Fill(text, module, module.Purpose),
            };
        }

        return files;
    }

    /// <summary>
    /// A name of the example that its code, or that of every module, uses for something else already: a module called Task would have its own namespace in place of the type.
    /// Null when there is none.
    /// </summary>
    /// <param name="name">The name that the module would have.</param>
    public static string? Clash(string name)
    {
        var texts = Files.Value.Where(static file => file.Key.EndsWith(".cs", StringComparison.Ordinal)).Select(static file => file.Value).ToList();
        var words = texts.SelectMany(static text => Word().Matches(text)).Select(static match => match.Value).ToHashSet(StringComparer.Ordinal);
        var own = words.Where(static word => word.Contains("__Module__", StringComparison.Ordinal)).Select(word => word.Replace("__Module__", name, StringComparison.Ordinal)).ToHashSet(StringComparer.Ordinal);
        return own.FirstOrDefault(words.Contains) ?? (IsCommonType(name) ? name : null);
    }

    // The namespaces that every file sees (ImplicitUsings).
    private static bool IsCommonType(string name) => new[] { typeof(object), typeof(Enumerable), typeof(HttpClient), typeof(Uri), typeof(Queue<>) }
        .SelectMany(static type => type.Assembly.GetExportedTypes())
        .Any(type => type.Namespace is "System" or "System.Collections.Generic" or "System.IO" or "System.Linq" or "System.Net.Http" or "System.Threading" or "System.Threading.Tasks" && type.Name.Split('`')[0] == name);

    private static string Fill(string text, NewModule module, string purpose) => text
        .Replace("__Module__", module.Name, StringComparison.Ordinal)
        .Replace("__module__", module.LowerName, StringComparison.Ordinal)
        .Replace("__owner__", module.Owner, StringComparison.Ordinal)
        .Replace("__Purpose__", purpose, StringComparison.Ordinal);

    private static string WithSortedUsings(string text)
    {
        var lines = text.Split('\n');
        var count = lines.TakeWhile(static line => line.StartsWith("using ", StringComparison.Ordinal)).Count();
        var sorted = lines[..count].OrderBy(static line => !line.StartsWith("using System", StringComparison.Ordinal)).ThenBy(static line => line.TrimEnd(';'), StringComparer.OrdinalIgnoreCase);
        return string.Join('\n', sorted.Concat(lines[count..]));
    }

    private static string Aligned(string line) => line.Split('\t') is [var route, var cells] ? route.PadRight(RouteColumn) + cells : line;

    // As the command writes it that keeps the contracts: with the components that the operations use, in their order.
    private static string Completed(string text, NewModule module, string platformContract)
    {
        var document = ContractDocument.Read(text);
        var platform = ContractDocument.Read(platformContract);
        document["openapi"] = platform["openapi"]!.DeepClone();
        document["info"] = new JsonObject { ["title"] = ((string)platform["info"]!["title"]!).Replace($": {ContractDocument.Platform}", string.Empty, StringComparison.Ordinal), ["version"] = platform["info"]!["version"]!.DeepClone() };
        document["servers"] = platform["servers"]?.DeepClone();
        var components = document["components"]!.AsObject();
        foreach (var (kind, named) in platform["components"]!.AsObject())
        {
            var own = components[kind]?.AsObject() ?? [];
            components[kind] = own;
            foreach (var (name, component) in named!.AsObject())
            {
                own.TryAdd(name, component?.DeepClone());
            }
        }

        return ContractDocument.Write(ContractDocument.Split(document, [module.LowerName])[module.LowerName]);
    }

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();
}
