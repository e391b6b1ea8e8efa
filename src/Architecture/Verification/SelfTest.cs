using System.Collections.Concurrent;
using ModularMonolith.Architecture.Graph;
using ModularMonolith.Architecture.Reading;
using ModularMonolith.Architecture.Rules;
using Mono.Cecil;

namespace ModularMonolith.Architecture.Verification;

/// <summary>
/// Shows that rules bite: each is broken once in a copy of each module's compiled code, in memory, which is then read as any code is. A rule that finds nothing new there would
/// not find the next real violation either.
/// </summary>
public static class SelfTest
{
    /// <summary>Breaks every rule in every module.</summary>
    /// <param name="context">The code base.</param>
    /// <param name="only">The rules, or null for all.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>What was broken and whether it was found, by rule and module.</returns>
    public static IReadOnlyList<Trial> Run(RuleContext context, IReadOnlyCollection<string>? only, CancellationToken cancellationToken)
    {
        var rules = Verifier.RulesOf(context.Policy, only);
        var before = new ConcurrentDictionary<string, HashSet<string>>(StringComparer.Ordinal);
        Parallel.ForEach(rules, new ParallelOptions { CancellationToken = cancellationToken }, rule => before[rule.Name] = [.. rule.FindIn(context).Select(Key)]);
        var modules = context.Graph.Modules.Where(static module => module is { Slice: not null, Contracts: not null }).ToList();
        var tasks = from rule in rules
                    from module in rule.Plant is null ? [null] : modules.Select(static module => (Module?)module)
                    select (rule, module);
        var trials = new ConcurrentBag<Trial>();
        Parallel.ForEach(tasks, new ParallelOptions { CancellationToken = cancellationToken }, task => trials.Add(Try(context, task.rule, task.module, before[task.rule.Name])));
        return [.. trials.OrderBy(static trial => trial.Rule, StringComparer.Ordinal).ThenBy(static trial => trial.Module, StringComparer.Ordinal)];
    }

    private static Trial Try(RuleContext context, Rule rule, Module? module, HashSet<string> before)
    {
        if (module is null && rule.PlantOnce is null)
        {
            return new Trial(rule.Name, null, null, "the rule has no canary");
        }

        try
        {
            var broken = module is null ? rule.PlantOnce!(context) : Planted(context, rule, module);
            var found = rule.FindIn(broken).FirstOrDefault(finding => !before.Contains(Key(finding)) && (module is null || finding.Module is null || finding.Module == module.Folder));
            return new Trial(rule.Name, module?.Folder, found, found is null ? "the rule stays green" : null);
        }
        catch (ArchitectureException exception)
        {
            return new Trial(rule.Name, module?.Folder, null, exception.Message);
        }
    }

    private static RuleContext Planted(RuleContext context, Rule rule, Module module)
    {
        using var slice = Open(context.Graph, module.Slice!);
        using var contracts = Open(context.Graph, module.Contracts!);
        var (sliceBefore, contractsBefore) = (Prints(slice), Prints(contracts));
        var canary = new Canary(context, module, slice, contracts);
        rule.Plant!(canary);
        return context with
        {
            Graph = context.Graph.Replace(
                [canary.SliceProject, canary.ContractsProject],
                [Changed(context.Graph, module.Slice!, slice, sliceBefore, canary.SliceProject), Changed(context.Graph, module.Contracts!, contracts, contractsBefore, canary.ContractsProject)]),
        };
    }

    private static ModuleDefinition Open(CodeGraph graph, AssemblyFacts assembly) => graph.Files.TryGetValue(assembly.Name, out var file)
        ? ModuleDefinition.ReadModule(file, new ReaderParameters(ReadingMode.Deferred) { InMemory = true, ReadSymbols = File.Exists(Path.ChangeExtension(file, ".pdb")) })
        : throw new ArchitectureException($"{assembly.Name} has no file to make a copy of.");

    // Only what the canary changed is read anew; a module is broken as often as there are rules.
    private static AssemblyFacts Changed(CodeGraph graph, AssemblyFacts known, ModuleDefinition module, Dictionary<string, int> before, ProjectFacts project)
    {
        var changed = module.GetTypes().Where(type => !before.TryGetValue(type.FullName, out var print) || print != Print(type)).ToHashSet();
        var gone = before.Keys.Except(module.GetTypes().Select(static type => type.FullName)).ToHashSet(StringComparer.Ordinal);
        var fresh = AssemblyReader.Read(module, graph.Root, project.Sources, changed);
        var names = fresh.Select(static type => type.Name.FullName).ToHashSet(StringComparer.Ordinal);
        return known with
        {
            References = [.. module.AssemblyReferences.Select(static reference => reference.Name).Order(StringComparer.Ordinal)],
            Attributes = AssemblyReader.AttributesOf(module),
            Types = [.. known.Types.Where(type => !names.Contains(type.Name.FullName) && !gone.Contains(type.Name.FullName)), .. fresh],
        };
    }

    private static Dictionary<string, int> Prints(ModuleDefinition module) => module.GetTypes().DistinctBy(static type => type.FullName).ToDictionary(static type => type.FullName, Print, StringComparer.Ordinal);

    private static int Print(TypeDefinition type)
    {
        var print = new HashCode();
        print.Add(type.Attributes);
        print.Add(type.BaseType?.FullName);
        print.Add(type.Interfaces.Count);
        print.Add(type.CustomAttributes.Count);
        print.Add(type.Properties.Count);
        foreach (var field in type.Fields)
        {
            print.Add(field.Attributes);
            print.Add(field.FieldType.FullName);
        }

        foreach (var method in type.Methods)
        {
            print.Add(method.Attributes);
            print.Add(method.Name);
            print.Add(method.Parameters.Count);
            print.Add(method.CustomAttributes.Count);
        }

        return print.ToHashCode();
    }

    private static string Key(Finding finding) => $"{finding.Module}|{finding}|{finding.To}";
}

/// <summary>One rule, broken once.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Module">The module in which it was broken; null for a rule about the whole repository.</param>
/// <param name="Found">What the rule found.</param>
/// <param name="Failure">Why the trial failed; null when the rule bit.</param>
public sealed record Trial(string Rule, string? Module, Finding? Found, string? Failure);
