using ModularMonolith.Architecture.Graph;

namespace ModularMonolith.Architecture.Rules;

/// <summary>The requests, handlers and validators of the modules.</summary>
internal sealed class UseCases
{
    private readonly CodeGraph _graph;
    private readonly Dictionary<(string Slice, string Request), HashSet<string>> _users = [];
    private readonly Dictionary<string, ILookup<string, TypeFacts>> _byName = new(StringComparer.Ordinal);
    private readonly HashSet<string> _messages = new(StringComparer.Ordinal);

    private UseCases(CodeGraph graph)
    {
        _graph = graph;
        Requests = [.. graph.ModuleTypes().Where(pair => pair.Type is { Kind: TypeKind.Class or TypeKind.Struct, IsAbstract: false } && IsRequest(pair.Type))];
        _messages.UnionWith(Requests.Select(static pair => pair.Type.Name.FullName));
        foreach (var (_, slice) in graph.Slices())
        {
            _byName[slice.Name] = slice.Types.ToLookup(static type => type.Name.Name, StringComparer.Ordinal);
            foreach (var edge in Edges.InCode(slice, type => type.Assembly == slice.Name && _messages.Contains(type.FullName)))
            {
                if (edge.FromType.Name.FullName != edge.To.FullName)
                {
                    var key = (slice.Name, edge.To.FullName);
                    (_users.TryGetValue(key, out var files) ? files : _users[key] = new HashSet<string>(StringComparer.Ordinal)).Add(edge.FromType.Place?.File ?? string.Empty);
                }
            }
        }
    }

    /// <summary>The requests of all modules.</summary>
    public IReadOnlyList<(Module Module, TypeFacts Type)> Requests { get; }

    /// <summary>Those of a code base.</summary>
    public static UseCases Of(CodeGraph graph) => graph.Derive(static graph => new UseCases(graph));

    public bool IsRequest(TypeFacts type) => _graph.IsA(type, WellKnown.Request) || type.Name.FullName == WellKnown.Request;

    /// <summary>What a type handles.</summary>
    public IEnumerable<TypeName> Handled(TypeFacts type) => _graph.Closing(type, WellKnown.RequestHandler, WellKnown.PlainRequestHandler).Distinct();

    /// <summary>What a type validates.</summary>
    public IEnumerable<TypeName> Validated(TypeFacts type) => _graph.Closing(type, WellKnown.Validator, WellKnown.AbstractValidator).Distinct();

    /// <summary>Whether a type is one of the modules' requests.</summary>
    public bool IsKnownRequest(TypeName name) => _messages.Contains(name.FullName);

    /// <summary>
    /// A use case that needs more than one transaction sends itself a command for each: it stands in the file of a request of the same module, and no code outside that file knows
    /// it. What the client wrote has been validated with the request.
    /// </summary>
    public bool IsStep(TypeName request)
    {
        if (_graph.Find(request) is not { IsNested: false, Place.File: var file } type || !_byName.TryGetValue(request.Assembly, out var types))
        {
            return false;
        }

        return types[Path.GetFileNameWithoutExtension(file)].Any(main => main != type && IsRequest(main))
            && (!_users.TryGetValue((request.Assembly, request.FullName), out var files) || files.All(user => user == file));
    }
}
