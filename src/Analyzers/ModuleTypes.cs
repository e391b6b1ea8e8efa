using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ModularMonolith.Analyzers;

/// <summary>What all types of a project say together: who handles and validates which request, and which names are taken.</summary>
internal sealed class ModuleTypes
{
    private static readonly SymbolEqualityComparer Same = SymbolEqualityComparer.Default;

    private readonly Compilation _compilation;
    private readonly Dictionary<ISymbol, int> _handlers = new(Same);
    private readonly HashSet<ISymbol> _validated = new(Same);
    private readonly HashSet<string> _requestNames = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _eventNames = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _subscriptions = new(StringComparer.Ordinal);

    public ModuleTypes(Compilation compilation, UseCases cases, INamedTypeSymbol? eventName, INamedTypeSymbol? subscription)
    {
        _compilation = compilation;
        foreach (var type in All(compilation.Assembly.GlobalNamespace))
        {
            if (type.AllInterfaces.IsEmpty)
            {
                continue;
            }

            if (!type.IsAbstract)
            {
                foreach (var request in cases.Handled(type))
                {
                    _handlers[request.OriginalDefinition] = HandlersOf(request) + 1;
                }
            }

            _validated.UnionWith(cases.Validated(type).Select(static validated => validated.OriginalDefinition));
            if (cases.IsRequest(type))
            {
                _requestNames.Add(type.Name);
            }

            if (type.TypeKind != TypeKind.Interface && cases.IsEvent(type) && TextOf(type, eventName) is { } stored)
            {
                (_eventNames.TryGetValue(stored, out var named) ? named : _eventNames[stored] = []).Add(type.Name);
            }

            if (type.TypeKind == TypeKind.Class && TextOf(type, subscription) is { } cursor && cases.EventsOf(type) > 0)
            {
                _subscriptions[cursor] = SubscriptionsNamed(cursor) + 1;
            }
        }
    }

    /// <summary>How many classes handle a request.</summary>
    public int HandlersOf(INamedTypeSymbol request) => _handlers.TryGetValue(request.OriginalDefinition, out var count) ? count : 0;

    public bool IsValidated(INamedTypeSymbol request) => _validated.Contains(request.OriginalDefinition);

    public int SubscriptionsNamed(string name) => _subscriptions.TryGetValue(name, out var count) ? count : 0;

    /// <summary>The types that carry a stored name, in the order of their names.</summary>
    public IReadOnlyList<string> EventsNamed(string name) => _eventNames.TryGetValue(name, out var types) ? [.. types.OrderBy(static type => type, StringComparer.Ordinal)] : [];

    /// <summary>A step of a use case: it stands in the file of another request of the module, and no code outside of that file knows it.</summary>
    public bool IsStep(INamedTypeSymbol request, CancellationToken cancellationToken)
    {
        if (request.ContainingType is not null || request.Locations.FirstOrDefault()?.SourceTree is not { } file || Path(file) is var name && (name == request.Name || !_requestNames.Contains(name)))
        {
            return false;
        }

        return !_compilation.SyntaxTrees.Any(other => other != file && other.TryGetText(out var text) && text.ToString().Contains(request.Name, StringComparison.Ordinal)
            && other.GetRoot(cancellationToken).DescendantNodes().OfType<SimpleNameSyntax>().Any(used => used.Identifier.ValueText == request.Name));
    }

    /// <summary>The name of a file without its ending.</summary>
    public static string Path(SyntaxTree file)
    {
        var name = file.FilePath.Substring(file.FilePath.LastIndexOfAny(['/', '\\']) + 1);
        return name.EndsWith(".cs", StringComparison.Ordinal) ? name.Substring(0, name.Length - 3) : name;
    }

    /// <summary>The first argument of an attribute, when it is a text.</summary>
    public static string? TextOf(INamedTypeSymbol type, INamedTypeSymbol? attribute) =>
        type.AttributeOf(attribute)?.ConstructorArguments.FirstOrDefault() is { Kind: TypedConstantKind.Primitive, Value: string text } ? text : null;

    /// <summary>All types of a namespace, those in other types included.</summary>
    public static IEnumerable<INamedTypeSymbol> All(INamespaceOrTypeSymbol around)
    {
        var types = around.GetTypeMembers().SelectMany(static type => All(type).Prepend(type));
        return around is INamespaceSymbol space ? types.Concat(space.GetNamespaceMembers().SelectMany(All)) : types;
    }
}
