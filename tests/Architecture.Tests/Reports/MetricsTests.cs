using ModularMonolith.Architecture.Metrics;

namespace ModularMonolith.Architecture.ReportTests;

public sealed class MetricsTests
{
    private static readonly ModuleMetrics Sales = new("Sales", 5, 5, 23, 0, 1, 1, 2);

    [Fact]
    public void A_module_that_only_uses_others_is_instable_and_one_that_is_only_used_is_stable()
    {
        var finding = new Architecture.Rules.Finding("SellHandler.Handle", "uses Shelf of Stock") { Module = "Sales" };
        var metrics = ModuleMetrics.Of(MadeUpShop.Graph(), [finding], new Dictionary<string, int> { ["Stock"] = 3 }).ToDictionary(static one => one.Module);
        Assert.Equal((0, 1, 1.0, 1, 0), (metrics["Sales"].Afferent, metrics["Sales"].Efferent, metrics["Sales"].Instability, metrics["Sales"].Findings, metrics["Sales"].Baseline));
        Assert.Equal((1, 0, 0.0, 0, 3), (metrics["Stock"].Afferent, metrics["Stock"].Efferent, metrics["Stock"].Instability, metrics["Stock"].Findings, metrics["Stock"].Baseline));
        Assert.Equal(5, metrics["Sales"].Types);
        Assert.All(metrics.Values, static one => Assert.Empty(one.Circle));
    }

    [Fact]
    public void Circles_are_found_and_what_only_leads_into_one_is_not_part_of_it()
    {
        var next = new Dictionary<string, string[]> { ["a"] = ["b"], ["b"] = ["c"], ["c"] = ["a", "d"], ["d"] = ["e"], ["e"] = ["d"], ["f"] = ["a", "f"] };
        var groups = StronglyConnected.Of([.. next.Keys], node => next[node]).Select(static group => string.Concat(group.Order(StringComparer.Ordinal))).Order(StringComparer.Ordinal);
        Assert.Equal(["abc", "de", "f"], groups);
    }

    [Fact]
    public void A_commit_is_recorded_once_however_often_it_is()
    {
        var history = MetricsHistory.Read(string.Empty).With(new MetricsRecord(new DateOnly(2026, 1, 2), "aaa", [Sales])).With(new MetricsRecord(new DateOnly(2026, 1, 3), "bbb", [Sales with { Lines = 30 }]));
        var again = history.With(new MetricsRecord(new DateOnly(2026, 1, 9), "aaa", [Sales with { Types = 6 }]));
        Assert.Equal(
            "date,commit,module,types,members,lines,afferent,efferent,findings,baseline\n2026-01-02,aaa,Sales,6,5,23,0,1,1,2\n2026-01-03,bbb,Sales,5,5,30,0,1,1,2\n", again.Write());
        Assert.Equal(again.Write(), MetricsHistory.Read(again.Write()).Write());
    }

    [Theory]
    [InlineData("2026-01-02,aaa,Sales,6,5,23,0,1,1")]
    [InlineData("2026-01-02,aaa,Sales,6,5,-3,0,1,1,2")]
    [InlineData("yesterday,aaa,Sales,6,5,23,0,1,1,2")]
    [InlineData("<<<<<<< HEAD")]
    public void A_line_that_cannot_be_read_is_refused_with_its_number(string line) =>
        Assert.StartsWith("docs/reference/metrics.csv:2: ", Assert.Throws<ArchitectureException>(() => MetricsHistory.Read("date,commit,module,types,members,lines,afferent,efferent,findings,baseline\n" + line + "\n")).Message, StringComparison.Ordinal);

    [Fact]
    public void Arrows_and_bars_show_where_it_goes()
    {
        var history = new MetricsHistory([new MetricsRecord(default, "aaa", [Sales with { Lines = 10 }]), new MetricsRecord(default, "bbb", [Sales with { Lines = 24, Types = 4, Findings = 1 }])]);
        Assert.Contains("| Sales | 5 ↑ | 5 → | 23 ↓ | 0 → | 1 → | 1.00 | 1 → | 2 → | - | ▁█▇ |\n", MetricsFormat.Markdown([Sales], history), StringComparison.Ordinal);
        Assert.Contains("Sales  ", MetricsFormat.Text([Sales], history), StringComparison.Ordinal);
        Assert.Equal("▅▅", MetricsFormat.Sparkline([3, 3]));
        Assert.Equal(12, MetricsFormat.Sparkline([.. Enumerable.Range(0, 40)]).Length);
    }
}
