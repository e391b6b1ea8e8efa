using ModularMonolith.Architecture.Graph;

namespace ModularMonolith.Architecture.Rules;

/// <summary>Which modules each module's code uses, with the first place where it does.</summary>
internal sealed class ModuleUses
{
    private static readonly SortedDictionary<string, Edge> None = [];

    private readonly Dictionary<string, SortedDictionary<string, Edge>> _uses = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _names;

    private ModuleUses(CodeGraph graph)
    {
        _names = graph.Modules.ToDictionary(static module => module.Folder, static module => module.Name, StringComparer.Ordinal);
        foreach (var (module, assembly) in graph.ModuleAssemblies())
        {
            foreach (var edge in graph.EdgesOut(assembly))
            {
                if (graph.OwnerOf(edge.To.Assembly) is { } owner && owner.Folder != module.Folder)
                {
                    Add(module.Folder, owner.Folder, edge);
                }
            }
        }
    }

    /// <summary>Looks at all modules.</summary>
    public static ModuleUses Of(CodeGraph graph) => graph.Derive(static graph => new ModuleUses(graph));

    /// <summary>What a module uses, by folders.</summary>
    public SortedDictionary<string, Edge> Of(string folder) => _uses.GetValueOrDefault(folder) ?? None;

    /// <summary>The manifest's name of the module in a folder.</summary>
    public string Name(string folder) => _names[folder];

    private void Add(string from, string to, Edge edge)
    {
        var uses = _uses.TryGetValue(from, out var known) ? known : _uses[from] = new SortedDictionary<string, Edge>(StringComparer.Ordinal);
        if (!uses.TryGetValue(to, out var first) || IsBefore(edge.Span, first.Span))
        {
            uses[to] = edge;
        }
    }

    private static bool IsBefore(SourceSpan? one, SourceSpan? other) =>
        one is not null && (other is null || string.CompareOrdinal(one.File, other.File) is var order && (order < 0 || (order == 0 && (one.Line, one.Column).CompareTo((other.Line, other.Column)) < 0)));
}
