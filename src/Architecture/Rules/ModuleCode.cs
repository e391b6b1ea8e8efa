using ModularMonolith.Architecture.Graph;

namespace ModularMonolith.Architecture.Rules;

/// <summary>A member of a module's code.</summary>
/// <param name="Module">The module.</param>
/// <param name="Assembly">Its slice or its Contracts.</param>
/// <param name="Type">The type.</param>
/// <param name="Member">The member.</param>
internal readonly record struct MemberOf(Module Module, AssemblyFacts Assembly, TypeFacts Type, MemberFacts Member)
{
    public Finding Finding(string what, SourceSpan? span = null) => new(Describe.Member(Type, Member), what) { Module = Module.Folder, Span = span ?? Member.Place ?? Type.Place };

    public Finding Finding(Use use, string what) => Finding(what, use.Span) with { Kind = use.Kind, To = Describe.Target(use.Target, use.Member) };
}

/// <summary>The code of modules, member by member.</summary>
internal static class ModuleCode
{
    /// <summary>Every member of every slice and every Contracts.</summary>
    public static IEnumerable<MemberOf> Members(CodeGraph graph)
    {
        foreach (var module in graph.Modules)
        {
            foreach (var assembly in module.Assemblies)
            {
                foreach (var type in assembly.Types)
                {
                    foreach (var member in type.Members)
                    {
                        yield return new MemberOf(module, assembly, type, member);
                    }
                }
            }
        }
    }

    /// <summary>The members of modules' code that use something.</summary>
    /// <param name="graph">The code base.</param>
    /// <param name="isMeant">Whether it is what is looked for, by the type and its member.</param>
    public static IEnumerable<MemberOf> Using(CodeGraph graph, Func<TypeName, string?, bool> isMeant) =>
        from module in graph.Modules
        from assembly in module.Assemblies
        from found in graph.MembersUsing(assembly, isMeant)
        select new MemberOf(module, assembly, found.Type, found.Member);

    /// <summary>The same, as a set of members.</summary>
    public static HashSet<MemberFacts> SetUsing(CodeGraph graph, Func<TypeName, string?, bool> isMeant) =>
        Using(graph, isMeant).Select(static member => member.Member).ToHashSet(ReferenceEqualityComparer.Instance as IEqualityComparer<MemberFacts>);

    /// <summary>How many members modules' code has.</summary>
    public static int Count(CodeGraph graph) => graph.Modules.SelectMany(static module => module.Assemblies).Sum(assembly => graph.UsesOf(assembly).Members);

    /// <summary>Asks of each member that uses something what is wrong with it.</summary>
    public static Outcome Check(CodeGraph graph, Func<TypeName, string?, bool> isMeant, Func<MemberOf, IEnumerable<Finding>> check) => Outcome.Of(Count(graph), Using(graph, isMeant), check);

    /// <summary>Asks of each use of something whether it is forbidden, and what it then is.</summary>
    /// <param name="context">The code base.</param>
    /// <param name="isMeant">Whether a use can be forbidden at all, by the type and its member.</param>
    /// <param name="forbidden">What is wrong with it, or null.</param>
    public static Outcome Uses(RuleContext context, Func<TypeName, string?, bool> isMeant, Func<MemberOf, Use, string?> forbidden) =>
        Check(context.Graph, isMeant, member => Uses(member, forbidden));

    private static IEnumerable<Finding> Uses(MemberOf member, Func<MemberOf, Use, string?> forbidden)
    {
        foreach (var use in member.Member.Uses)
        {
            if (use.Member is not null && use.Kind == EdgeKind.Call && forbidden(member, use) is { } what)
            {
                yield return member.Finding(use, what);
            }
        }
    }

    /// <summary>The full name of the type around all others that a type stands in.</summary>
    public static string Outermost(TypeFacts type) => Outermost(type.Name.FullName);

    /// <summary>The same, by a full name.</summary>
    public static string Outermost(string fullName) => fullName.IndexOf('/', StringComparison.Ordinal) is > 0 and var end ? fullName[..end] : fullName;

    /// <summary>Whether two uses stand in the same statement.</summary>
    public static bool IsSameStatement(Use one, Use other) => one.Span is not null && one.Span == other.Span;

    /// <summary>The module that owns a type, or the first of its arguments that another module than the given one owns.</summary>
    public static (TypeName Type, Module Owner)? Foreign(CodeGraph graph, Module module, TypeName name)
    {
        foreach (var part in name.Arguments.Count == 0 ? [name] : name.Flatten())
        {
            if (!part.IsParameter && graph.OwnerOf(part.Assembly) is { } owner && owner.Folder != module.Folder)
            {
                return (part, owner);
            }
        }

        return null;
    }
}
