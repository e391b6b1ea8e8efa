using ModularMonolith.Pricing.Prices;

namespace ModularMonolith.Pricing.Tests.Prices;

public sealed class PriceChoiceTests
{
    [Fact]
    public void Of_one_list_the_largest_quantity_that_is_reached_counts()
    {
        PriceCandidate[] tiers = [Price("a", 1_000), Price("a", 900, from: 10), Price("a", 950, from: 100)];

        Assert.Equal(1_000, PriceChoice.Best(tiers, 9)!.Price);
        Assert.Equal(900, PriceChoice.Best(tiers, 10)!.Price);
        Assert.Equal(950, PriceChoice.Best(tiers, 100)!.Price);
        Assert.Null(PriceChoice.Best([Price("a", 900, from: 10)], 9));
    }

    [Theory]
    [InlineData("high", "low")]
    [InlineData("group", "everybody")]
    [InlineData("cheap", "dear")]
    [InlineData("a", "b")]
    public void Of_several_lists_priority_counts_then_the_group_then_the_price_then_the_code(string winner, string loser)
    {
        PriceCandidate[] lists =
        [
            Price("low", 1), Price("high", 2_000, priority: 1), Price("everybody", 1), Price("group", 2_000, isForGroup: true), Price("dear", 11), Price("cheap", 10), Price("b", 5), Price("a", 5),
        ];
        var (one, other) = (lists.Single(list => list.PriceList == winner), lists.Single(list => list.PriceList == loser));

        Assert.Same(one, PriceChoice.Best([one, other], 1));
        Assert.Same(one, PriceChoice.Best([other, one], 1));
    }

    [Fact]
    public void The_order_of_prices_makes_no_difference()
    {
        var random = new Random(7);
        for (var round = 0; round < 500; round++)
        {
            PriceCandidate[] prices =
            [
                .. Enumerable.Range(0, random.Next(1, 8)).Select(_ => Price(
                    "list-" + random.Next(4), random.Next(5), random.Next(3), random.Next(1, 4), random.Next(2) == 0)).DistinctBy(price => (price.PriceList, price.MinQuantity)),
            ];
            prices = [.. prices.Select(price => price with { Priority = prices.First(other => other.PriceList == price.PriceList).Priority, IsForGroup = prices.First(other => other.PriceList == price.PriceList).IsForGroup })];
            var best = PriceChoice.Best(prices, 2);
            random.Shuffle(prices);
            Assert.Equal(best, PriceChoice.Best(prices, 2));
        }
    }

    private static PriceCandidate Price(string list, long price, int priority = 0, int from = 1, bool isForGroup = false) => new(list, list, isForGroup, priority, from, price, null);
}
