using System.Collections.Concurrent;
using ModularMonolith.Architecture.Baselines;
using ModularMonolith.Architecture.Rules;

namespace ModularMonolith.Architecture.Verification;

/// <summary>Runs the rules, and takes away what is accepted or stands in a baseline.</summary>
public static class Verifier
{
    /// <summary>The rule under which faults of baselines are reported.</summary>
    public static readonly Rule BaselineRule = new(
        "baselines-only-shrink",
        "A baseline is a debt with a date. An entry that nothing needs hides the next violation of its kind; one that has expired was promised to be gone.",
        "Remove the entry with mm baseline update, or repair the code that it excuses.",
        static _ => new Outcome(1, []));

    /// <summary>The rule under which accepted findings that nobody needs are reported.</summary>
    public static readonly Rule AcceptedRule = new(
        "accepted-findings-are-needed",
        "A finding that is accepted for good and is not found any more would accept the next one of its kind without a word.",
        "Remove the entry from the policy.",
        static _ => new Outcome(1, []));

    /// <summary>Runs the rules.</summary>
    /// <param name="context">The code base.</param>
    /// <param name="baselines">What is known already and is to go away.</param>
    /// <param name="today">The day by which entries expire.</param>
    /// <param name="only">The rules to run, or null for all. Entries of others are not looked at then.</param>
    /// <returns>What came of it.</returns>
    /// <exception cref="ArchitectureException">Two rules have the same name, or a name in <paramref name="only"/> is none.</exception>
    public static Verification Run(RuleContext context, BaselineSet baselines, DateOnly today, IReadOnlyCollection<string>? only = null)
    {
        var rules = RulesOf(context.Policy, only);
        if (only is null or { Count: 0 })
        {
            context.Graph.Prepare();
        }

        var found = new Finding[rules.Count][];
        // One after the other to whoever is free: in ranges, one processor would get all that take long.
        Parallel.ForEach(Partitioner.Create(Enumerable.Range(0, rules.Count), EnumerablePartitionerOptions.NoBuffering), i => found[i] = [.. rules[i].FindIn(context)]);
        var all = found.SelectMany(static findings => findings).ToList();
        var accepted = context.Policy.Accepted.Where(entry => rules.Any(rule => rule.Name == entry.Rule)).ToList();
        var open = all.Where(finding => !accepted.Any(entry => entry.Rule == finding.Rule && entry.From == finding.From)).ToList();
        var unneeded = accepted.Where(entry => !all.Any(finding => entry.Rule == finding.Rule && entry.From == finding.From))
            .Select(static entry => new Finding(entry.From, $"is accepted for {entry.Rule}, which does not find it any more") { Rule = AcceptedRule.Name });
        var judged = baselines.Judge(open, today, rules.Select(static rule => rule.Name).ToHashSet(StringComparer.Ordinal));
        return new Verification(
            [.. rules, BaselineRule, AcceptedRule],
            [.. judged.New.Concat(judged.Faults).Concat(unneeded)
                .OrderBy(static finding => finding.Span?.File ?? finding.From, StringComparer.Ordinal).ThenBy(static finding => finding.Span?.Line).ThenBy(static finding => finding.Span?.Column)
                .ThenBy(static finding => finding.Rule, StringComparer.Ordinal)],
            judged.Known, all.Count - open.Count, context.Graph);
    }

    /// <summary>The catalogue's rules and the repository's own.</summary>
    /// <exception cref="ArchitectureException">Two have the same name, or a name in <paramref name="only"/> is none.</exception>
    public static IReadOnlyList<Rule> RulesOf(Policy policy, IReadOnlyCollection<string>? only = null)
    {
        var rules = RuleCatalog.All.Concat(policy.Rules).ToList();
        if (rules.GroupBy(static rule => rule.Name).FirstOrDefault(static group => group.Count() > 1) is { } same)
        {
            throw new ArchitectureException($"Two rules are named {same.Key}. Give one of them another name.");
        }

        return only is null or { Count: 0 }
            ? rules
            : [.. only.Select(name => rules.Find(rule => rule.Name == name) ?? throw new ArchitectureException($"There is no rule {name}. mm verify --list names them all."))];
    }
}

/// <summary>What came of the rules.</summary>
/// <param name="Rules">The rules that ran.</param>
/// <param name="Findings">What fails.</param>
/// <param name="Known">Findings that a baseline holds.</param>
/// <param name="Accepted">How many findings the policy accepts.</param>
/// <param name="Graph">What was looked at.</param>
public sealed record Verification(IReadOnlyList<Rule> Rules, IReadOnlyList<Finding> Findings, IReadOnlyList<Finding> Known, int Accepted, Graph.CodeGraph Graph)
{
    /// <summary>The rule of a finding.</summary>
    public Rule RuleOf(Finding finding) => Rules.First(rule => rule.Name == finding.Rule);
}
