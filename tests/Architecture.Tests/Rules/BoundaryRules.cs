using NetArchTest.Rules;

namespace ModularMonolith.Architecture.Tests.Rules;

/// <summary>Who may refer to whom.</summary>
internal static class BoundaryRules
{
    private static readonly string[] ContractsMayNotUse = ["Marten", "JasperFx", "Weasel", "Npgsql", "Carter", "FluentValidation", "Microsoft.AspNetCore", "Microsoft.Extensions", "MediatR.IRequestHandler`1", "MediatR.IRequestHandler`2", "MediatR.INotificationHandler`1"];

    public static readonly Rule ModuleReferences = new(
        "module-references",
        "A module that reaches into another one's insides cannot be changed, tested or run apart from it any more.",
        "Refer to the other module's Contracts project. If what you need is not there, ask its owner to add a request or an event to it.",
        codebase => Outcome.Of(codebase.Modules, module => References(codebase, module.Slice, module.Folder)
            .Where(name => name != "ModularMonolith.Platform" && name != "ModularMonolith.Platform.Contracts" && codebase.OwnerOf(name)?.ContractsName != name)
            .Select(name => new Finding(module.Folder, "refers to " + name))));

    public static readonly Rule ContractReferences = new(
        "contract-references",
        "Whoever uses a module's Contracts gets everything that they refer to. They stay small and point at nobody.",
        "Keep only records of plain values, Money and the message markers of Platform.Contracts in a Contracts project; copy a value type instead of referring to another module's.",
        codebase => Outcome.Of(codebase.Modules, module => References(codebase, module.Contracts, module.Folder + ".Contracts")
            .Where(name => name != "ModularMonolith.Platform.Contracts")
            .Select(name => new Finding(module.Folder + ".Contracts", "refers to " + name))));

    public static readonly Rule ContractsHoldNoBehaviour = new(
        "contracts-hold-no-behaviour",
        "Contracts say what can be asked and what has happened. A store, a handler or an endpoint in them would run in every module that refers to them.",
        "Move the type into the module's own project.",
        codebase => Outcome.Of(
            codebase.Modules.Where(module => module.Contracts is { Types.Count: > 0 }),
            module => (Types.InAssembly(module.Contracts!.Assembly).Should().NotHaveDependencyOnAny(ContractsMayNotUse).GetResult().FailingTypeNames ?? [])
                .Select(type => new Finding(type, "is more than a message"))));

    public static readonly Rule NoCycles = new(
        "no-module-cycles",
        "Modules that depend on each other in a circle can only be understood, tested and deployed together.",
        "Let the module that is more general own the message: it publishes the vocabulary in its Contracts, and the other one speaks it.",
        codebase => Outcome.Of(codebase.Modules, module => CircleFrom(codebase, module) is { } circle
            ? [new Finding(module.Name, "depends on itself: " + string.Join(" → ", circle))]
            : []));

    public static readonly Rule ManifestNamesDependencies = new(
        "manifest-names-dependencies",
        "The host decides by the manifest what can be switched off and in which order to start; drawings and roles come from it too.",
        "Make DependsOn in the module's [Module] attribute name exactly the modules whose Contracts its code uses.",
        codebase => Outcome.Of(codebase.Modules.Where(module => module.Manifest is not null), module =>
        {
            var used = DependenciesOf(codebase, module).Select(other => other.Name).ToList();
            return used.Except(module.Manifest!.DependsOn).Select(name => new Finding(module.Name, $"uses '{name}' and does not declare it"))
                .Concat(module.Manifest.DependsOn.Except(used).Select(name => new Finding(module.Name, $"declares '{name}' and does not use it")));
        }));

    public static readonly Rule ModulesHaveManifest = new(
        "module-has-manifest",
        "A folder below modules that registers nothing is not part of the host, and nobody would notice.",
        "Add one class that implements IModule and carries [Module(name, Owner, Purpose)].",
        codebase => Outcome.Of(codebase.Modules, module =>
            (module.Slice?.Types ?? []).Count(type => typeof(Platform.Modules.IModule).IsAssignableFrom(type)) is var count && count != 1 || module.Manifest is null
                ? [new Finding(module.Folder, $"has {count} module class(es) and {(module.Manifest is null ? "no" : "a")} manifest")]
                : string.IsNullOrWhiteSpace(module.Manifest.Owner) || string.IsNullOrWhiteSpace(module.Manifest.Purpose) ? [new Finding(module.Folder, "names no owner or no purpose")] : []));

    public static readonly Rule HostNamesNoModule = new(
        "host-names-no-module",
        "The host finds modules by scan. One that is named in its code could not be left out, and a new one would need a change there.",
        "Register what is needed in the module's own IModule class.",
        codebase => Outcome.Of(codebase.Hosts, host => host.UsedAssemblies.Where(name => codebase.OwnerOf(name) is not null)
            .Select(name => new Finding(host.Name, "uses " + name))));

    public static readonly Rule PlatformKnowsNoModule = new(
        "platform-knows-no-module",
        "Every module stands on the platform. If it knew one of them, all would.",
        "Give the platform a general extension point and use it from the module.",
        codebase => codebase.Modules.Count == 0 ? new Outcome(0, []) : Outcome.Of(codebase.Platforms, platform =>
            (Types.InAssembly(platform.Assembly).Should().NotHaveDependencyOnAny([.. codebase.Modules.Select(module => module.SliceName)]).GetResult().FailingTypeNames ?? [])
            .Select(type => new Finding(type, "uses a module's types"))));

    /// <summary>The modules whose slice or Contracts the module's code uses.</summary>
    private static IEnumerable<ModuleUnderTest> DependenciesOf(Codebase codebase, ModuleUnderTest module) =>
        new[] { module.Slice, module.Contracts }.OfType<CompiledAssembly>()
            .SelectMany(assembly => assembly.UsedAssemblies).Select(codebase.OwnerOf).OfType<ModuleUnderTest>()
            .Where(other => other != module).Distinct();

    // Both what the project file allows and what the code uses: packages and projects can bring a reference that no file names.
    private static IEnumerable<string> References(Codebase codebase, CompiledAssembly? assembly, string project) =>
        (assembly?.UsedAssemblies ?? [])
        .Concat(codebase.Projects.Where(file => file.Name == project).SelectMany(file => file.References).Select(name => "ModularMonolith." + name))
        .Distinct();

    private static List<string>? CircleFrom(Codebase codebase, ModuleUnderTest start)
    {
        var seen = new HashSet<ModuleUnderTest>();

        List<string>? Visit(ModuleUnderTest module)
        {
            foreach (var next in DependenciesOf(codebase, module))
            {
                if (next == start)
                {
                    return [module.Name, start.Name];
                }

                if (seen.Add(next) && Visit(next) is { } rest)
                {
                    return [module.Name, .. rest];
                }
            }

            return null;
        }

        return Visit(start);
    }
}
