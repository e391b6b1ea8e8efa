using System.Text.Json;
using ModularMonolith.Pricing.Promotions;
using ModularMonolith.Pricing.Quotes;

namespace ModularMonolith.Pricing.Tests.Promotions;

/// <summary>What holds for all drafts and rules: thousands of random ones, the same in every run.</summary>
public sealed class EnginePropertyTests
{
    private const int Cases = 3_000;

    private static readonly string[] Skus = ["A", "B", "C", "D", "E"];

    [Fact]
    public void No_line_goes_below_zero_and_each_decision_tells_what_was_taken() => ForAll(static (draft, rules, outcome) =>
    {
        Assert.Equal(draft.Items.Count, outcome.ItemDiscounts.Length);
        Assert.All(outcome.ItemDiscounts.Zip(draft.Items), static pair => Assert.InRange(pair.First, 0, pair.Second.Subtotal));
        Assert.InRange(outcome.ShippingDiscount, 0, draft.ShippingPrice?.Amount ?? 0);
        Assert.Equal(
            outcome.ItemDiscounts.Sum() + outcome.ShippingDiscount,
            outcome.Decisions.Where(static decision => decision.IsApplied).Sum(static decision => decision.Amount!.Value.Amount));
        Assert.All(outcome.Decisions, static decision => Assert.Equal(decision.IsApplied, decision.Amount is { Amount: > 0 }));
        Assert.All(outcome.Decisions, static decision => Assert.False(string.IsNullOrWhiteSpace(decision.Reason)));
        Assert.Equal(rules.Promotions.Count, outcome.Decisions.Count);
    });

    [Fact]
    public void The_order_of_the_rules_makes_no_difference() => ForAll(static (draft, rules, outcome) =>
        AssertSame(outcome, draft.Apply(rules with { Promotions = [.. rules.Promotions.Reverse()] })));

    [Fact]
    public void Rules_that_were_written_down_give_the_same_again() => ForAll(static (draft, rules, outcome) =>
        AssertSame(outcome, JsonSerializer.Deserialize<QuoteDraft>(JsonSerializer.Serialize(draft))!.Apply(JsonSerializer.Deserialize<PromotionRules>(JsonSerializer.Serialize(rules))!)));

    [Fact]
    public void The_choice_saves_at_least_as_much_as_each_promotion_that_may_apply_alone() => ForAll(static (draft, rules, outcome) =>
    {
        var saved = outcome.ItemDiscounts.Sum() + outcome.ShippingDiscount;
        foreach (var rule in rules.Promotions)
        {
            var alone = draft.Apply(new PromotionRules { Promotions = [rule] });
            Assert.True(saved >= alone.ItemDiscounts.Sum() + alone.ShippingDiscount, $"'{rule.Content.Title}' alone saves more.");
        }
    });

    [Fact]
    public void An_exclusive_promotion_is_never_combined() => ForAll(static (_, rules, outcome) =>
    {
        var applied = outcome.Decisions.Where(static decision => decision.IsApplied).Select(decision => rules.Promotions.Single(rule => rule.Id.ToString() == decision.Rule)).ToList();
        Assert.True(applied.Count <= 1 || applied.TrueForAll(static rule => rule.Content.Stacking == PromotionStacking.Stackable));
    });

    [Fact]
    public void No_budget_is_passed() => ForAll(static (draft, rules, outcome) =>
    {
        foreach (var (promotionId, _, discount) in outcome.Redemptions)
        {
            var rule = rules.Promotions.Single(known => known.Id == promotionId);
            Assert.True(rule.Given + discount.Amount <= (rule.Content.Limits?.Budget.In(draft.Currency) ?? long.MaxValue));
        }
    });

    private static void AssertSame(PromotionOutcome expected, PromotionOutcome actual)
    {
        Assert.Equal(expected.ItemDiscounts, actual.ItemDiscounts);
        Assert.Equal(expected.ShippingDiscount, actual.ShippingDiscount);
        Assert.Equal(expected.Decisions, actual.Decisions);
        Assert.Equal(expected.Redemptions, actual.Redemptions);
    }

    private static void ForAll(Action<QuoteDraft, PromotionRules, PromotionOutcome> holds)
    {
        var applied = 0;
        for (var seed = 0; seed < Cases; seed++)
        {
            var random = new Random(seed);
            var draft = Draft(random);
            var rules = new PromotionRules { Promotions = [.. Enumerable.Range(0, random.Next(1, 7)).Select(_ => Rule(random))] };
            var outcome = draft.Apply(rules);
            try
            {
                holds(draft, rules, outcome);
            }
            catch (Exception exception)
            {
                throw new InvalidOperationException($"It does not hold for the case {seed}: {exception.Message}", exception);
            }

            applied += outcome.Decisions.Count(static decision => decision.IsApplied);
        }

        Assert.InRange(applied, Cases / 2, Cases * 6);
    }

    private static QuoteDraft Draft(Random random)
    {
        var draft = Drafts.Of([.. Skus.Take(random.Next(1, 6)).Select(sku => Drafts.Item(sku, random.Next(4) == 0 ? random.Next(0, 4) : random.Next(0, 20_000), random.Next(1, 9)))]);
        return random.Next(3) == 0 ? draft : draft.WithShipping(random.Next(0, 2_000));
    }

    private static PromotionRule Rule(Random random)
    {
        var rule = new PromotionRule(
            new Guid(random.Next(), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), 1, PromotionStatus.Active,
            new PromotionContent("Promotion", [.. Enumerable.Range(0, random.Next(1, 4)).Select(_ => Action(random))], Priority: random.Next(1, 4)));
        rule = random.Next(3) == 0 ? rule.Exclusive() : rule;
        rule = random.Next(4) == 0 ? rule.If(new PromotionCondition(Lines: new LinesCondition(Match(random), random.Next(1, 5)))) : rule;
        return random.Next(4) == 0 ? rule.Limited(new PromotionLimits(Budget: [Drafts.Euro(random.Next(1, 5_000))])) with { Given = random.Next(0, 1_000) } : rule;
    }

    private static PromotionAction Action(Random random) => random.Next(5) switch
    {
        0 => Drafts.Percent(random.Next(1, 10_001) / 100m, Match(random), random.Next(2) == 0 ? [Drafts.Euro(random.Next(1, 3_000))] : []),
        1 => Drafts.Amount(random.Next(1, 5_000), false, Match(random)),
        2 => Drafts.Amount(random.Next(1, 500), true, Match(random)),
        3 => Drafts.BuyGet(random.Next(1, 4), random.Next(1, 3), Match(random), Match(random), random.Next(2) == 0 ? 100 : 33.33m, random.Next(2) == 0 ? 1 : null),
        _ => Drafts.FreeShipping(random.Next(2) == 0 ? [Drafts.Euro(random.Next(1, 1_000))] : []),
    };

    private static LineMatch? Match(Random random) => random.Next(2) == 0 ? null : Drafts.Sku([.. Skus.Where(_ => random.Next(2) == 0).DefaultIfEmpty("A")]);
}
