using ModularMonolith.Architecture.Graph;

namespace ModularMonolith.Architecture.Rules;

/// <summary>Which modules register which services, as far as the calls say it.</summary>
internal sealed class RegisteredServices
{
    private readonly CodeGraph _graph;
    private readonly Dictionary<(string Assembly, string Type), HashSet<Module>> _modules = [];
    private readonly HashSet<(string Assembly, string Type)> _platform = [];

    public RegisteredServices(RuleContext context)
    {
        _graph = context.Graph;
        foreach (var assembly in _graph.Assemblies)
        {
            var owner = _graph.OwnerOf(assembly.Name);
            foreach (var (_, member) in _graph.MembersUsing(assembly, Registers))
            {
                foreach (var use in member.Uses)
                {
                    if (Registers(use.Target, use.Member) && Service(member, use) is { } service)
                    {
                        Add((service.Assembly, service.FullName), owner);
                    }
                }
            }
        }
    }

    /// <summary>The services that modules register and declare themselves.</summary>
    public IEnumerable<(TypeName Service, Module Owner)> Own =>
        from pair in _modules
        let owner = _graph.OwnerOf(pair.Key.Assembly)
        where owner is not null && pair.Value.Contains(owner)
        orderby pair.Key.Assembly, pair.Key.Type
        select (new TypeName(pair.Key.Assembly, pair.Key.Type, []), owner);

    /// <summary>The module that alone offers a service to a module that has it not itself; null for anything else.</summary>
    public Module? OwnerOf(Module module, TypeName type)
    {
        if (type.IsParameter)
        {
            return null;
        }

        var key = (type.Assembly, type.FullName);
        var registered = _modules.GetValueOrDefault(key);
        if (_graph.OwnerOf(type.Assembly) is { } owner)
        {
            return owner.Folder != module.Folder && (registered is not null || IsService(type)) ? owner : null;
        }

        // An interface of the platform that another module, and nobody else, stands behind.
        return registered is not null && !_platform.Contains(key) && _graph.Assembly(type.Assembly) is not null && registered.All(other => other.Folder != module.Folder) ? registered.First() : null;
    }

    private void Add((string, string) key, Module? owner)
    {
        if (owner is null)
        {
            _platform.Add(key);
        }
        else
        {
            (_modules.TryGetValue(key, out var known) ? known : _modules[key] = []).Add(owner);
        }
    }

    private static bool Registers(TypeName type, string? called) =>
        called is not null && type.FullName.StartsWith("Microsoft.Extensions.DependencyInjection.", StringComparison.Ordinal)
        && (called.StartsWith("Add", StringComparison.Ordinal) || called.StartsWith("TryAdd", StringComparison.Ordinal) || called == "Decorate"
            || (type.Name == "ServiceDescriptor" && called is "Singleton" or "Scoped" or "Transient" or "KeyedSingleton" or "KeyedScoped" or "KeyedTransient" or "Describe"));

    // The first type argument, or the first typeof of the statement.
    private static TypeName? Service(MemberFacts member, Use use)
    {
        var service = use.MemberArguments.Count > 0 ? use.MemberArguments[0]
            : use.Target.Name is "ServiceCollectionServiceExtensions" or "ServiceCollectionDescriptorExtensions" or "ServiceDescriptor"
                ? member.Uses.FirstOrDefault(other => other.Kind == EdgeKind.TypeUse && ModuleCode.IsSameStatement(use, other))?.Target
            : null;
        return service is null || service.IsParameter ? null : service;
    }

    // An interface with methods that is no message: somebody stands behind it.
    private bool IsService(TypeName name) =>
        _graph.Find(name) is { Kind: TypeKind.Interface } type && type.Members.Any(static member => member.Kind == MemberKind.Method && member.Is(MemberFlags.Abstract) && !member.Is(MemberFlags.Static)
            && !member.Name.StartsWith("get_", StringComparison.Ordinal) && !member.Name.StartsWith("set_", StringComparison.Ordinal))
        && !_graph.Is(type, WellKnown.Request) && !_graph.Is(type, WellKnown.IntegrationEvent);
}
