using System.Text.RegularExpressions;
using ModularMonolith.Architecture.Graph;

namespace ModularMonolith.Architecture.Rules;

/// <summary>Which modules depend on which.</summary>
public static partial class DependencyRules
{
    /// <summary>There are no circles.</summary>
    public static readonly Rule NoCycles = new(
        "no-module-cycles",
        "Modules that depend on each other in a circle can only be understood, tested and deployed together.",
        "Let the module that is more general own the message: it publishes the vocabulary in its Contracts, and the other one speaks it.",
        static context =>
        {
            var uses = ModuleUses.Of(context.Graph);
            return Outcome.Of(context.Graph.Modules, module => ShortestCircle(uses, module) is { } circle ? [Circle(uses, circle)] : []);
        })
    {
        PlantOnce = static context =>
        {
            var pair = context.Graph.Modules.Where(static module => module is { Slice: not null, Contracts.Types.Count: > 0 }).Take(2).ToList();
            return pair.Count < 2
                ? throw new ArchitectureException("There are no two modules that could depend on each other.")
                : context with { Graph = context.Graph.Using(pair[0].Slice!, Planted.Any(pair[1].Contracts!)).Using(pair[1].Slice!, Planted.Any(pair[0].Contracts!)) };
        },
    };

    /// <summary>The manifest names the modules that the code uses.</summary>
    public static readonly Rule ManifestNamesDependencies = new(
        "manifest-names-dependencies",
        "The host decides by the manifest what can be switched off and in which order to start; drawings and roles come from it too.",
        "Make DependsOn in the module's [Module] attribute name exactly the modules whose Contracts its code uses.",
        static context =>
        {
            var uses = ModuleUses.Of(context.Graph);
            var events = EventOwners(context.Graph);
            return Outcome.Of(
                context.Graph.Modules.Where(static module => module.Manifest is not null),
                module => Undeclared(uses, module).Concat(ByName(context.Graph, events, module)).Concat(OnlyReferred(context.Graph, uses, module)).Concat(Unused(context.Graph, uses, module)));
        })
    {
        Plant = static canary =>
        {
            var declared = canary.Module.Manifest?.DependsOn ?? [];
            var other = canary.Context.Graph.Modules.FirstOrDefault(other => other.Folder != canary.Module.Folder && other.Contracts is { Types.Count: > 0 } && !declared.Contains(other.Name))
                ?? throw new ArchitectureException($"{canary.Module.Folder} declares every other module.");
            canary.Uses(Planted.Any(other.Contracts!));
        },
    };

    /// <summary>Every module has a manifest.</summary>
    public static readonly Rule ModulesHaveManifest = new(
        "module-has-manifest",
        "A folder below modules that registers nothing is not part of the host, and nobody would notice.",
        "Add one class that implements IModule and carries [Module(name, Owner, Purpose)].",
        static context => Outcome.Of(context.Graph.Modules, module =>
        {
            var classes = module.Slice?.Types.Where(type => !type.IsAbstract && type.Kind == TypeKind.Class && context.Graph.IsA(type, WellKnown.ModuleInterface)).ToList() ?? [];
            var place = module.Manifest?.Type.Place ?? classes.FirstOrDefault()?.Place ?? (module.Projects.Count > 0 ? Subjects.Start(module.Projects[0].Path) : null);
            var what = classes.Count != 1 || module.Manifest is null ? $"has {classes.Count} module class(es) and {(module.Manifest is null ? "no" : "a")} manifest"
                : string.IsNullOrWhiteSpace(module.Manifest.Owner) || string.IsNullOrWhiteSpace(module.Manifest.Purpose) ? "names no owner or no purpose"
                : Misnamed(context, module) is { } wrong ? wrong
                : module.Manifest.Type != classes[0] ? $"carries [Module] on {Describe.Member(module.Manifest.Type, null)}, not on {Describe.Member(classes[0], null)}" : null;
            return what is null ? [] : new[] { new Finding(module.Folder, what) { Module = module.Folder, Span = Quoted(context.Graph, module, what) ?? place } };
        }))
    {
        Plant = static canary =>
        {
            var type = canary.Module.Manifest is { } manifest ? canary.Slice.GetType(manifest.Type.Name.FullName) : null;
            if (type?.CustomAttributes.FirstOrDefault(static attribute => attribute.AttributeType.FullName == WellKnown.Module) is { } attribute)
            {
                type.CustomAttributes.Remove(attribute);
            }
        },
    };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Rule> All { get; } = [NoCycles, ManifestNamesDependencies, ModulesHaveManifest];

    // The first name that the sentence quotes, where the manifest says it.
    private static SourceSpan? Quoted(CodeGraph graph, Module module, string what) =>
        what.Split('\'') is [_, var name, ..] ? SourceText.Find(graph.Root, module.Project(ProjectKind.Slice), $"\"{name}\"", "[Module(") : null;

    private static string? Misnamed(RuleContext context, Module module)
    {
        var name = module.Name;
        return !NamePattern().IsMatch(name) ? $"is named '{name}': lower-case letters and digits, at most 30, because schema, role and routes are named after it"
            : context.Policy.Schemas.Contains(name) ? $"is named '{name}', which is a schema of the platform"
            : context.Graph.Modules.FirstOrDefault(other => other.Folder != module.Folder && other.Name == name) is { } other ? $"is named '{name}', as {other.Folder} is: they would share schema, role and routes"
            : module.Manifest!.Permissions.Select(static permission => permission.Key).FirstOrDefault(key => !key.StartsWith(name + ":", StringComparison.Ordinal)) is { } foreign
                ? $"declares the permission '{foreign}', whose name does not begin with '{name}:'"
            : module.Manifest.DependsOn.GroupBy(static used => used, StringComparer.Ordinal).FirstOrDefault(static same => same.Skip(1).Any()) is { } twice ? $"declares '{twice.Key}' twice"
            : null;
    }

