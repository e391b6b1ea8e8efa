using System.Text;
using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.Text;

namespace ModularMonolith.Analyzers.Tests;

/// <summary>A source in which the places that are reported are marked: <c>{|MM0009:DateTime.Now|}</c>, with several ids where several rules are broken.</summary>
/// <param name="Text">The source without marks.</param>
/// <param name="Findings">What is marked.</param>
internal sealed partial record MarkedSource(string Text, IReadOnlyList<ExpectedFinding> Findings)
{
    public static MarkedSource Parse(string marked)
    {
        var text = new StringBuilder();
        var findings = new List<ExpectedFinding>();
        var end = 0;
        foreach (Match mark in Mark().Matches(marked))
        {
            text.Append(marked, end, mark.Index - end);
            var span = new TextSpan(text.Length, mark.Groups["text"].Length);
            findings.AddRange(mark.Groups["ids"].Value.Split(',').Select(id => new ExpectedFinding(id, span)));
            text.Append(mark.Groups["text"].Value);
            end = mark.Index + mark.Length;
        }

        text.Append(marked, end, marked.Length - end);
        return new MarkedSource(text.ToString(), findings);
    }

    [GeneratedRegex(@"\{\|(?<ids>MM\d{4}(,MM\d{4})*):(?<text>.*?)\|\}", RegexOptions.Singleline)]
    private static partial Regex Mark();
}

/// <summary>A rule's id, and the span in which it is reported.</summary>
internal sealed record ExpectedFinding(string Id, TextSpan Span);
