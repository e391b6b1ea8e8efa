using ModularMonolith.Architecture.Graph;

namespace ModularMonolith.Architecture.Rules;

/// <summary>One rule about the code.</summary>
/// <param name="Name">Short, lower case with hyphens. Findings, baselines and the documentation go by it.</param>
/// <param name="Because">Why the rule exists: whole sentences.</param>
/// <param name="Instead">What to do instead of breaking it: whole sentences.</param>
/// <param name="Check">Looks at a code base. It says how many things it looked at, because a rule that looks at nothing proves nothing.</param>
public sealed record Rule(string Name, string Because, string Instead, Func<RuleContext, Outcome> Check)
{
    /// <summary>
    /// Breaks the rule in a copy of a module, in memory. <c>mm verify --self-test</c> does it for each rule in each module, and a rule that then finds nothing new in that module fails.
    /// Null: the rule is about the repository as a whole, and <see cref="PlantOnce"/> breaks it.
    /// </summary>
    public Action<Canary>? Plant { get; init; }

    /// <summary>Breaks a rule that is not about single modules: gives a changed code base.</summary>
    public Func<RuleContext, RuleContext>? PlantOnce { get; init; }

    /// <summary>What the rule finds, a finding about the rule itself included when it looked at nothing.</summary>
    /// <param name="context">The code base.</param>
    /// <returns>The findings in the order of their places.</returns>
    public IReadOnlyList<Finding> FindIn(RuleContext context)
    {
        var outcome = Check(context);
        var places = new SourcePlaces(context.Graph.Root);
        return outcome.Examined > 0
            ? [.. outcome.Findings.Select(finding => places.Refine(finding with { Rule = Name })).Distinct()
                .OrderBy(static finding => finding.Span?.File, StringComparer.Ordinal).ThenBy(static finding => finding.Span?.Line).ThenBy(static finding => finding.Span?.Column)
                .ThenBy(static finding => finding.From, StringComparer.Ordinal).ThenBy(static finding => finding.What, StringComparer.Ordinal)]
            : [new Finding(Name, "the rule selects nothing") { Rule = Name }];
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>What rules look at.</summary>
/// <param name="Graph">The code.</param>
/// <param name="Policy">What the architects of the repository have declared.</param>
public sealed record RuleContext(CodeGraph Graph, Policy Policy)
{
    /// <summary>Pages that are read besides those on the disk, by their paths relative to the repository: what a rule about pages breaks itself with.</summary>
    public IReadOnlyDictionary<string, string> Pages { get; init; } = new Dictionary<string, string>();
}

/// <summary>What came of a rule.</summary>
/// <param name="Examined">How many things it looked at.</param>
/// <param name="Findings">What is wrong with them.</param>
public sealed record Outcome(int Examined, IReadOnlyList<Finding> Findings)
{
    /// <summary>Asks each subject what is wrong with it.</summary>
    public static Outcome Of<T>(IEnumerable<T> subjects, Func<T, IEnumerable<Finding>> check) => Of(0, subjects, check);

    /// <summary>Asks what is wrong with subjects that were picked out of many.</summary>
    /// <param name="passed">How many were looked at and not picked.</param>
    /// <param name="subjects">The others.</param>
    /// <param name="check">What is wrong with one.</param>
    internal static Outcome Of<T>(int passed, IEnumerable<T> subjects, Func<T, IEnumerable<Finding>> check)
    {
        var examined = passed;
        var findings = new List<Finding>();
        foreach (var subject in subjects)
        {
            examined++;
            findings.AddRange(check(subject));
        }

        return new Outcome(examined, findings);
    }
}

/// <summary>One place that breaks a rule.</summary>
/// <param name="From">The member, type, module or file that breaks it.</param>
/// <param name="What">What is wrong there: "calls DateTime.Now".</param>
public sealed record Finding(string From, string What)
{
    /// <summary>The rule's name; set by the rule.</summary>
    public string Rule { get; init; } = string.Empty;

    /// <summary>The module in which it stands, by its folder; null outside of modules.</summary>
    public string? Module { get; init; }

    /// <summary>What is depended on, with its namespace; null where the finding is about one thing alone.</summary>
    public string? To { get; init; }

    /// <summary>How; null where the finding is about one thing alone.</summary>
    public EdgeKind? Kind { get; init; }

    /// <summary>Where it stands; null where neither symbols nor sources know.</summary>
    public SourceSpan? Span { get; init; }

    /// <summary>The shortest legal way here, where there is one better than the rule's: a whole sentence.</summary>
    public string? Suggestion { get; init; }

    /// <summary>A finding about an edge.</summary>
    public static Finding Of(Edge edge, Module? module, string what) =>
        new(edge.FromName, what) { Module = module?.Folder, To = edge.ToName, Kind = edge.Kind, Span = edge.Span };

    /// <summary>A finding about a type or one of its members.</summary>
    public static Finding Of(TypeFacts type, MemberFacts? member, Module? module, string what) =>
        new(Describe.Member(type, member), what) { Module = module?.Folder, Span = member?.Place ?? type.Place };

    /// <summary>From and what, without the place: what a baseline and an accepted finding go by.</summary>
    public override string ToString() => $"{From}: {What}";
}
