using ModularMonolith.Architecture.Graph;

namespace ModularMonolith.Architecture.Rules;

/// <summary>Who may refer to whom.</summary>
public static class ReferenceRules
{
    /// <summary>A module uses other modules through their Contracts only.</summary>
    public static readonly Rule ModuleReferences = new(
        "module-references",
        "A module that reaches into another one's insides cannot be changed, tested or run apart from it any more.",
        "Refer to the other module's Contracts project. If what you need is not there, ask its owner to add a request or an event to it.",
        static context => Outcome.Of(context.Graph.Modules, module => Slices(module).SelectMany(project => Findings(context, module, project)).Concat(TestFindings(context.Graph, module))))
    {
        Plant = static canary => canary.Uses(Planted.Any(canary.Other.Slice!)),
    };

    /// <summary>Contracts refer to nobody.</summary>
    public static readonly Rule ContractReferences = new(
        "contract-references",
        "Whoever uses a module's Contracts gets everything that they refer to. They stay small and point at nobody.",
        "Keep only records of plain values, Money and the message markers of Platform.Contracts in a Contracts project; copy a value type instead of referring to another module's.",
        static context => Outcome.Of(context.Graph.Modules, module => module.Projects.Where(static project => project.Kind == ProjectKind.Contracts).SelectMany(project => ContractFindings(context, module, project))))
    {
        Plant = static canary => canary.Uses(Planted.Any(canary.Other.Contracts!), inContracts: true),
    };

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Rule> All { get; } = [ModuleReferences, ContractReferences];

    private static IEnumerable<ProjectFacts> Slices(Module module) => module.Projects.Where(static project => project.Kind == ProjectKind.Slice);

    private static IEnumerable<Finding> Findings(RuleContext context, Module module, ProjectFacts project)
    {
        var graph = context.Graph;
        bool IsAllowed(string assembly) => graph.ProjectOf(assembly) is not { } target
            || (graph.OwnerOf(assembly) is { } owner ? owner == module || target.Kind == ProjectKind.Contracts : target.Kind == ProjectKind.Edition || context.Policy.Platform.Contains(assembly));
        return InCode(graph, module, project, module.Folder, IsAllowed)
            .Concat(InProject(context, module, project, module.Folder, target => IsAllowed(target.AssemblyName) && target.Kind != ProjectKind.Tests, context.Policy.Platform));
    }

    // Tests see their own module and others' Contracts, which they answer by themselves.
    private static IEnumerable<Finding> TestFindings(CodeGraph graph, Module module) =>
        from project in module.Projects
        where project.Kind == ProjectKind.Tests
        from item in project.References
        from target in graph.Targets(item)
        where target.Module is not null && target.Module != module.Folder && target.Kind != ProjectKind.Contracts
        select new Finding(project.Name, "refers to " + target.AssemblyName)
        {
            Module = module.Folder,
            To = target.AssemblyName,
            Kind = EdgeKind.Project,
            Span = item.Place,
            Suggestion = $"Refer to {target.Module}.Contracts, and script the other module's answers.",
        };

    private static IEnumerable<Finding> ContractFindings(RuleContext context, Module module, ProjectFacts project)
    {
        var graph = context.Graph;
        bool IsAllowed(string assembly) => assembly == project.AssemblyName || context.Policy.ContractsPlatform.Contains(assembly) || graph.ProjectOf(assembly) is not { Kind: not ProjectKind.Edition };
        return InCode(graph, module, project, project.Name, IsAllowed).Concat(InProject(context, module, project, project.Name, target => IsAllowed(target.AssemblyName), context.Policy.ContractsPlatform));
    }

    private static List<Finding> InCode(CodeGraph graph, Module module, ProjectFacts project, string from, Func<string, bool> isAllowed)
    {
        var findings = new List<Finding>();
        if (graph.Assembly(project.AssemblyName) is not { } assembly)
        {
            return findings;
        }

        var located = new HashSet<string>(StringComparer.Ordinal);
        var allowed = new Dictionary<string, bool>(StringComparer.Ordinal);
        foreach (var edge in graph.EdgesOut(assembly))
        {
            var target = edge.To.Assembly;
            if (target.Length == 0 || target == assembly.Name || (allowed.TryGetValue(target, out var known) ? known : allowed[target] = isAllowed(target)))
            {
                continue;
            }

            located.Add(target);
            findings.Add(Finding.Of(edge, module, Wording.Of(graph, edge)) with { Suggestion = Suggest(graph, edge.To, edge.ToMember) });
        }

        findings.AddRange(ForTheAssembly(graph, module, project, assembly, located, isAllowed));
        // What the code uses in a way that has no place in it, a forwarded type for example.
        findings.AddRange(assembly.References.Where(name => name != assembly.Name && !located.Contains(name) && !isAllowed(name))
            .Select(name => new Finding(from, "refers to " + name) { Module = module.Folder, To = name, Span = SourceText.Find(graph.Root, project, name + ".", except: "Contracts") ?? Subjects.Start(project.Path) }));
        return findings;
    }

