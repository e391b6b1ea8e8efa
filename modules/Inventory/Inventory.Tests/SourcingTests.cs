using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Inventory.Locations;
using ModularMonolith.Inventory.Sourcing;

namespace ModularMonolith.Inventory.Tests;

/// <summary>The decision from where stock is taken, with random input held against what must be true of every answer.</summary>
public sealed class SourcingTests
{
    private static readonly string[] Skus = ["A", "B", "C", "D"];

    [Theory]
    [InlineData("Priority")]
    [InlineData("Nearest")]
    [InlineData("FewestParcels")]
    public void Lines_are_covered_exactly_and_nobody_gives_more_than_they_have(string strategy)
    {
        for (var seed = 0; seed < 400; seed++)
        {
            var (lines, sources) = Input(new Random(seed), 20);
            var plan = SourcingPlan.Of(Enum.Parse<SourcingStrategy>(strategy), lines, sources);

            Assert.All(lines, line => Assert.Equal(line.Quantity, plan.Where(taken => taken.Sku == line.Sku).Sum(static taken => taken.Quantity)));
            Assert.Equal(lines.Count, plan.Select(static taken => taken.Sku).Distinct().Count());
            Assert.All(plan, taken => Assert.InRange(taken.Quantity, 1, sources.Single(source => source.Location == taken.Location).Of(taken.Sku)));
            Assert.Equal(plan.Count, plan.DistinctBy(static taken => (taken.Sku, taken.Location)).Count());
            Assert.Equal(plan, SourcingPlan.Of(Enum.Parse<SourcingStrategy>(strategy), lines, sources));
        }
    }

    [Fact]
    public void The_fewest_parcels_are_as_few_as_can_be()
    {
        var several = 0;
        for (var seed = 0; seed < 400; seed++)
        {
            var (lines, sources) = Input(new Random(seed), 8);
            var plan = SourcingPlan.Of(SourcingStrategy.FewestParcels, lines, sources);

            var best = Enumerable.Range(1, (1 << sources.Count) - 1).Where(set => lines.All(line =>
                sources.Where((_, index) => (set & (1 << index)) != 0).Sum(source => source.Of(line.Sku)) >= line.Quantity)).Min(static set => int.PopCount(set));
            Assert.Equal(best, plan.Select(static taken => taken.Location).Distinct().Count());
            several += best > 1 ? 1 : 0;
        }

        Assert.InRange(several, 100, 400);
    }

    [Fact]
    public void Among_as_few_parcels_the_first_choices_are_taken()
    {
        StockSource[] sources = [Source("far", ("A", 5), ("B", 5)), Source("near", ("A", 5), ("B", 5)), Source("half", ("A", 9))];
        StockLine[] lines = [new("A", 4), new("B", 4)];

        Assert.Equal(["far"], SourcingPlan.Of(SourcingStrategy.FewestParcels, lines, sources).Select(static taken => taken.Location).Distinct());
        Assert.Equal(["near"], SourcingPlan.Of(SourcingStrategy.FewestParcels, lines, [sources[1], sources[0], sources[2]]).Select(static taken => taken.Location).Distinct());
    }

    [Fact]
    public void One_parcel_is_preferred_to_a_nearer_location_that_has_a_part()
    {
        StockSource[] sources = [Source("near", ("A", 2)), Source("middle", ("B", 2)), Source("far", ("A", 2), ("B", 2))];
        StockLine[] lines = [new("A", 2), new("B", 2)];

        Assert.Equal(["far", "far"], SourcingPlan.Of(SourcingStrategy.FewestParcels, lines, sources).Select(static taken => taken.Location));
        Assert.Equal(["near", "middle"], SourcingPlan.Of(SourcingStrategy.Nearest, lines, sources).Select(static taken => taken.Location));
    }

    [Fact]
    public void What_is_not_there_is_refused() => Assert.Throws<InvalidOperationException>(() =>
        SourcingPlan.Of(SourcingStrategy.Priority, [new StockLine("A", 3)], [Source("one", ("A", 1)), Source("two", ("A", 1))]));

