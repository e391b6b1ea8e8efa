using System.Text;

namespace ModularMonolith.Architecture.Contracts.Surface;

/// <summary>The file of a public surface: a line for each type, and indented below it one for each member.</summary>
internal static class SurfaceText
{
    private const string Indent = "    ";
    private const string Public = "public ";
    private const string Where = " where ";

    private static readonly string[] Kinds = ["record struct", "record", "class", "struct", "interface", "enum", "delegate"];
    private static readonly string[] MemberModifiers = ["static", "required", "abstract", "virtual", "override", "sealed", "readonly", "const", "protected"];

    /// <summary>Writes the file.</summary>
    public static string Write(IEnumerable<SurfaceType> types)
    {
        var text = new StringBuilder();
        foreach (var type in types.OrderBy(static type => type.Name, StringComparer.Ordinal))
        {
            text.Append(string.Concat(type.Attributes.Select(static attribute => attribute + " "))).Append(Public).Append(type.Modifiers).Append(type.Modifiers.Length > 0 ? " " : string.Empty)
                .Append(type.Kind).Append(' ').Append(type.Name);
            if (type.Parameters is { } parameters)
            {
                text.Append('(').AppendJoin(", ", parameters).Append(')');
            }

            text.Append(type.Bases.Count > 0 ? " : " + string.Join(", ", type.Bases) : string.Empty).Append(type.Constraints.Length > 0 ? Where + type.Constraints : string.Empty).Append('\n');
            foreach (var member in type.Members)
            {
                text.Append(Indent).Append(member.Text).Append('\n');
            }
        }

        return text.ToString();
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="FormatException">It was not written by <see cref="Write"/>; the message has the line.</exception>
    public static IReadOnlyList<SurfaceType> Read(string text)
    {
        var types = new List<SurfaceType>();
        var members = new List<SurfaceMember>();
        var number = 0;
        foreach (var line in text.Split('\n').Select(static line => line.TrimEnd('\r')))
        {
            number++;
            if (line.Length == 0)
            {
                continue;
            }

            if (line.StartsWith(Indent, StringComparison.Ordinal) && types.Count > 0)
            {
                members.Add(Member(line.Trim(), types[^1].Kind));
                continue;
            }

            Close();
            types.Add(Type(line) ?? throw new FormatException($"Line {number} is no type of a public surface: {line}"));
        }

        Close();
        return types;

        void Close()
        {
            if (members.Count > 0)
            {
                types[^1] = types[^1] with { Members = [.. members] };
                members.Clear();
            }
        }
    }

    /// <summary>Makes a member of its line.</summary>
    public static SurfaceMember Member(string text, string kindOfType)
    {
        if (kindOfType == "enum")
        {
            return Scan.SplitAt(text, " = ") is (var value, { } number) ? new SurfaceMember(value, text, Value: number) : new SurfaceMember(text, text);
        }

        var rest = Scan.WithoutAttributes(text, []);
        rest = rest.StartsWith(Public, StringComparison.Ordinal) ? rest[Public.Length..] : rest;
        var modifiers = new List<string>();
        while (Array.Find(MemberModifiers, modifier => rest.StartsWith(modifier + " ", StringComparison.Ordinal)) is { } found)
        {
            modifiers.Add(found);
            rest = rest[(found.Length + 1)..];
        }

        var (declaration, constant) = Scan.SplitAt(rest, " = ");
        var (head, accessors) = Scan.SplitAt(declaration, " { ");
        if (accessors is null && Scan.IndexOf(head, "(") is >= 0 and var open)
        {
            var name = head[(head[..open].LastIndexOf(' ') + 1)..open];
            return new SurfaceMember($"{name}({string.Join(", ", Scan.List(head[(open + 1)..head.LastIndexOf(')')]).Select(static parameter => Parameter(parameter).Type))})", text);
        }

        var part = Parameter(head);
        accessors = accessors?.Replace("protected set;", string.Empty, StringComparison.Ordinal).Replace("protected init;", string.Empty, StringComparison.Ordinal);
        var isData = accessors is not null && !modifiers.Contains("static") && (accessors.Contains("init;", StringComparison.Ordinal) || accessors.Contains("set;", StringComparison.Ordinal));
        return new SurfaceMember(part.Name, text, isData ? part with { Default = modifiers.Contains("required") ? null : string.Empty } : null, constant);
    }

    /// <summary>Makes a parameter of its text.</summary>
    public static SurfaceParameter Parameter(string text)
    {
        var (declaration, value) = Scan.SplitAt(text, " = ");
        var space = declaration.LastIndexOf(' ');
        return space < 0 ? new SurfaceParameter(declaration, string.Empty, value) : new SurfaceParameter(declaration[..space], declaration[(space + 1)..], value);
    }

    private static SurfaceType? Type(string line)
    {
        var attributes = new List<string>();
        var rest = Scan.WithoutAttributes(line, attributes);
        if (!rest.StartsWith(Public, StringComparison.Ordinal))
        {
            return null;
        }

        rest = rest[Public.Length..];
        var (kind, at) = Kinds.Select(kind => (kind, At: (" " + rest).IndexOf($" {kind} ", StringComparison.Ordinal))).Where(static found => found.At >= 0).OrderBy(static found => found.At).FirstOrDefault();
        if (kind is null)
        {
            return null;
        }

        var (head, constraints) = Scan.SplitAt(rest[(at + kind.Length + 1)..], Where);
        var (declaration, bases) = Scan.SplitAt(head, " : ");
        var open = Scan.IndexOf(declaration, "(");
        var parameters = open < 0 ? null : Scan.List(declaration[(open + 1)..declaration.LastIndexOf(')')]).Select(Parameter).ToList();
        return new SurfaceType(open < 0 ? declaration : declaration[..open], kind, rest[..at].Trim(), attributes, parameters, bases is null ? [] : [.. Scan.List(bases)], [], constraints ?? string.Empty);
    }
}