    private static IEnumerable<Finding> ForTheAssembly(CodeGraph graph, Module module, ProjectFacts project, AssemblyFacts assembly, HashSet<string> located, Func<string, bool> isAllowed)
    {
        foreach (var attribute in assembly.Attributes)
        {
            foreach (var type in attribute.Types.SelectMany(static type => type.Flatten()).Prepend(attribute.Type))
            {
                if (!type.IsParameter && type.Assembly != assembly.Name && !isAllowed(type.Assembly))
                {
                    located.Add(type.Assembly);
                    yield return new Finding(project.Name, $"names {Describe.Target(type, null)} in an attribute")
                    {
                        Module = module.Folder,
                        To = Describe.Target(type, null),
                        Kind = EdgeKind.AttributeArgument,
                        Span = SourceText.Find(graph.Root, project, type.Name, "[assembly:") ?? SourceText.Find(graph.Root, project, type.Name, "[module:") ?? Subjects.Start(project.Path),
                        Suggestion = Suggest(graph, type, null),
                    };
                }
            }
        }
    }

    private static IEnumerable<Finding> InProject(RuleContext context, Module module, ProjectFacts project, string from, Func<ProjectFacts, bool> isAllowed, IReadOnlyList<string> platform)
    {
        var graph = context.Graph;
        foreach (var item in project.References)
        {
            var targets = graph.Targets(item).Where(target => target.Path != project.Path).ToList();
            foreach (var target in targets.Where(target => !isAllowed(target)))
            {
                yield return Refers(target.AssemblyName, item);
            }

            if (targets.Count == 0 && !item.Include.Contains('*', StringComparison.Ordinal) && !(item.Resolved?.StartsWith("src/", StringComparison.Ordinal) != false && platform.Any(name => name == item.Name || name.EndsWith("." + item.Name, StringComparison.Ordinal))))
            {
                yield return Refers(item.Name, item);
            }
        }

        foreach (var item in project.Files.Where(item => graph.ProjectOf(item.Name) is { } target && !isAllowed(target)))
        {
            yield return Refers(item.Name, item);
        }

        foreach (var item in project.Compiled.Where(item => item.Resolved is { } path && !path.StartsWith($"modules/{module.Folder}/", StringComparison.Ordinal) && !graph.Modules.Any(other => ReachesInto(path, item.Exclude, other))))
        {
            yield return new Finding(from, $"compiles {item.Resolved}, which is not the module's")
            {
                Module = module.Folder,
                To = item.Resolved,
                Kind = EdgeKind.Project,
                Span = item.Place,
                Suggestion = "Move the file into the module; what several modules need belongs to the platform.",
            };
        }

        foreach (var (item, verb) in project.Compiled.Select(static item => (item, "compiles")).Concat(project.Imports.Select(static item => (item, "imports"))).Concat(project.Resources.Select(static item => (item, "builds in"))))
        {
            foreach (var other in graph.Modules.Where(other => other != module && item.Resolved is { } path && ReachesInto(path, item.Exclude, other)))
            {
                yield return new Finding(from, $"{verb} {item.Resolved} of {other.Folder}") { Module = module.Folder, To = item.Resolved, Kind = EdgeKind.Project, Span = item.Place };
            }
        }

        Finding Refers(string name, ProjectItem item) => new(from, "refers to " + name)
        {
            Module = module.Folder,
            To = name,
            Kind = EdgeKind.Project,
            Span = item.Place,
            Suggestion = graph.OwnerOf(name) is { } owner && owner != module && !graph.IsContracts(name) && project.Kind == ProjectKind.Slice ? $"Refer to {owner.Folder}.Contracts instead." : null,
        };
    }

    private static bool ReachesInto(string pattern, IReadOnlyList<string> exclude, Module other) => pattern.Contains('*', StringComparison.Ordinal)
        ? other.Projects.SelectMany(static project => project.Sources).Any(file => Subjects.Matches(pattern, file.Path) && !exclude.Any(left => Subjects.Matches(left, file.Path)))
        : pattern.StartsWith($"modules/{other.Folder}/", StringComparison.Ordinal);

    private static string? Suggest(CodeGraph graph, TypeName type, string? member) =>
        graph.OwnerOf(type.Assembly) is { } owner && !graph.IsContracts(type.Assembly) ? NearestExport.Of(graph, owner, type, member) : null;
}
