using System.Text;

namespace ModularMonolith.Architecture.Tests;

/// <summary>One rule about the code.</summary>
/// <param name="Name">Short, lower case with hyphens.</param>
/// <param name="Because">Why the rule exists.</param>
/// <param name="Instead">What to do instead of breaking it.</param>
/// <param name="Check">Looks at a code base. It says how many things it looked at, because a rule that looks at nothing proves nothing.</param>
internal sealed record Rule(string Name, string Because, string Instead, Func<Codebase, Outcome> Check)
{
    /// <summary>What the rule finds, a finding about the rule itself included when it looked at nothing.</summary>
    public IReadOnlyList<Finding> FindIn(Codebase codebase)
    {
        var outcome = Check(codebase);
        return outcome.Examined > 0
            ? [.. outcome.Findings.Where(finding => !codebase.IsExcused(Name, finding.Where)).OrderBy(finding => finding.ToString(), StringComparer.Ordinal)]
            : [new Finding(Name, "the rule selects nothing")];
    }

    /// <summary>The findings as a person reads them: where, what, why, what to do instead.</summary>
    public string Describe(IReadOnlyList<Finding> findings)
    {
        var text = new StringBuilder().AppendLine().Append("Rule ").Append(Name).Append(": ").Append(findings.Count).AppendLine(" finding(s)");
        foreach (var finding in findings)
        {
            text.Append("  ").Append(finding.Location is null ? string.Empty : finding.Location + ": ").Append(finding).AppendLine();
        }

        return text.Append("Why: ").AppendLine(Because).Append("Instead: ").AppendLine(Instead).ToString();
    }

    public override string ToString() => Name;
}

/// <summary>One place that breaks a rule.</summary>
/// <param name="Where">A module, a type, a member or a file.</param>
/// <param name="What">What is wrong there.</param>
/// <param name="Location">File and line, where the debug symbols know them.</param>
internal sealed record Finding(string Where, string What, string? Location = null)
{
    public override string ToString() => $"{Where}: {What}";
}

/// <summary>What came of a rule.</summary>
internal sealed record Outcome(int Examined, IReadOnlyList<Finding> Findings)
{
    /// <summary>Asks each subject what is wrong with it.</summary>
    public static Outcome Of<T>(IEnumerable<T> subjects, Func<T, IEnumerable<Finding>> check)
    {
        var examined = subjects.ToList();
        return new Outcome(examined.Count, [.. examined.SelectMany(check)]);
    }
}

/// <summary>A finding that is accepted, with the reason.</summary>
/// <param name="Rule">The rule's name.</param>
/// <param name="Where">The finding's place.</param>
/// <param name="Reason">Why the code is right here and the rule is not.</param>
internal sealed record Excuse(string Rule, string Where, string Reason);
