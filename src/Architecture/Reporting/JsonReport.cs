using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using ModularMonolith.Architecture.Rules;

namespace ModularMonolith.Architecture.Reporting;

/// <summary>Findings for programs: the project's own JSON, and SARIF 2.1.0 (OASIS Standard, 2020) for code scanning.</summary>
public static class JsonReport
{
    internal static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The project's own form: findings and what was looked at.</summary>
    public static string Write(Verification.Verification verification, TimeSpan took) => new JsonObject
    {
        ["modules"] = verification.Graph.Modules.Count,
        ["types"] = verification.Graph.Assemblies.Sum(static assembly => assembly.Types.Count),
        ["rules"] = verification.Rules.Count,
        ["milliseconds"] = (long)took.TotalMilliseconds,
        ["inBaselines"] = verification.Known.Count,
        ["accepted"] = verification.Accepted,
        ["findings"] = new JsonArray([.. verification.Findings.Select(finding => One(finding, verification.RuleOf(finding)))]),
    }.ToJsonString(Indented);

    /// <summary>SARIF 2.1.0.</summary>
    public static string Sarif(Verification.Verification verification)
    {
        var rules = verification.Rules.OrderBy(static rule => rule.Name, StringComparer.Ordinal).ToList();
        return new JsonObject
        {
            ["$schema"] = "https://json.schemastore.org/sarif-2.1.0.json",
            ["version"] = "2.1.0",
            ["runs"] = new JsonArray(new JsonObject
            {
                ["tool"] = new JsonObject
                {
                    ["driver"] = new JsonObject
                    {
                        ["name"] = "mm verify",
                        ["rules"] = new JsonArray([.. rules.Select(static rule => new JsonObject
                        {
                            ["id"] = rule.Name,
                            ["shortDescription"] = new JsonObject { ["text"] = rule.Because },
                            ["help"] = new JsonObject { ["text"] = $"{rule.Instead} See {TextReport.Link(rule.Name)}." },
                            ["defaultConfiguration"] = new JsonObject { ["level"] = "error" },
                        })]),
                    },
                },
                ["columnKind"] = "utf16CodeUnits",
                ["results"] = new JsonArray([.. verification.Findings.Select(finding => Result(finding, verification.RuleOf(finding), rules))]),
            }),
        }.ToJsonString(Indented);
    }

    private static JsonObject One(Finding finding, Rule rule) => new()
    {
        ["rule"] = rule.Name,
        ["module"] = finding.Module,
        ["file"] = finding.Span?.File,
        ["line"] = finding.Span?.Line,
        ["column"] = finding.Span?.Column,
        ["from"] = finding.From,
        ["to"] = finding.To,
        ["kind"] = finding.Kind is { } kind ? JsonNamingPolicy.CamelCase.ConvertName(kind.ToString()) : null,
        ["what"] = finding.What,
        ["why"] = rule.Because,
        ["instead"] = TextReport.Way(finding, rule),
        ["see"] = TextReport.Link(rule.Name),
    };

    private static JsonObject Result(Finding finding, Rule rule, List<Rule> rules)
    {
        var result = new JsonObject
        {
            ["ruleId"] = rule.Name,
            ["ruleIndex"] = rules.IndexOf(rule),
            ["level"] = "error",
            ["message"] = new JsonObject { ["text"] = $"{TextReport.Message(finding)}. {rule.Because} {TextReport.Way(finding, rule)}" },
            // Without lines, so that a finding stays the same one when code above it changes.
            ["partialFingerprints"] = new JsonObject { ["edge/v1"] = $"{rule.Name}|{finding.From}|{finding.To ?? finding.What}" },
        };
        if (finding.Span is { } span)
        {
            result["locations"] = new JsonArray(new JsonObject
            {
                ["physicalLocation"] = new JsonObject
                {
                    ["artifactLocation"] = new JsonObject { ["uri"] = Uri.EscapeDataString(span.File).Replace("%2F", "/", StringComparison.Ordinal), ["uriBaseId"] = "%SRCROOT%" },
                    ["region"] = new JsonObject
                    {
                        ["startLine"] = span.Line,
                        ["startColumn"] = Math.Max(span.Column, 1),
                        ["endLine"] = Math.Max(span.EndLine, span.Line),
                        ["endColumn"] = span.EndLine > span.Line ? Math.Max(span.EndColumn, 1) : Math.Max(span.EndColumn, Math.Max(span.Column, 1) + 1),
                    },
                },
            });
        }

        return result;
    }
}