    [GeneratedRegex("^[a-z][a-z0-9]{0,29}$")]
    private static partial Regex NamePattern();

    private static List<string>? ShortestCircle(ModuleUses uses, Module start)
    {
        var cameFrom = new Dictionary<string, string>(StringComparer.Ordinal);
        var waiting = new Queue<string>([start.Folder]);
        while (waiting.TryDequeue(out var folder))
        {
            foreach (var next in uses.Of(folder).Keys)
            {
                if (next == start.Folder)
                {
                    var circle = new List<string> { start.Folder };
                    for (var step = folder; step != start.Folder; step = cameFrom[step])
                    {
                        circle.Insert(1, step);
                    }

                    return circle;
                }

                if (cameFrom.TryAdd(next, folder))
                {
                    waiting.Enqueue(next);
                }
            }
        }

        return null;
    }

    private static Finding Circle(ModuleUses uses, List<string> circle)
    {
        var steps = circle.Select((folder, at) => (From: folder, To: circle[(at + 1) % circle.Count])).ToList();
        var first = uses.Of(steps[0].From)[steps[0].To];
        return new Finding(uses.Name(circle[0]), "depends on itself: " + string.Join(" → ", circle.Append(circle[0]).Select(uses.Name)))
        {
            Module = circle[0],
            To = first.ToName,
            Kind = first.Kind,
            Span = first.Span,
            Suggestion = "The steps are " + string.Join("; ", steps.Select(step => uses.Of(step.From)[step.To]).Select(static edge => $"{edge.FromName} → {edge.ToName} ({edge.Span?.ToString() ?? "no symbols"})")) + ". Turn one of them round.",
        };
    }

    private static IEnumerable<Finding> Undeclared(ModuleUses uses, Module module) =>
        from used in uses.Of(module.Folder)
        let name = uses.Name(used.Key)
        where !module.Manifest!.DependsOn.Contains(name)
        select new Finding(module.Name, $"uses '{name}' and does not declare it")
        {
            Module = module.Folder,
            To = used.Value.ToName,
            Kind = used.Value.Kind,
            Span = used.Value.Span,
            Suggestion = $"Add \"{name}\" to DependsOn of {Describe.Member(module.Manifest!.Type, null)}, or do without {used.Value.ToName} in {used.Value.FromName}.",
        };

    private static IEnumerable<Finding> Unused(CodeGraph graph, ModuleUses uses, Module module)
    {
        var used = uses.Of(module.Folder).Keys.Select(uses.Name).ToHashSet(StringComparer.Ordinal);
        var project = module.Project(ProjectKind.Slice);
        return from name in module.Manifest!.DependsOn.Distinct()
               where !used.Contains(name)
               select new Finding(module.Name, $"declares '{name}' and does not use it")
               {
                   Module = module.Folder,
                   Span = SourceText.Find(graph.Root, project, $"\"{name}\"", "DependsOn") ?? module.Manifest.Type.Place,
                   Suggestion = $"Remove \"{name}\" from DependsOn of {Describe.Member(module.Manifest.Type, null)}.",
               };
    }

    private static IEnumerable<Finding> OnlyReferred(CodeGraph graph, ModuleUses uses, Module module) =>
        from project in module.Projects
        where project.Kind == ProjectKind.Slice
        from item in project.References
        where !item.Include.Contains('*', StringComparison.Ordinal)
        from target in graph.Targets(item)
        where target.Kind == ProjectKind.Contracts && target.Module != module.Folder && !uses.Of(module.Folder).ContainsKey(target.Module!)
        let name = uses.Name(target.Module!)
        where !module.Manifest!.DependsOn.Contains(name)
        select new Finding(module.Name, $"refers to {target.Name} and uses nothing of it")
        {
            Module = module.Folder,
            To = target.AssemblyName,
            Kind = EdgeKind.Project,
            Span = item.Place,
            Suggestion = $"Remove the reference to {target.Name}.",
        };

    private static Dictionary<string, Module> EventOwners(CodeGraph graph)
    {
        var owners = new Dictionary<string, Module>(StringComparer.Ordinal);
        foreach (var (module, type) in graph.ModuleTypes())
        {
            if (type.Attributes.Count > 0 && type.Attribute(WellKnown.EventName) is { Arguments.Count: > 0 } attribute)
            {
                owners.TryAdd(attribute.Arguments[0], module);
            }
        }

        return owners;
    }

    // Whoever knows an event by its stored name depends on the module that publishes it as much as one who knows its type.
    private static IEnumerable<Finding> ByName(CodeGraph graph, Dictionary<string, Module> events, Module module)
    {
        foreach (var type in module.Slice?.Types ?? [])
        {
            foreach (var member in type.Members)
            {
                foreach (var text in member.Texts)
                {
                    if (text.Text.Contains('.', StringComparison.Ordinal) && events.TryGetValue(text.Text, out var owner) && owner.Folder != module.Folder && !module.Manifest!.DependsOn.Contains(owner.Name))
                    {
                        yield return Finding.Of(type, member, module, $"names the event '{text.Text}' of '{owner.Name}' and does not declare it") with
                        {
                            To = text.Text,
                            Kind = EdgeKind.Event,
                            Span = text.Span ?? member.Place,
                            Suggestion = $"Handle the event's type of {owner.Folder}.Contracts, and add \"{owner.Name}\" to DependsOn.",
                        };
                    }
                }
            }
        }
    }
}
