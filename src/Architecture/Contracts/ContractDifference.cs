namespace ModularMonolith.Architecture.Contracts;

/// <summary>Whom a difference of a contract breaks.</summary>
public enum ContractImpact
{
    /// <summary>Nobody.</summary>
    Compatible,

    /// <summary>Those who make the values: the module that answers or publishes, and the scripts of tests that stand in for it; of stored events, the module that reads its own history.</summary>
    BreakingForProducers,

    /// <summary>Those who use the contract: who sends the request, reads the answer or handles the event.</summary>
    BreakingForConsumers,
}

/// <summary>One difference between two versions of a contract.</summary>
/// <param name="Kind">The rule, in words with hyphens: <c>request-member-removed</c>. All of them are in <see cref="DifferenceKinds.All"/>.</param>
/// <param name="Subject">The type's name in C#, or the event's stored name.</param>
/// <param name="Place">The member below it, or the path to it; empty for the subject itself.</param>
/// <param name="Impact">Whom it breaks.</param>
/// <param name="Reason">Sentences: what changed, what it breaks, and what to do instead.</param>
public sealed record ContractDifference(string Kind, string Subject, string Place, ContractImpact Impact, string Reason)
{
    /// <summary>Those who are touched by it, by module, with the places in the sources that are known. Empty while nobody has looked for them.</summary>
    public IReadOnlyList<AffectedModule> Affected { get; init; } = [];

    /// <summary>Whether anybody breaks.</summary>
    public bool IsBreaking => Impact != ContractImpact.Compatible;

    /// <summary>What stays the same when the sentence is worded anew: under this it is recorded.</summary>
    public string Key => $"`{Kind}` `{Subject}` `{Place}`";

    /// <summary>Lines for people.</summary>
    /// <returns>The class, the place and the sentences; below it, each affected module with its places.</returns>
    public override string ToString()
    {
        var impact = Impact switch
        {
            ContractImpact.BreakingForConsumers => "breaking for consumers",
            ContractImpact.BreakingForProducers => "breaking for producers",
            _ => "compatible",
        };
        return $"{impact}: {Subject}{(Place.Length == 0 ? string.Empty : " " + Place)}: {Reason} ({Kind})" + string.Concat(Affected.Select(static module => "\n    affects " + module));
    }
}

/// <summary>A module whose code uses what has changed.</summary>
/// <param name="Module">The module's name.</param>
/// <param name="Places">Files and lines relative to the repository, some of them where there are many; type names where there are no debug symbols.</param>
/// <param name="Count">How many places there are.</param>
public sealed record AffectedModule(string Module, IReadOnlyList<string> Places, int Count)
{
    /// <summary>A line for people.</summary>
    /// <returns>The module and where.</returns>
    public override string ToString() => $"{Module}: {string.Join(", ", Places)}{(Count > Places.Count ? $" and {Count - Places.Count} more" : string.Empty)}";
}
