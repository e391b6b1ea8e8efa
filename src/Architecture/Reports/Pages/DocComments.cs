using System.Collections.Concurrent;
using System.Text;
using System.Xml;
using System.Xml.Linq;
using ModularMonolith.Architecture.Graph;

namespace ModularMonolith.Architecture.Reports.Pages;

/// <summary>What the doc comments say, from the files that the compiler writes beside the assemblies.</summary>
internal sealed class DocComments(CodeGraph graph)
{
    private readonly ConcurrentDictionary<string, Dictionary<string, XElement>> _files = new(StringComparer.Ordinal);

    /// <summary>The summary of a type, on one line; empty when there is none.</summary>
    public string Summary(TypeName type) => Find(type) is { } member ? Text(member.Element("summary")) : string.Empty;

    /// <summary>What is said of a property: its own summary, or the parameter of a record's header.</summary>
    public string Property(TypeName type, string property)
    {
        var own = Members(type.Assembly).GetValueOrDefault($"P:{Id(type)}.{property}")?.Element("summary");
        return Text(own ?? Find(type)?.Elements("param").FirstOrDefault(parameter => (string?)parameter.Attribute("name") == property));
    }

    private XElement? Find(TypeName type) => Members(type.Assembly).GetValueOrDefault("T:" + Id(type));

    private static string Id(TypeName type) => type.FullName.Replace('/', '.');

    private Dictionary<string, XElement> Members(string assembly) => _files.GetOrAdd(assembly, name =>
    {
        var file = graph.Files.TryGetValue(name, out var path) ? Path.ChangeExtension(path, ".xml") : null;
        if (file is null || !File.Exists(file))
        {
            return [];
        }

        try
        {
            return XDocument.Load(file).Descendants("member").Where(static member => member.Attribute("name") is not null)
                .DistinctBy(static member => (string)member.Attribute("name")!).ToDictionary(static member => (string)member.Attribute("name")!, StringComparer.Ordinal);
        }
        catch (XmlException exception)
        {
            throw new ArchitectureException($"{file} is no valid XML: {exception.Message} Build the project again.");
        }
    });

    private static string Text(XElement? element)
    {
        var text = new StringBuilder();
        Add(element, text);
        return string.Join(' ', text.ToString().Split([' ', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries));
    }

    private static void Add(XElement? element, StringBuilder text)
    {
        foreach (var node in element?.Nodes() ?? [])
        {
            switch (node)
            {
                case XText plain:
                    text.Append(plain.Value);
                    break;
                case XElement { Name.LocalName: "c" } code:
                    text.Append('`').Append(code.Value).Append('`');
                    break;
                case XElement named when ((string?)named.Attribute("cref") ?? (string?)named.Attribute("name") ?? (string?)named.Attribute("langword")) is { } name && named.IsEmpty:
                    text.Append('`').Append(Short(name)).Append('`');
                    break;
                case XElement inner:
                    text.Append(' ');
                    Add(inner, text);
                    text.Append(' ');
                    break;
            }
        }
    }

    // T:Space.Type, and M:Space.Type.Member(parameters) as Type.Member.
    private static string Short(string name)
    {
        var plain = name.Split('(')[0];
        var parts = (plain.Contains(':', StringComparison.Ordinal) ? plain[(plain.IndexOf(':', StringComparison.Ordinal) + 1)..] : plain).Split('.');
        var taken = plain.StartsWith("T:", StringComparison.Ordinal) ? parts[^1..] : parts.Length > 1 ? parts[^2..] : parts;
        return string.Join('.', taken.Select(static part => part.IndexOf('`', StringComparison.Ordinal) is > 0 and var arity ? part[..arity] : part));
    }
}
