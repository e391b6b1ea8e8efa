using System.Collections.Frozen;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyModel;
using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Platform.Modules;

/// <summary>The modules of this host, those switched off left out, each after the modules it depends on.</summary>
public sealed class ModuleCatalog
{
    private readonly FrozenDictionary<Assembly, ModuleDescriptor> _byAssembly;

    private ModuleCatalog(IReadOnlyList<ModuleDescriptor> modules, IReadOnlyList<string> disabled)
    {
        Modules = modules;
        Disabled = disabled;
        _byAssembly = modules
            .SelectMany(module => AssembliesOf(module).Select(assembly => (assembly, module)))
            .ToFrozenDictionary(pair => pair.assembly, pair => pair.module);
    }

    /// <summary>The enabled modules in dependency order.</summary>
    public IReadOnlyList<ModuleDescriptor> Modules { get; }

    /// <summary>The names of the modules that were found and are switched off.</summary>
    public IReadOnlyList<string> Disabled { get; }

    /// <summary>Finds the modules among the host's own assemblies.</summary>
    /// <param name="configuration">Read for <c>Modules:{name}:Enabled</c>; a module is enabled unless it says false, or lacks its <see cref="ModuleAttribute.RequiredSetting"/>.</param>
    /// <returns>The catalogue.</returns>
    /// <exception cref="ModuleConfigurationException">Two modules share a name, or an enabled one needs one that is missing, switched off or depends on itself.</exception>
    public static ModuleCatalog Discover(IConfiguration configuration) => From(ApplicationAssemblies(), configuration);

    /// <summary>Finds the modules in given assemblies.</summary>
    /// <param name="assemblies">Where to look.</param>
    /// <param name="configuration">Read for <c>Modules:{name}:Enabled</c>.</param>
    /// <returns>The catalogue.</returns>
    /// <exception cref="ModuleConfigurationException">Two modules share a name, or an enabled one needs one that is missing, switched off or depends on itself.</exception>
    public static ModuleCatalog From(IEnumerable<Assembly> assemblies, IConfiguration configuration)
    {
        var found = assemblies.SelectMany(assembly => assembly.GetTypes())
            .Where(type => typeof(IModule).IsAssignableFrom(type) && type is { IsClass: true, IsAbstract: false })
            .Select(type => new ModuleDescriptor(type, type.GetCustomAttribute<ModuleAttribute>()
                ?? throw new ModuleConfigurationException($"{type.FullName} registers a module but has no [Module] attribute. Add one with the module's name, owner and purpose.")))
            .OrderBy(module => module.Name, StringComparer.Ordinal)
            .ToList();
        foreach (var same in found.GroupBy(module => module.Name).Where(group => group.Count() > 1))
        {
            throw new ModuleConfigurationException($"{string.Join(" and ", same.Select(module => module.Type.FullName))} both name their module '{same.Key}'. Give one of them another name.");
        }

        var enabled = found.Where(module => IsEnabled(module, configuration)).ToList();
        return new ModuleCatalog(InDependencyOrder(enabled, found), [.. found.Except(enabled).Select(module => module.Name)]);
    }

    /// <summary>One module without those it depends on: for a test, or for a process of its own.</summary>
    /// <param name="assembly">The assembly that holds it.</param>
    /// <returns>A catalogue of one.</returns>
    public static ModuleCatalog Alone(Assembly assembly)
    {
        var type = assembly.GetTypes().Single(type => typeof(IModule).IsAssignableFrom(type) && type is { IsClass: true, IsAbstract: false });
        return new ModuleCatalog([new ModuleDescriptor(type, type.GetCustomAttribute<ModuleAttribute>()!)], []);
    }

    /// <summary>The module that owns an assembly (its slice or its Contracts).</summary>
    /// <param name="assembly">The assembly.</param>
    /// <returns>The module, or null when none of this host's modules owns it.</returns>
    public ModuleDescriptor? OwnerOf(Assembly assembly) => _byAssembly.GetValueOrDefault(assembly);

    /// <summary>The stored names of the events that the modules and their Contracts declare.</summary>
    internal IEnumerable<string> EventNames() => _byAssembly.Keys
        .SelectMany(static assembly => assembly.GetTypes())
        .Select(static type => type.GetCustomAttribute<EventNameAttribute>())
        .OfType<EventNameAttribute>()
        .Select(static declared => declared.Name)
        .Distinct(StringComparer.Ordinal);

    private static bool IsEnabled(ModuleDescriptor module, IConfiguration configuration) =>
        configuration.GetValue<bool?>($"Modules:{module.Name}:Enabled")
        ?? (module.Manifest.RequiredSetting is not { } needed || !string.IsNullOrWhiteSpace(configuration.GetSection(module.Name)[needed]));

    private static List<ModuleDescriptor> InDependencyOrder(List<ModuleDescriptor> enabled, List<ModuleDescriptor> found)
    {
        var ordered = new List<ModuleDescriptor>(enabled.Count);
        var path = new List<string>();

        void Visit(ModuleDescriptor module)
        {
            if (ordered.Contains(module))
            {
                return;
            }

            if (path.Contains(module.Name))
            {
                throw new ModuleConfigurationException($"The modules {string.Join(" → ", path.SkipWhile(name => name != module.Name))} → {module.Name} depend on each other in a circle. Let one of them own the message instead.");
            }

            path.Add(module.Name);
            foreach (var needed in module.Manifest.DependsOn.Order(StringComparer.Ordinal))
            {
                Visit(enabled.Find(other => other.Name == needed) ?? throw Missing(module, needed, found));
            }

            path.RemoveAt(path.Count - 1);
            ordered.Add(module);
        }

        enabled.ForEach(Visit);
        return ordered;
    }

    private static ModuleConfigurationException Missing(ModuleDescriptor module, string needed, List<ModuleDescriptor> found) => new(
        found.Exists(other => other.Name == needed)
            ? $"Module '{module.Name}' needs module '{needed}', which is switched off. Set Modules:{needed}:Enabled to true, or Modules:{module.Name}:Enabled to false."
            : $"Module '{module.Name}' needs module '{needed}', which is not part of this host. Add it, or set Modules:{module.Name}:Enabled to false.");

    private static IEnumerable<Assembly> AssembliesOf(ModuleDescriptor module)
    {
        yield return module.Assembly;
        var contracts = module.Assembly.GetName().Name + ".Contracts";
        if (Array.Exists(module.Assembly.GetReferencedAssemblies(), reference => reference.Name == contracts))
        {
            yield return Assembly.Load(contracts);
        }
    }

    // Modules are referenced by wildcard and by no type, so nothing has loaded them yet; the dependency file lists them.
    private static IEnumerable<Assembly> ApplicationAssemblies() =>
        (DependencyContext.Default ?? throw new ModuleConfigurationException("The host has no dependency file (.deps.json), so its modules cannot be found. Publish or build it without removing that file."))
        .RuntimeLibraries
        .Where(library => library.Type == "project" && library.Dependencies.Any(dependency => dependency.Name is "Platform" or "ModularMonolith.Platform"))
        .SelectMany(library => library.GetDefaultAssemblyNames(DependencyContext.Default!))
        .Select(Assembly.Load);
}

/// <summary>The host cannot be put together from its modules; the message says which and what to change.</summary>
public sealed class ModuleConfigurationException(string message) : Exception(message);
