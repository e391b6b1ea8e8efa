using ModularMonolith.Architecture.Baselines;
using ModularMonolith.Architecture.Rules;
using ModularMonolith.Architecture.Verification;

namespace ModularMonolith.Architecture.VerificationTests;

public sealed class BaselineTests
{
    private static readonly DateOnly Today = new(2026, 3, 1);
    private static readonly NewEntries Known = new("team-alpha", "Goes with the new checkout.", Today);
    private static readonly string[] OneRule = [MadeUpCode.NothingForbidden.Name];

    private static readonly Finding[] Two = [MadeUpCode.Found("PlaceOrder.Handle", "Elsewhere.Forbidden"), MadeUpCode.Found("CancelOrder.Handle", "Elsewhere.Forbidden")];

    private static string Text => BaselineUpdate.Of(Two, BaselineSet.Empty, Known)["modules/Alpha/Alpha.baseline.txt"]!;

    [Fact]
    public void A_baseline_is_sorted_with_one_line_for_each_edge_and_no_line_numbers()
    {
        var lines = Text.Split('\n');

        Assert.StartsWith("# Violations that are known", lines[0], StringComparison.Ordinal);
        Assert.Equal("nothing-forbidden | CancelOrder.Handle -> Elsewhere.Forbidden | owner: team-alpha | because: Goes with the new checkout. | until: 2026-03-01", lines[1]);
        Assert.Equal("nothing-forbidden | PlaceOrder.Handle -> Elsewhere.Forbidden | owner: team-alpha | because: Goes with the new checkout. | until: 2026-03-01", lines[2]);
        Assert.Equal(["", ""], [lines[3], string.Concat(lines.Skip(4))]);
    }

    [Fact]
    public void What_stands_in_a_baseline_is_let_through_also_when_it_has_moved_to_another_line()
    {
        var judged = Set(Text).Judge([Two[0] with { Span = Two[0].Span! with { Line = 400 } }, Two[1]], Today, OneRule.ToHashSet());

        Assert.Empty(judged.New);
        Assert.Empty(judged.Faults);
        Assert.Equal(2, judged.Known.Count);
    }

    [Fact]
    public void What_does_not_stand_in_a_baseline_fails()
    {
        var judged = Set(Text).Judge([.. Two, MadeUpCode.Found("EditOrder.Handle", "Elsewhere.Forbidden")], Today, OneRule.ToHashSet());
        Assert.Equal("EditOrder.Handle", Assert.Single(judged.New).From);
    }

    [Fact]
    public void An_entry_of_one_module_lets_nothing_of_another_one_through()
    {
        var judged = Set(Text).Judge([.. Two, Two[0] with { Module = "Beta" }], Today, OneRule.ToHashSet());
        Assert.Equal("Beta", Assert.Single(judged.New).Module);
    }

    [Fact]
    public void An_entry_that_nothing_needs_fails_with_its_line()
    {
        var judged = Set(Text).Judge([Two[0]], Today, OneRule.ToHashSet());
        var fault = Assert.Single(judged.Faults);
        Assert.Contains("is stale", fault.What, StringComparison.Ordinal);
        Assert.Equal("modules/Alpha/Alpha.baseline.txt:2:1", fault.Span!.ToString());
    }

    [Fact]
    public void An_entry_of_a_rule_that_did_not_run_is_not_stale() => Assert.Empty(Set(Text).Judge([], Today, new HashSet<string> { "another-rule" }).Faults);

