using System.Globalization;
using System.Text;
using ModularMonolith.Architecture.Graph;

namespace ModularMonolith.Architecture.Observed;

/// <summary>What was seen at run time beside what the code declares.</summary>
/// <param name="Recording">What was seen.</param>
/// <param name="Undeclared">Edges that were seen and that no code or no manifest declares, each with the reason.</param>
/// <param name="NeverSeen">Edges of the code that nobody has seen.</param>
public sealed record EdgeComparison(Recording Recording, IReadOnlyList<(MessageEdge Edge, string Reason)> Undeclared, IReadOnlyList<MessageEdge> NeverSeen)
{
    /// <summary>Compares.</summary>
    /// <param name="graph">The repository.</param>
    /// <param name="recording">What was seen.</param>
    /// <returns>The differences.</returns>
    public static EdgeComparison Of(CodeGraph graph, Recording recording)
    {
        var declared = MessagesInCode.Of(graph);
        var known = declared.ToHashSet();
        var modules = graph.Modules.DistinctBy(static module => module.Name, StringComparer.Ordinal).ToDictionary(static module => module.Name, StringComparer.Ordinal);
        var undeclared = recording.Counts.Keys.OrderBy(static edge => edge.ToString(), StringComparer.Ordinal).Select(edge => (edge, Reason: Reason(edge, known, modules, graph))).Where(static pair => pair.Reason is not null);
        return new EdgeComparison(recording, [.. undeclared.Select(static pair => (pair.edge, pair.Reason!))], [.. declared.Where(edge => !recording.Counts.ContainsKey(edge))]);
    }

    /// <summary>The differences as a person reads them.</summary>
    public string Write()
    {
        var text = new StringBuilder();
        foreach (var (edge, reason) in Undeclared)
        {
            text.Append(CultureInfo.InvariantCulture, $"undeclared: {edge} ({Times(Recording.Counts[edge])}): {reason} See docs/boundaries.md#observed-edges.\n");
        }

        foreach (var edge in NeverSeen)
        {
            text.Append(CultureInfo.InvariantCulture, $"never seen: {edge}\n");
        }

        var seen = Recording.Counts.Count - Undeclared.Count;
        return text.Append(CultureInfo.InvariantCulture, $"{seen} declared edges seen in {Recording.Files} files, {NeverSeen.Count} never seen, {Undeclared.Count} undeclared.\n").ToString();
    }

    private static string? Reason(MessageEdge edge, HashSet<MessageEdge> known, Dictionary<string, Module> modules, CodeGraph graph)
    {
        if (!modules.TryGetValue(edge.From, out var from) || !modules.TryGetValue(edge.To, out var to))
        {
            return $"There is no module '{(modules.ContainsKey(edge.From) ? edge.To : edge.From)}' in this repository.";
        }

        if (!known.Contains(edge))
        {
            return edge.Kind == MessageEdge.Request
                ? $"No code of '{edge.From}' names this request, or none of '{edge.To}' answers it: it was made by a name that no compiler sees. Send it as what it is, with a reference to the Contracts."
                : $"No code of '{edge.From}' publishes this event, or none of '{edge.To}' handles it. Publish the class of the Contracts.";
        }

        var owner = graph.Modules.FirstOrDefault(module => module.Assemblies.Any(assembly => assembly.Types.Any(type => type.Name.FullName.Replace('/', '+') == edge.Message)));
        return owner is null ? null : Missing(from, owner) ?? Missing(to, owner);
    }

    private static string? Missing(Module user, Module owner) => user == owner || user.Manifest?.DependsOn.Contains(owner.Name, StringComparer.Ordinal) == true
        ? null
        : $"The manifest of '{user.Name}' does not say that it depends on '{owner.Name}', whose message it is. Add \"{owner.Name}\" to DependsOn, or let '{user.Name}' own the message.";

    private static string Times(long count) => count == 1 ? "once" : string.Create(CultureInfo.InvariantCulture, $"{count} times");
}
