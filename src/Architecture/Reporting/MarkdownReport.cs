using System.Text;

namespace ModularMonolith.Architecture.Reporting;

/// <summary>Findings for a pull request: a summary in Markdown, and annotations beside the lines.</summary>
public static class MarkdownReport
{
    /// <summary>One section for each rule that was broken.</summary>
    public static string Write(Verification.Verification verification, TimeSpan took)
    {
        var text = new StringBuilder("## Boundaries\n\n").Append(TextReport.Summary(verification, took)).Append('\n');
        foreach (var group in verification.Findings.GroupBy(static finding => finding.Rule).OrderBy(static group => group.Key, StringComparer.Ordinal))
        {
            var rule = verification.RuleOf(group.First());
            text.Append("\n### [").Append(rule.Name).Append("](").Append(TextReport.Link(rule.Name)).Append(")\n\n").Append(rule.Because).Append("\n\n| where | what | instead |\n|---|---|---|\n");
            foreach (var finding in group)
            {
                text.Append("| ").Append(Cell(finding.Span?.ToString() ?? finding.Module ?? string.Empty, isCode: true)).Append(" | ").Append(Cell(TextReport.Message(finding), isCode: false))
                    .Append(" | ").Append(Cell(TextReport.Way(finding, rule), isCode: false)).Append(" |\n");
            }
        }

        return text.ToString();
    }

    /// <summary>Workflow commands that GitHub's and Gitea's runners show beside the lines of a change.</summary>
    public static string Annotations(Verification.Verification verification)
    {
        var text = new StringBuilder();
        foreach (var finding in verification.Findings)
        {
            var rule = verification.RuleOf(finding);
            text.Append("::error ");
            if (finding.Span is { } span)
            {
                text.Append("file=").Append(Property(span.File)).Append(",line=").Append(span.Line).Append(",col=").Append(Math.Max(span.Column, 1)).Append(',');
            }

            text.Append("title=").Append(Property(rule.Name)).Append("::").Append(Data($"{TextReport.Message(finding)}\n{rule.Because}\n{TextReport.Way(finding, rule)}\n{TextReport.Link(rule.Name)}")).Append('\n');
        }

        return text.ToString();
    }

    private static string Cell(string text, bool isCode)
    {
        var plain = text.ReplaceLineEndings(" ").Replace("|", "\\|", StringComparison.Ordinal);
        return isCode && plain.Length > 0 ? $"`{plain}`" : plain.Replace("<", "&lt;", StringComparison.Ordinal).Replace("*", "\\*", StringComparison.Ordinal);
    }

    private static string Data(string text) => text.Replace("%", "%25", StringComparison.Ordinal).Replace("\r", "%0D", StringComparison.Ordinal).Replace("\n", "%0A", StringComparison.Ordinal);

    private static string Property(string text) => Data(text).Replace(":", "%3A", StringComparison.Ordinal).Replace(",", "%2C", StringComparison.Ordinal);
}
