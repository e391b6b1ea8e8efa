using ModularMonolith.Architecture.Graph;
using ModularMonolith.Architecture.Rules;
using NetArchTest.Rules;

namespace ModularMonolith.Architecture.Declared;

/// <summary>Makes a rule of a condition of NetArchTest. It is asked about each slice and each Contracts assembly; what fails is located by the graph.</summary>
public static class NetArchRule
{
    /// <summary>Makes a rule.</summary>
    /// <param name="name">Short, lower case with hyphens.</param>
    /// <param name="because">Why the rule exists: whole sentences.</param>
    /// <param name="instead">What to do instead of breaking it: whole sentences.</param>
    /// <param name="condition">What has to hold for the types of an assembly.</param>
    /// <param name="bad">An assembly whose types break the rule; the self-test puts it in the place of a module's.</param>
    public static Rule From(string name, string because, string instead, Func<Types, ConditionList> condition, string bad) => new(name, because, instead, context => Outcome.Of(
        from module in context.Graph.Modules
        from assembly in module.Assemblies
        where context.Graph.Files.ContainsKey(assembly.Name)
        select (module, assembly),
        pair => Failing(condition, context.Graph.Files[pair.assembly.Name]).Select(type => Locate(context.Graph, pair.module, pair.assembly, type, name))))
    {
        PlantOnce = context =>
        {
            var slice = context.Graph.Modules.Select(static module => module.Slice).OfType<AssemblyFacts>().FirstOrDefault() ?? throw new ArchitectureException("There is no module to break the rule in.");
            var files = new Dictionary<string, string>(context.Graph.Files, StringComparer.Ordinal) { [slice.Name] = bad };
            return context with { Graph = new CodeGraph(context.Graph.Root, context.Graph.Projects, context.Graph.Assemblies, files) };
        },
    };

    private static IEnumerable<string> Failing(Func<Types, ConditionList> condition, string file) => condition(Types.FromFile(file)).GetResult() is { IsSuccessful: false } result ? result.FailingTypeNames ?? [] : [];

    private static Finding Locate(CodeGraph graph, Module module, AssemblyFacts assembly, string type, string rule)
    {
        var what = $"fails {rule}";
        return graph.Find(new TypeName(assembly.Name, type.Replace('+', '/'), [])) is { } known ? Finding.Of(known, null, module, what) : new Finding(type, what) { Module = module.Folder };
    }
}
