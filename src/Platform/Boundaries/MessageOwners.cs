using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Reflection;
using MediatR;
using ModularMonolith.Platform.Modules;

namespace ModularMonolith.Platform.Boundaries;

/// <summary>Which module a message belongs to, and which one answers a request.</summary>
internal sealed class MessageOwners
{
    private const string Contracts = ".Contracts";

    private readonly ModuleCatalog _modules;
    private readonly FrozenDictionary<Type, ModuleDescriptor> _handlers;
    private readonly ConcurrentDictionary<Assembly, string?> _owners = new();

    public MessageOwners(ModuleCatalog modules, ModuleRegistrations registrations)
    {
        _modules = modules;
        var handlers = new Dictionary<Type, ModuleDescriptor>();
        foreach (var descriptor in registrations.All)
        {
            if (!descriptor.IsKeyedService && descriptor.ServiceType is { IsConstructedGenericType: true } service && IsHandler(service.GetGenericTypeDefinition())
                && descriptor.ImplementationType is { } handler && modules.OwnerOf(handler.Assembly) is { } module)
            {
                handlers[service.GetGenericArguments()[0]] = module;
            }
        }

        _handlers = handlers.ToFrozenDictionary();
    }

    /// <summary>The module in this host that answers a request; null when none does.</summary>
    public ModuleDescriptor? Answering(Type request) => _handlers.GetValueOrDefault(request) ?? _modules.OwnerOf(request.Assembly);

    /// <summary>The name of the module whose message it is, also of one that is not in this host; null when it is no module's.</summary>
    public string? OwnerOf(Type message) => _owners.GetOrAdd(message.Assembly, static (assembly, modules) => modules.OwnerOf(assembly)?.Name ?? ByName(assembly), _modules);

    private static bool IsHandler(Type definition) => definition == typeof(IRequestHandler<,>) || definition == typeof(IRequestHandler<>);

    // A module that is not in this host is known by its Contracts alone: ModularMonolith.Catalog.Contracts are those of "catalog".
    private static string? ByName(Assembly assembly)
    {
        var name = assembly.GetName().Name!;
        return name.EndsWith(Contracts, StringComparison.Ordinal) && assembly != typeof(Platform.Contracts.ICommand).Assembly
            && Array.Exists(assembly.GetReferencedAssemblies(), static reference => reference.Name == typeof(Platform.Contracts.ICommand).Assembly.GetName().Name)
            ? name[..^Contracts.Length].Split('.')[^1].ToLowerInvariant()
            : null;
    }
}
