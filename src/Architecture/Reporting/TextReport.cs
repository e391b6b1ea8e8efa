using System.Globalization;
using System.Text;
using ModularMonolith.Architecture.Graph;
using ModularMonolith.Architecture.Rules;

namespace ModularMonolith.Architecture.Reporting;

/// <summary>Findings for a person at a terminal: a line that can be clicked, and what to know about it below.</summary>
public static class TextReport
{
    private const string Documentation = "docs/rules.md#";

    /// <summary>The link to a rule's explanation.</summary>
    public static string Link(string rule) => Documentation + rule;

    /// <summary>What a finding says in one line, without its place.</summary>
    public static string Message(Finding finding) => finding.To is null || finding.What.Contains(finding.To, StringComparison.Ordinal)
        ? $"{finding.From}: {finding.What}"
        : $"{finding.From} → {finding.To}: {finding.What}";

    /// <summary>What to do about a finding.</summary>
    public static string Way(Finding finding, Rule rule) => finding.Suggestion is { } suggestion ? suggestion : rule.Instead;

    /// <summary>All of it.</summary>
    public static string Write(Verification.Verification verification, TimeSpan took)
    {
        var text = new StringBuilder();
        foreach (var finding in verification.Findings)
        {
            var rule = verification.RuleOf(finding);
            text.Append(finding.Span is { } span ? span.ToString() : finding.Module is { } module ? "modules/" + module : ".").Append(": error ").Append(rule.Name).Append(": ").AppendLine(Message(finding));
            if (finding.Kind is { } kind)
            {
                text.Append("    how      ").AppendLine(Name(kind));
            }

            text.Append("    why      ").AppendLine(rule.Because);
            text.Append("    instead  ").AppendLine(Way(finding, rule));
            text.Append("    see      ").AppendLine(Link(rule.Name)).AppendLine();
        }

        return text.AppendLine(Summary(verification, took)).ToString();
    }

    /// <summary>The last line.</summary>
    public static string Summary(Verification.Verification verification, TimeSpan took)
    {
        var graph = verification.Graph;
        var types = graph.Assemblies.Sum(static assembly => assembly.Types.Count);
        var looked = string.Create(CultureInfo.InvariantCulture, $"{graph.Modules.Count} modules, {types:N0} types, {verification.Rules.Count} rules, {took.TotalSeconds:F1} s");
        var known = verification.Known.Count > 0 ? $" {verification.Known.Count} more stand in baselines." : string.Empty;
        return verification.Findings.Count switch
        {
            0 => $"The boundaries hold ({looked}).{known}",
            1 => $"1 finding ({looked}).{known}",
            var count => $"{count} findings ({looked}).{known}",
        };
    }

    /// <summary>How a dependency comes about, in words.</summary>
    public static string Name(EdgeKind kind) => kind switch
    {
        EdgeKind.Call => "uses a member",
        EdgeKind.TypeUse => "names the type",
        EdgeKind.Inheritance => "derives from it or implements it",
        EdgeKind.AttributeArgument => "names it in an attribute",
        EdgeKind.Catch => "catches it",
        EdgeKind.GenericArgument => "as a type argument",
        EdgeKind.Constant => "a constant or name that the compiler copies",
        EdgeKind.Event => "an event",
        EdgeKind.Request => "a request",
        EdgeKind.Http => "over HTTP",
        EdgeKind.Table => "in SQL",
        EdgeKind.Package => "a package reference",
        _ => "a project reference",
    };
}
