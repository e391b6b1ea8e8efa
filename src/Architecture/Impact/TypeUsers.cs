using ModularMonolith.Architecture.Graph;

namespace ModularMonolith.Architecture.Impact;

/// <summary>
/// Who is touched when a type changes: the types that use it, and besides them those that reach it without naming it. What handles a request is reached by whoever uses the
/// request, what validates one too, and what implements an interface of the repository by whoever uses the interface.
/// </summary>
internal sealed class TypeUsers
{
    private readonly Dictionary<TypeName, HashSet<TypeName>> _users = [];
    private readonly Dictionary<TypeName, HashSet<TypeName>> _behind = [];
    private readonly ILookup<string, TypeFacts> _byName;

    public TypeUsers(CodeGraph graph)
    {
        _byName = graph.Assemblies.SelectMany(static assembly => assembly.Types).ToLookup(static type => Plain(type.Name.FullName), StringComparer.Ordinal);
        var own = graph.Modules.SelectMany(static module => module.Assemblies).Select(static assembly => assembly.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var assembly in graph.Modules.SelectMany(static module => module.Assemblies))
        {
            foreach (var edge in graph.EdgesOf(assembly))
            {
                if (own.Contains(edge.To.Assembly) && edge.FromType.Name != edge.To)
                {
                    Add(_users, edge.To, edge.FromType.Name);
                }
            }

            foreach (var type in assembly.Types)
            {
                foreach (var ancestor in graph.Ancestors(type))
                {
                    Behind(graph, own, type, ancestor);
                }
            }
        }
    }

    /// <summary>The types of a name as a source has it: without arity.</summary>
    public IEnumerable<TypeFacts> Named(string fullName) => _byName[fullName];

    /// <summary>All that is touched when some types change, they themselves included.</summary>
    /// <param name="changed">The types.</param>
    /// <param name="byNameOnly">Whether only users count that name a type: what a module's own tests, which know other modules by their Contracts alone, can notice.</param>
    public HashSet<TypeName> Touched(IEnumerable<TypeName> changed, bool byNameOnly = false)
    {
        var touched = new HashSet<TypeName>();
        var waiting = new Stack<TypeName>(changed.Select(Open));
        while (waiting.TryPop(out var type))
        {
            if (touched.Add(type))
            {
                foreach (var user in (_users.GetValueOrDefault(type) ?? []).Concat(byNameOnly ? [] : _behind.GetValueOrDefault(type) ?? []))
                {
                    waiting.Push(user);
                }
            }
        }

        return touched;
    }

    private void Behind(CodeGraph graph, HashSet<string> own, TypeFacts type, TypeName ancestor)
    {
        if (ancestor.FullName is (WellKnown.RequestHandler or WellKnown.PlainRequestHandler or WellKnown.AbstractValidator) && ancestor.Arguments.Count > 0 && own.Contains(ancestor.Arguments[0].Assembly))
        {
            Add(_behind, type.Name, ancestor.Arguments[0]);
        }
        else if (own.Contains(ancestor.Assembly) && graph.Find(ancestor)?.Kind == TypeKind.Interface)
        {
            Add(_behind, type.Name, ancestor);
        }
    }

    private static void Add(Dictionary<TypeName, HashSet<TypeName>> map, TypeName used, TypeName user)
    {
        var (key, value) = (Open(used), Open(user));
        (map.TryGetValue(key, out var users) ? users : map[key] = []).Add(value);
    }

    private static TypeName Open(TypeName name) => name.Arguments.Count == 0 ? name : name with { Arguments = [] };

    private static string Plain(string fullName)
    {
        while (fullName.IndexOf('`', StringComparison.Ordinal) is > 0 and var start)
        {
            var end = start + 1;
            while (end < fullName.Length && char.IsDigit(fullName[end]))
            {
                end++;
            }

            fullName = fullName[..start] + fullName[end..];
        }

        return fullName;
    }
}