    [Fact]
    public void An_entry_that_has_expired_fails_and_lets_nothing_through()
    {
        var judged = Set(Text).Judge(Two, Today.AddDays(1), OneRule.ToHashSet());
        Assert.Equal(2, judged.New.Count);
        Assert.Equal(2, judged.Faults.Count);
        Assert.All(judged.Faults, static fault => Assert.Contains("has expired on 2026-03-01", fault.What, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("<<<<<<< HEAD", "merge conflict")]
    [InlineData("nothing-forbidden | PlaceOrder.Handle -> Elsewhere.Forbidden", "is no entry")]
    [InlineData("nothing-forbidden | A -> B | owner:  | because: x | until: 2026-03-01", "is no entry")]
    [InlineData("nothing-forbidden | A -> B | owner: x | because: x | until: some day", "is no entry")]
    public void A_damaged_baseline_lets_nothing_through(string line, string said)
    {
        var lines = Text.Split('\n').ToList();
        lines.Insert(2, line);

        var judged = Set(string.Join('\n', lines)).Judge(Two, Today, OneRule.ToHashSet());

        Assert.Equal(2, judged.New.Count);
        Assert.Contains(judged.Faults, fault => fault.What.Contains(said, StringComparison.Ordinal) && fault.Span!.Line == 3);
    }

    [Fact]
    public void A_baseline_that_was_cut_off_at_its_beginning_lets_nothing_through()
    {
        var judged = Set(Text[10..]).Judge(Two, Today, OneRule.ToHashSet());
        Assert.Equal(2, judged.New.Count);
        Assert.NotEmpty(judged.Faults);
    }

    [Fact]
    public void A_baseline_out_of_order_or_with_repetitions_lets_nothing_through()
    {
        var lines = Text.Split('\n');
        Assert.Contains(Judge(lines[0], lines[2], lines[1]).Faults, static fault => fault.What.Contains("out of order", StringComparison.Ordinal));
        var repeated = Judge(lines[0], lines[1], lines[1], lines[2]);
        Assert.Contains(repeated.Faults, static fault => fault.What.Contains("repeats", StringComparison.Ordinal));
        Assert.Equal(2, repeated.New.Count);

        static (IReadOnlyList<Finding> New, IReadOnlyList<Finding> Known, IReadOnlyList<Finding> Faults) Judge(params string[] lines) => Set(string.Join('\n', lines) + "\n").Judge(Two, Today, OneRule.ToHashSet());
    }

    [Fact]
    public void Where_no_baseline_is_everything_is_new() => Assert.Equal(2, BaselineSet.Empty.Judge(Two, Today, OneRule.ToHashSet()).New.Count);

    [Fact]
    public void Against_a_commit_that_has_baselines_an_entry_can_be_neither_added_nor_put_off()
    {
        var former = BaselineUpdate.Of([Two[0]], BaselineSet.Empty, Known with { Until = Today.AddDays(-10) }).ToDictionary(static pair => pair.Key, static pair => BaselineFile.Read(pair.Key, pair.Value!));

        var judged = (Set(Text) with { Former = former }).Judge(Two, Today, OneRule.ToHashSet());

        Assert.Contains(judged.Faults, static fault => fault.What.StartsWith("is new", StringComparison.Ordinal) && fault.What.Contains("CancelOrder", StringComparison.Ordinal));
        Assert.Contains(judged.Faults, static fault => fault.What.StartsWith("was put off", StringComparison.Ordinal) && fault.What.Contains("PlaceOrder", StringComparison.Ordinal));
    }

    [Fact]
    public void A_repository_without_baselines_may_begin_with_some() =>
        Assert.Empty((Set(Text) with { Former = new Dictionary<string, BaselineFile>() }).Judge(Two, Today, OneRule.ToHashSet()).Faults);

    [Fact]
    public void Without_an_owner_a_reason_and_a_day_an_update_only_takes_out()
    {
        Assert.Contains("would grow by 2", Assert.Throws<ArchitectureException>(() => BaselineUpdate.Of(Two, BaselineSet.Empty, null)).Message, StringComparison.Ordinal);
        var shorter = Assert.Single(BaselineUpdate.Of([Two[0]], Set(Text), null));
        Assert.DoesNotContain("CancelOrder", shorter.Value, StringComparison.Ordinal);
        Assert.Contains("PlaceOrder", shorter.Value, StringComparison.Ordinal);
        Assert.Null(Assert.Single(BaselineUpdate.Of([], Set(Text), null)).Value);
        Assert.Empty(BaselineUpdate.Of(Two, Set(Text), null));
    }

    [Fact]
    public void What_an_entry_said_before_is_kept_when_others_are_taken_in()
    {
        var text = BaselineUpdate.Of([.. Two, MadeUpCode.Found("EditOrder.Handle", "Elsewhere.Forbidden")], Set(Text), new NewEntries("team-beta", "Later.", Today.AddDays(30)))["modules/Alpha/Alpha.baseline.txt"]!;
        Assert.Equal(2, text.Split("team-alpha").Length - 1);
        Assert.Contains("EditOrder.Handle -> Elsewhere.Forbidden | owner: team-beta | because: Later. | until: 2026-03-31", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_that_separates_parts_of_a_line_cannot_break_it()
    {
        var odd = MadeUpCode.Found("Odd -> name | x", "To | there");
        var text = BaselineUpdate.Of([odd], BaselineSet.Empty, new NewEntries("team | x", "a -> b\nc", Today)).Values.Single()!;
        Assert.Empty(Set(text).Judge([odd], Today, OneRule.ToHashSet()).New);
    }

    [Fact]
    public void An_accepted_finding_that_is_not_found_any_more_fails()
    {
        var verification = Verifier.Run(MadeUpCode.Context(accepted: [new Accepted("nothing-forbidden", "PlaceOrder.Handle", "It is right."), new Accepted("nothing-forbidden", "Gone.Handle", "It was right.")]), BaselineSet.Empty, Today, OneRule);
        var finding = Assert.Single(verification.Findings);
        Assert.Equal(("accepted-findings-are-needed", "Gone.Handle"), (finding.Rule, finding.From));
        Assert.Equal(1, verification.Accepted);
    }

    private static BaselineSet Set(string text) => new([BaselineFile.Read("modules/Alpha/Alpha.baseline.txt", text)]);
}
