using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Testing;
using ModularMonolith.Pricing.Promotions;

namespace ModularMonolith.Pricing.Tests.Promotions;

/// <summary>Every status by every step. A dash is a refusal.</summary>
public sealed class PromotionStateTests
{
    private const string Table = """
        |        | Edit   | Activate | Pause  | End   | AddCoupons |
        | Draft  | Draft  | Active   | -      | Ended | Draft      |
        | Active | Active | -        | Paused | Ended | Active     |
        | Paused | Paused | Active   | -      | Ended | Paused     |
        | Ended  | -      | -        | -      | -     | -          |
        """;

    [Fact]
    public void Every_step_in_every_status_leads_where_the_table_says()
    {
        var rows = Table.Split('\n').Select(static row => row.Trim().Trim('|').Split('|').Select(static cell => cell.Trim()).ToArray()).ToList();
        Assert.Equal(Enum.GetNames<PromotionStatus>(), rows.Skip(1).Select(static row => row[0]));
        Assert.Equal(Enum.GetNames<PromotionStep>(), rows[0].Skip(1));

        foreach (var row in rows.Skip(1))
        {
            foreach (var (column, expected) in row.Index().Skip(1))
            {
                var promotion = new Promotion { Status = Enum.Parse<PromotionStatus>(row[0]) };
                var step = Enum.Parse<PromotionStep>(rows[0][column]);
                if (expected == "-")
                {
                    var refused = Assert.Throws<ProblemException>(() => promotion.After(step));
                    Assert.Equal("illegal-state", refused.Type.Name);
                    Assert.Equal(PromotionNames.Of(promotion.Status), refused.Extensions["state"]);
                }
                else
                {
                    Assert.Equal(Enum.Parse<PromotionStatus>(expected), promotion.After(step));
                }
            }
        }
    }

    [Fact]
    public void The_page_shows_the_states_as_they_are() => StateDiagram
        .Of<PromotionStatus, PromotionStep>("the states of a promotion", PromotionStatus.Draft, "create", static (from, by) => new Promotion { Status = from }.After(by))
        .CheckShownOn("docs/modules/promotions.md");
}
