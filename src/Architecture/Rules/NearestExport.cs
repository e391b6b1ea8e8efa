using ModularMonolith.Architecture.Graph;

namespace ModularMonolith.Architecture.Rules;

/// <summary>Finds what a module offers to others in place of what was reached for: the type of its Contracts whose name has the most words in common with it.</summary>
internal static class NearestExport
{
    // A third of the words in common is a hint; less is chance.
    private const double Enough = 0.34;

    private static readonly string[] Technical = ["I", "Endpoint", "Endpoints", "Handler", "Validator", "Store", "Repository", "Service", "Document", "View", "Response", "Request", "Command", "Query", "Get", "Async", "Of", "The"];

    /// <summary>A sentence that says what to use, or whom to ask.</summary>
    /// <param name="graph">The code.</param>
    /// <param name="owner">The module that was reached into.</param>
    /// <param name="reached">The type.</param>
    /// <param name="member">Its member, or null.</param>
    public static string Of(CodeGraph graph, Module owner, TypeName reached, string? member = null)
    {
        var ask = $"Ask {(owner.Manifest is { Owner.Length: > 0 } manifest ? $"{manifest.Owner}, who own {owner.Folder}," : $"the owner of {owner.Folder}")} for a request or an event in {owner.Folder}.Contracts.";
        if (owner.Contracts is not { } contracts)
        {
            return ask;
        }

        var wanted = Words(reached.Name);
        var more = Words(Member(member));
        var best = contracts.Types.Where(type => !type.IsNested && graph.IsVisible(type)).Select(type => (Type: type, Score: Score(type, reached.Name, wanted, more)))
            .OrderByDescending(static found => found.Score).ThenBy(static found => found.Type.Name.FullName, StringComparer.Ordinal).FirstOrDefault();
        return best.Score < Enough ? ask : Offer(graph, owner, best.Type);
    }

    private static string Offer(CodeGraph graph, Module owner, TypeFacts type) =>
        graph.Is(type, WellKnown.IntegrationEvent) ? $"Handle the event {type.Name.Name} of {owner.Folder}.Contracts instead."
        : graph.Is(type, WellKnown.Request) ? $"Send the request {type.Name.Name} of {owner.Folder}.Contracts through ISender instead."
        : $"Use {type.Name.Name} of {owner.Folder}.Contracts instead.";

    private static double Score(TypeFacts type, string name, HashSet<string> wanted, HashSet<string> more)
    {
        if (type.Name.Name == name)
        {
            return 2;
        }

        var words = Words(type.Name.Name);
        var common = words.Count(wanted.Contains);
        return words.Count == 0 || common == 0 ? 0 : ((2.0 * common) + (words.Count(more.Contains) * 0.5)) / (words.Count + wanted.Count);
    }

    private static string Member(string? member) => member is null || member.StartsWith('.') ? string.Empty : member.StartsWith("get_", StringComparison.Ordinal) || member.StartsWith("set_", StringComparison.Ordinal) ? member[4..] : member;

    // StockItems and StockItem are the same two words.
    private static HashSet<string> Words(string name)
    {
        var words = new HashSet<string>(StringComparer.Ordinal);
        foreach (var word in PascalCase.Words(name))
        {
            if (Array.IndexOf(Technical, word) < 0)
            {
                words.Add(word.Length > 3 && word.EndsWith('s') && !word.EndsWith("ss", StringComparison.Ordinal) ? word[..^1] : word);
            }
        }

        return words;
    }
}
