using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace ModularMonolith.Architecture.Reading;

/// <summary>What a project imports for all of its files, as far as names of other types depend on it: in one of its sources with <c>global using</c>, or with <c>Using</c> in the project file.</summary>
/// <param name="Namespaces">The namespaces that the project file imports.</param>
/// <param name="Statics">The types whose members are written without them.</param>
/// <param name="Aliases">Other names, and what they stand for.</param>
internal sealed partial record GlobalUsings(IReadOnlyList<string> Namespaces, IReadOnlyList<string> Statics, IReadOnlyDictionary<string, string> Aliases)
{
    /// <summary>Nothing.</summary>
    public static GlobalUsings None { get; } = new([], [], new Dictionary<string, string>());

    /// <summary>Reads them.</summary>
    /// <param name="project">The project file's path.</param>
    /// <param name="sources">What its sources say.</param>
    public static GlobalUsings Of(string project, IEnumerable<string> sources)
    {
        var namespaces = new List<string>();
        var statics = new List<string>();
        var aliases = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var item in Items(project))
        {
            if (item.Attribute("Alias") is { Value: var alias })
            {
                aliases[alias] = item.Attribute("Include")!.Value;
            }
            else
            {
                (string.Equals((string?)item.Attribute("Static"), "true", StringComparison.OrdinalIgnoreCase) ? statics : namespaces).Add(item.Attribute("Include")!.Value);
            }
        }

        foreach (var text in sources.Where(static text => text.Contains("global using", StringComparison.Ordinal)))
        {
            foreach (Match found in Directive().Matches(text))
            {
                var target = found.Groups["target"].Value.Replace("global::", string.Empty, StringComparison.Ordinal);
                if (found.Groups["static"].Success)
                {
                    statics.Add(target);
                }
                else
                {
                    aliases[found.Groups["alias"].Value] = target;
                }
            }
        }

        return namespaces.Count + statics.Count + aliases.Count == 0 ? None : new(namespaces, statics, aliases);
    }

    private static IEnumerable<XElement> Items(string project) =>
        File.ReadAllText(project) is var text && text.Contains("<Using ", StringComparison.Ordinal) ? XDocument.Parse(text).Descendants("Using").Where(static item => item.Attribute("Include") is not null) : [];

    // Plain namespaces are read with the file that imports them.
    [GeneratedRegex(@"^\s*global using (?:(?<static>static) |(?<alias>\w+)\s*=\s*)(?<target>[\w.:]+)\s*;", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Directive();
}
