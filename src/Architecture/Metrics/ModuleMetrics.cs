using ModularMonolith.Architecture.Graph;
using ModularMonolith.Architecture.Rules;

namespace ModularMonolith.Architecture.Metrics;

/// <summary>What can be counted of a module. Tests are not counted.</summary>
/// <param name="Module">The module's folder.</param>
/// <param name="Types">The types that a person wrote.</param>
/// <param name="Members">Their members, without what the compiler writes behind them.</param>
/// <param name="Lines">The lines of its sources, comments and empty ones included.</param>
/// <param name="Afferent">How many modules use types of it (Ca).</param>
/// <param name="Efferent">How many modules it uses types of (Ce).</param>
/// <param name="Findings">How many findings of rules it has.</param>
/// <param name="Baseline">How many findings its baseline puts up with.</param>
public sealed record ModuleMetrics(string Module, int Types, int Members, int Lines, int Afferent, int Efferent, int Findings, int Baseline)
{
    /// <summary>The other modules with which it stands in a circle, by their folders.</summary>
    public IReadOnlyList<string> Circle { get; init; } = [];

    /// <summary>
    /// Ce / (Ca + Ce), 0 to 1: 0 is used and uses nobody, so that changing it is dear; 1 is used by nobody. Null for a module that stands alone.
    /// R. C. Martin, "OO Design Quality Metrics", 1994.
    /// </summary>
    public double? Instability => Afferent + Efferent == 0 ? null : (double)Efferent / (Afferent + Efferent);

    /// <summary>Counts.</summary>
    /// <param name="graph">The code.</param>
    /// <param name="findings">The findings of the rules.</param>
    /// <param name="baseline">How many entries each module's baseline has, by the module's folder.</param>
    /// <returns>The numbers of each module, in order of the modules.</returns>
    public static IReadOnlyList<ModuleMetrics> Of(CodeGraph graph, IReadOnlyList<Finding> findings, IReadOnlyDictionary<string, int> baseline)
    {
        var uses = graph.Modules.ToDictionary(static module => module, module => module.Assemblies.SelectMany(graph.EdgesOut).Select(edge => graph.OwnerOf(edge.To.Assembly)).OfType<Module>()
            .Where(owner => owner != module).ToHashSet());
        var circles = StronglyConnected.Of(graph.Modules, module => uses[module]).Where(static group => group.Count > 1).SelectMany(static group => group.Select(module => (module, group)))
            .ToDictionary(static pair => pair.module, static pair => pair.group);
        return [.. graph.Modules.Select(module => new ModuleMetrics(
            module.Folder,
            module.Assemblies.Sum(static assembly => assembly.Types.Count),
            module.Assemblies.Sum(static assembly => assembly.Types.Sum(static type => type.Members.Count(static member => !member.Is(MemberFlags.Generated)))),
            module.Projects.Where(static project => project.Kind != ProjectKind.Tests).Sum(static project => project.Sources.Sum(static source => source.Lines)),
            uses.Count(pair => pair.Value.Contains(module)), uses[module].Count,
            findings.Count(finding => finding.Module == module.Folder), baseline.GetValueOrDefault(module.Folder))
        {
            Circle = circles.TryGetValue(module, out var circle) ? [.. circle.Where(other => other != module).Select(static other => other.Folder).Order(StringComparer.Ordinal)] : [],
        })];
    }
}
