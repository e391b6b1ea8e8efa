using ModularMonolith.Pricing.Prices;

namespace ModularMonolith.Pricing.Tests.Prices;

/// <summary>Directive 98/6/EC, article 6a.</summary>
public sealed class PriceHistoryTests
{
    private static readonly DateTimeOffset Now = new(2026, 6, 30, 12, 0, 0, TimeSpan.Zero);
    private static readonly Dictionary<string, IReadOnlyList<PriceListChange>> NoLists = [];

    [Fact]
    public void The_lowest_price_of_the_30_days_before_the_reduction_counts()
    {
        var history = Catalogue((100, 1_000, null), (20, 800, null), (10, 900, null), (2, 700, 1_000));

        Assert.Equal(800, history.PriorPrice(700, Now));
    }

    [Fact]
    public void A_price_that_ended_before_the_30_days_does_not_count()
    {
        var history = Catalogue((100, 500, null), (40, 900, null), (2, 700, 1_000));

        Assert.Equal(900, history.PriorPrice(700, Now));
    }

    [Fact]
    public void A_price_that_still_held_within_the_30_days_counts()
    {
        var history = Catalogue((100, 500, null), (31, 900, null), (2, 700, 1_000));

        Assert.Equal(500, history.PriorPrice(700, Now));
    }

    [Fact]
    public void The_days_are_counted_back_from_the_beginning_of_the_reduction_however_long_it_goes_on()
    {
        var history = Catalogue((200, 800, null), (105, 950, null), (100, 700, 1_000));

        Assert.Equal(800, history.PriorPrice(700, Now));
    }

    [Fact]
    public void A_reduction_that_is_only_increased_is_measured_against_the_price_before_its_first_step()
    {
        var history = Catalogue((100, 1_000, null), (20, 900, 1_000), (10, 800, 1_000), (2, 700, 1_000));

        Assert.Equal(1_000, history.PriorPrice(700, Now));
    }

    [Fact]
    public void A_reduction_after_a_higher_price_in_between_begins_anew()
    {
        var history = Catalogue((100, 1_000, null), (20, 700, 1_000), (10, 850, 1_000), (2, 800, 1_000));

        Assert.Equal(700, history.PriorPrice(800, Now));
    }

    [Fact]
    public void Of_a_new_product_nothing_is_known()
    {
        Assert.Null(Catalogue((2, 700, 1_000)).PriorPrice(700, Now));
        Assert.Null(Catalogue().PriorPrice(700, Now));
    }

    [Fact]
    public void A_reduction_that_the_history_does_not_know_yet_begins_now()
    {
        var history = Catalogue((100, 1_000, null), (20, 600, null), (10, 950, null));

        Assert.Equal(600, history.PriorPrice(700, Now));
    }

    [Fact]
    public void A_list_counts_while_it_is_active_only()
    {
        PriceChange[] changes = [Change("", 100, 1_000, null), Change("sale", 100, 400, null), Change("", 2, 700, 1_000)];
        var over = Lists(("sale", 100, 90, 80, true));
        var recent = Lists(("sale", 100, 25, 20, true));
        var ofOthers = Lists(("sale", 100, 25, 20, false));

        Assert.Equal(1_000, new PriceHistory(changes, over, Now).PriorPrice(700, Now));
        Assert.Equal(400, new PriceHistory(changes, recent, Now).PriorPrice(700, Now));
        Assert.Equal(1_000, new PriceHistory(changes, ofOthers, Now).PriorPrice(700, Now));
    }

    [Fact]
    public void A_price_that_a_list_covered_was_not_applied()
    {
        PriceChange[] changes = [Change("", 100, 500, null), Change("all-year", 100, 900, null), Change("all-year", 2, 700, 1_000)];

        Assert.Equal(900, new PriceHistory(changes, Lists(("all-year", 100, 100, -100, true)), Now).PriorPrice(700, Now));
    }

    [Fact]
    public void A_price_that_was_taken_out_of_a_list_counts_until_then()
    {
        PriceChange[] changes = [Change("", 100, 1_000, null), Change("list", 100, 300, null), Change("list", 60, null, null), Change("", 2, 700, 1_000)];

        Assert.Equal(1_000, new PriceHistory(changes, Lists(("list", 100, 100, -100, true)), Now).PriorPrice(700, Now));
    }

    private static PriceHistory Catalogue(params (int DaysAgo, long? Price, long? CompareAt)[] changes) =>
        new([.. changes.Select(change => Change("", change.DaysAgo, change.Price, change.CompareAt)).Reverse()], NoLists, Now);

    private static PriceChange Change(string source, int daysAgo, long? price, long? compareAt) => new(source, Now.AddDays(-daysAgo), price, compareAt);

    private static Dictionary<string, IReadOnlyList<PriceListChange>> Lists(params (string Code, int ChangedDaysAgo, int StartDaysAgo, int EndDaysAgo, bool IsOpen)[] lists) => lists.ToDictionary(
        list => list.Code,
        list => (IReadOnlyList<PriceListChange>)[new PriceListChange(Now.AddDays(-list.ChangedDaysAgo), Now.AddDays(-list.StartDaysAgo), Now.AddDays(-list.EndDaysAgo), list.IsOpen, false, 0)]);
}