    [Fact]
    public void The_nearest_is_of_the_same_postal_area_then_region_then_country()
    {
        Location[] locations =
        [
            Place("vienna", "AT", "9", "1010"), Place("munich", "DE", "BY", "80331"), Place("berlin-south", "DE", "BE", "12101"), Place("berlin-mitte", "DE", "BE", "10115"),
            Place("potsdam", "DE", "BB", "14467"), Place("nowhere"),
        ];

        Assert.Equal(
            ["berlin-mitte", "berlin-south", "munich", "potsdam", "nowhere", "vienna"],
            LocationRanking.Rank(locations, SourcingStrategy.Nearest, new StockDestination("DE", "BE", "10 117")));
        Assert.Equal(
            ["vienna", "berlin-mitte", "berlin-south", "munich", "nowhere", "potsdam"],
            LocationRanking.Rank(locations, SourcingStrategy.Nearest, new StockDestination("AT", null, "4020")));
    }

    [Fact]
    public void Of_equals_the_one_at_the_smaller_distance_is_nearer()
    {
        var hamburg = Place("hamburg", "DE", "HH", "20095") with { Latitude = 53.55, Longitude = 9.99 };
        var bremen = Place("bremen", "DE", "HB", "28195") with { Latitude = 53.08, Longitude = 8.80 };
        var munich = Place("a-munich", "DE", "BY", "80331") with { Latitude = 48.14, Longitude = 11.58 };

        Assert.Equal(["hamburg", "bremen", "a-munich"], LocationRanking.Rank([munich, bremen, hamburg], SourcingStrategy.Nearest, new StockDestination("DE", "HH", "20099")));
        Assert.Equal(["a-munich", "bremen", "hamburg"], LocationRanking.Rank([munich, bremen, hamburg], SourcingStrategy.Nearest, new StockDestination("DE", "NW", "40210", 48.2, 11.5)));
    }

    [Fact]
    public void Locations_that_do_not_fulfil_or_are_not_active_are_left_out()
    {
        Location[] locations = [Place("store") with { Fulfils = false }, Place("closed") with { IsActive = false }, Place("open")];

        Assert.Equal(["open"], LocationRanking.Rank(locations, SourcingStrategy.Priority, null));
        Assert.Equal(["open"], LocationRanking.Rank(locations, SourcingStrategy.Nearest, new StockDestination("DE")));
    }

    [Theory]
    [InlineData(52.52, 13.405, 48.8566, 2.3522, 877.5)]
    [InlineData(0, 0, 0, 180, 20015.1)]
    [InlineData(90, 0, -90, 0, 20015.1)]
    [InlineData(10, 179.9, 10, -179.9, 21.9)]
    [InlineData(5, 5, 5, 5, 0)]
    public void The_distance_is_that_of_the_great_circle(double fromLatitude, double fromLongitude, double toLatitude, double toLongitude, double kilometres) =>
        Assert.Equal(kilometres, LocationRanking.Kilometres((fromLatitude, fromLongitude), (toLatitude, toLongitude)), 0.1);

    private static (IReadOnlyList<StockLine> Lines, IReadOnlyList<StockSource> Sources) Input(Random random, int mostSources)
    {
        var sources = Enumerable.Range(0, random.Next(1, mostSources + 1)).Select(index => new StockSource(
            "place-" + index, Skus.Where(_ => random.Next(3) > 0).ToDictionary(static sku => sku, _ => random.Next(1, 8)))).ToList();
        var lines = Skus.Select(sku => (Sku: sku, Total: sources.Sum(source => source.Of(sku)))).Where(pair => pair.Total > 0 && random.Next(4) > 0)
            .Select(pair => new StockLine(pair.Sku, random.Next(1, pair.Total + 1))).ToList();
        return lines.Count > 0 ? (lines, sources) : Input(random, mostSources);
    }

    private static StockSource Source(string location, params (string Sku, int Available)[] available) =>
        new(location, available.ToDictionary(static pair => pair.Sku, static pair => pair.Available));

    private static Location Place(string code, string? country = null, string? region = null, string? postalCode = null) =>
        new() { Id = code, Name = code, Country = country, Region = region, PostalCode = postalCode };
}
