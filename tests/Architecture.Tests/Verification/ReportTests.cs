using System.Text.Json;
using ModularMonolith.Architecture.Baselines;
using ModularMonolith.Architecture.Reporting;
using ModularMonolith.Architecture.Verification;

namespace ModularMonolith.Architecture.VerificationTests;

public sealed class ReportTests
{
    private static readonly TimeSpan Took = TimeSpan.FromMilliseconds(1230);
    private static readonly string[] OneRule = [MadeUpCode.NothingForbidden.Name];

    private static Architecture.Verification.Verification Verification => Verifier.Run(MadeUpCode.Context(), BaselineSet.Empty, new DateOnly(2026, 3, 1), OneRule);

    [Fact]
    public void The_terminal_gets_a_place_to_click_both_sides_the_reason_the_way_out_and_a_link()
    {
        var text = TextReport.Write(Verification, Took);
        Assert.Contains("modules/Alpha/Alpha/PlaceOrder.cs:3:5: error nothing-forbidden: PlaceOrder.Handle → Elsewhere.Forbidden: uses what is forbidden", text, StringComparison.Ordinal);
        Assert.Contains("why      Forbidden things are forbidden.", text, StringComparison.Ordinal);
        Assert.Contains("instead  Use something else.", text, StringComparison.Ordinal);
        Assert.Contains("see      docs/rules.md#nothing-forbidden", text, StringComparison.Ordinal);
        Assert.EndsWith("1 finding (3 modules, 4 types, 3 rules, 1.2 s).", text.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_better_way_that_is_known_for_the_case_takes_the_place_of_the_general_one()
    {
        var verification = Verification;
        var finding = verification.Findings[0] with { Suggestion = "Send GetPrice." };
        Assert.Contains("instead  Send GetPrice.", TextReport.Write(verification with { Findings = [finding] }, Took), StringComparison.Ordinal);
    }

    [Fact]
    public void Json_says_the_same()
    {
        using var json = JsonDocument.Parse(JsonReport.Write(Verification, Took));
        var finding = Assert.Single(json.RootElement.GetProperty("findings").EnumerateArray());
        Assert.Equal("nothing-forbidden", finding.GetProperty("rule").GetString());
        Assert.Equal("modules/Alpha/Alpha/PlaceOrder.cs", finding.GetProperty("file").GetString());
        Assert.Equal((3, 5), (finding.GetProperty("line").GetInt32(), finding.GetProperty("column").GetInt32()));
        Assert.Equal("Elsewhere.Forbidden", finding.GetProperty("to").GetString());
        Assert.Equal("call", finding.GetProperty("kind").GetString());
        Assert.Equal(1230, json.RootElement.GetProperty("milliseconds").GetInt32());
    }

    [Fact]
    public void Sarif_names_each_rule_once_and_points_into_the_repository()
    {
        using var json = JsonDocument.Parse(JsonReport.Sarif(Verification));
        Assert.Equal("2.1.0", json.RootElement.GetProperty("version").GetString());
        var run = json.RootElement.GetProperty("runs")[0];
        var rules = run.GetProperty("tool").GetProperty("driver").GetProperty("rules").EnumerateArray().Select(static rule => rule.GetProperty("id").GetString()).ToList();
        var result = Assert.Single(run.GetProperty("results").EnumerateArray());
        Assert.Equal("nothing-forbidden", rules[result.GetProperty("ruleIndex").GetInt32()]);
        Assert.Equal(rules.Count, rules.Distinct().Count());
        var place = result.GetProperty("locations")[0].GetProperty("physicalLocation");
        Assert.Equal("modules/Alpha/Alpha/PlaceOrder.cs", place.GetProperty("artifactLocation").GetProperty("uri").GetString());
        var region = place.GetProperty("region");
        Assert.Equal((3, 5, 4), (region.GetProperty("startLine").GetInt32(), region.GetProperty("startColumn").GetInt32(), region.GetProperty("endLine").GetInt32()));
        Assert.DoesNotContain("3", result.GetProperty("partialFingerprints").GetProperty("edge/v1").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Annotations_stand_beside_the_line_and_are_one_line_each()
    {
        var line = MarkdownReport.Annotations(Verification).TrimEnd('\n');
        Assert.DoesNotContain('\n', line);
        Assert.StartsWith("::error file=modules/Alpha/Alpha/PlaceOrder.cs,line=3,col=5,title=nothing-forbidden::PlaceOrder.Handle → Elsewhere.Forbidden", line, StringComparison.Ordinal);
        Assert.Contains("%0AUse something else.", line, StringComparison.Ordinal);
    }

    [Fact]
    public void Markdown_cannot_be_broken_by_what_it_reports()
    {
        var verification = Verification;
        var finding = verification.Findings[0] with { From = "List<a|b>", What = "one\ntwo" };
        var row = MarkdownReport.Write(verification with { Findings = [finding] }, Took).Split('\n').Single(static line => line.Contains("&lt;", StringComparison.Ordinal));
        Assert.Equal(4, row.Replace("\\|", string.Empty, StringComparison.Ordinal).Count(static c => c == '|'));
    }

    [Fact]
    public void When_nothing_is_found_it_says_so()
    {
        var verification = Verification with { Findings = [], Known = [MadeUpCode.Found("a", "b")] };
        Assert.Equal("The boundaries hold (3 modules, 4 types, 3 rules, 1.2 s). 1 more stand in baselines.", TextReport.Write(verification, Took).TrimEnd());
    }

    [Fact]
    public void The_column_is_that_of_the_word_inside_of_the_statement()
    {
        var root = Directory.CreateTempSubdirectory("mm-").FullName;
        try
        {
            var folder = Directory.CreateDirectory(Path.Combine(root, "modules/Alpha/Alpha")).FullName;
            File.WriteAllText(Path.Combine(folder, "PlaceOrder.cs"), "// Forbidden\n\n    var x = NotForbidden.Or(\n        new Forbidden());\n");
            var finding = Assert.Single(Verifier.Run(MadeUpCode.Context(root), BaselineSet.Empty, new DateOnly(2026, 3, 1), OneRule).Findings);
            Assert.Equal("modules/Alpha/Alpha/PlaceOrder.cs:4:13", finding.Span!.ToString());
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    [Fact]
    public void Explain_shows_every_direct_link()
    {
        var text = Explanation.Write(MadeUpCode.Graph("/nowhere"), "Alpha", "beta");
        Assert.Equal("Alpha reaches beta directly:\n  Alpha/PlaceOrder.cs:7:9: PlaceOrder.Handle → Beta.Contracts.GetPrice (uses a member)\n", text);
    }

    [Fact]
    public void Explain_goes_over_modules_where_requests_end_and_their_handlers_go_on()
    {
        var text = Explanation.Write(MadeUpCode.Graph("/nowhere"), "Alpha", "Gamma");
        Assert.Contains("Alpha/PlaceOrder.cs:7:9: PlaceOrder.Handle → Beta.Contracts.GetPrice", text, StringComparison.Ordinal);
        Assert.Contains("Beta/GetPrice.cs:12:5: GetPriceHandler.Handle → Gamma.Contracts.GetTax", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Explain_says_when_there_is_no_way_and_when_a_name_stands_for_nothing()
    {
        Assert.Equal("Gamma does not reach Alpha.\n", Explanation.Write(MadeUpCode.Graph("/nowhere"), "Gamma", "Alpha"));
        Assert.Contains("'Delta' is no module", Assert.Throws<ArchitectureException>(() => Explanation.Write(MadeUpCode.Graph("/nowhere"), "Gamma", "Delta")).Message, StringComparison.Ordinal);
    }
}
