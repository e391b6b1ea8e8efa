using ModularMonolith.Architecture.Graph;

namespace ModularMonolith.Architecture.Rules;

/// <summary>Which modules register which services, as far as the calls say it.</summary>
internal sealed class RegisteredServices
{
    private readonly CodeGraph _graph;
    private readonly Dictionary<(string Assembly, string Type), HashSet<Module>> _modules = [];
    private readonly HashSet<(string Assembly, string Type)> _platform = [];
    private readonly HashSet<(string Assembly, string Type)> _made = [];
    private readonly Dictionary<string, HashSet<Module?>> _keys = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<Module?>> _clients = new(StringComparer.Ordinal);

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
                    if (use.Member is null || !Registers(use.Target, use.Member))
                    {
                        continue;
                    }

                    if (Service(member, use) is { } service)
                    {
                        Add((service.Assembly, service.FullName), owner, use.Member.Contains("Keyed", StringComparison.Ordinal));
                    }

                    // What is registered without a factory is made by the container.
                    if (use.ParameterCount == 1 || use.MemberArguments.Count > 1)
                    {
                        _made.UnionWith(use.MemberArguments.Select(static made => (made.Assembly, made.FullName)));
                    }

                    if (use.Texts is [_, { } key, ..] && (use.Member.Contains("Keyed", StringComparison.Ordinal) ? _keys : use.Member == "AddHttpClient" ? _clients : null) is { } named)
                    {
                        (named.TryGetValue(key, out var known) ? known : named[key] = []).Add(owner);
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

        // A type of the platform or the framework that another module, and nobody else, stands behind.
        return registered is not null && !_platform.Contains(key) && registered.All(other => other.Folder != module.Folder) ? registered.First() : null;
    }

    /// <summary>Whether a type is of this repository: whoever asks for it, asks for a service.</summary>
    public bool IsOfTheRepository(TypeName type) => _graph.Assembly(type.Assembly) is not null;

    /// <summary>Whether the container makes a class: it is registered without a factory, or is found by scanning.</summary>
    public bool IsMade(TypeFacts type) => _made.Contains((type.Name.Assembly, type.Name.FullName)) || EndpointRules.RoleOf(_graph, type) is not null;

    /// <summary>Whether a class maps routes.</summary>
    public bool IsEndpoint(TypeFacts type) => _graph.IsA(type, WellKnown.CarterModule);

    /// <summary>The module that alone registers services under a key; null when the given one, the platform or nobody does.</summary>
    public Module? OwnerOfKey(Module module, string key) => Alone(_keys, module, key);

    /// <summary>The module that alone configures the HTTP client of a name; null when the given one, the platform or nobody does.</summary>
    public Module? OwnerOfClient(Module module, string name) => Alone(_clients, module, name);

    private static Module? Alone(Dictionary<string, HashSet<Module?>> names, Module module, string name) =>
        names.TryGetValue(name, out var known) && known.All(other => other is not null && other.Folder != module.Folder) ? known.First() : null;

    private void Add((string, string) key, Module? owner, bool isKeyed)
    {
        if (isKeyed && owner is not null && _graph.OwnerOf(key.Item1) is null)
        {
            // Who asks for the type alone does not get what stands behind a key.
            return;
        }

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
            || (type.Name == "ServiceDescriptor" && called is "Singleton" or "Scoped" or "Transient" or "KeyedSingleton" or "KeyedScoped" or "KeyedTransient" or "Describe" or ".ctor"));

    // The first type argument, or the first typeof of the statement.
    private TypeName? Service(MemberFacts member, Use use)
    {
        var service = use.MemberArguments.Count > 0 ? use.Target.Name is "ServiceCollectionHostedServiceExtensions" or "HttpClientFactoryServiceCollectionExtensions" && _graph.Assembly(use.MemberArguments[0].Assembly) is null ? null : use.MemberArguments[0]
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
