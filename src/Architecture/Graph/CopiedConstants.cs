namespace ModularMonolith.Architecture.Graph;

/// <summary>
/// Constants, enumeration values and names (<c>nameof</c>) of other assemblies. The compiler copies their values, so that nothing in the compiled code says where they
/// come from: the sources do. A name counts when the file imports the type's namespace, or stands in it.
/// </summary>
internal static class CopiedConstants
{
    public static IEnumerable<Edge> Of(CodeGraph graph, AssemblyFacts assembly)
    {
        if (graph.ProjectOf(assembly.Name) is not { } project || project.Sources.Count == 0)
        {
            yield break;
        }

        var everywhere = project.Sources.SelectMany(static file => file.Usings).Where(static import => import.StartsWith("global ", StringComparison.Ordinal)).Select(static import => import[7..]).ToList();
        foreach (var file in project.Sources)
        {
            foreach (var name in file.Names.SelectMany(Readings))
            {
                foreach (var (owner, type) in graph.NamedTypes(name.Left))
                {
                    if (owner != assembly.Name && IsCopied(type, name) && Imports(file, everywhere, type, name) && Around(assembly, file, name) is { } from)
                    {
                        var span = new SourceSpan(file.Path, name.Line, name.Column, name.Line, name.Column + Math.Max(name.Right.Length, 1));
                        yield return new Edge(EdgeKind.Constant, assembly, from, null, new TypeName(owner, type.Name.FullName, []), name.Right.Length > 0 ? name.Right : null, span);
                    }
                }
            }
        }
    }

    // nameof(Orders.Order.Lines) ends with a member, nameof(Orders.Order) with a type.
    private static IEnumerable<DottedName> Readings(DottedName name) => name is { IsNameOf: true, Right.Length: > 0 }
        ? [name, name with { Left = name.Right, Right = string.Empty, Qualifier = name.Qualifier.Length == 0 ? name.Left : name.Qualifier + "." + name.Left }]
        : [name];

    private static bool IsCopied(TypeFacts type, DottedName name) =>
        name.IsNameOf ? name.Right.Length == 0 || type.Members.Any(member => member.Name == name.Right)
        : type.Members.Any(member => member.Name == name.Right && member.Is(MemberFlags.Constant));

    private static bool Imports(SourceFile file, List<string> everywhere, TypeFacts type, DottedName name)
    {
        var space = type.Name.Namespace;
        if (name.Qualifier.Length > 0)
        {
            var target = Plain(type.Name.FullName).Replace('/', '.');
            var full = name.Qualifier + "." + name.Left;
            return target == full || (target.EndsWith("." + full, StringComparison.Ordinal) && Reaches(file, everywhere, target[..^(full.Length + 1)]));
        }

        return Reaches(file, everywhere, space) || file.Usings.Any(import => import.EndsWith(Describe.Target(type.Name, null), StringComparison.Ordinal));
    }

    // Whether names of a namespace can be written without it: it is imported, or the file stands in it.
    private static bool Reaches(SourceFile file, List<string> everywhere, string space) =>
        file.Usings.Contains(space) || everywhere.Contains(space)
        || file.Declarations.Any(declaration => (TypeName.NamespaceOf(declaration.FullName) + ".").StartsWith(space + ".", StringComparison.Ordinal));

    // The innermost type around the name.
    private static TypeFacts? Around(AssemblyFacts assembly, SourceFile file, DottedName name)
    {
        var around = file.Declarations.Where(declaration => declaration.Span.Line <= name.Line && name.Line <= declaration.Span.EndLine).MaxBy(static declaration => declaration.Span.Line);
        return around is null ? null : assembly.Types.FirstOrDefault(type => Plain(type.Name.FullName) == around.FullName);
    }

    private static string Plain(string fullName) => fullName.IndexOf('`', StringComparison.Ordinal) is > 0 and var arity ? fullName[..arity] : fullName;
}
