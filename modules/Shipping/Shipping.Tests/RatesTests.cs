using ModularMonolith.Platform.Contracts;
using ModularMonolith.Shipping.Contracts;
using ModularMonolith.Shipping.Labels;
using ModularMonolith.Shipping.Rates;

namespace ModularMonolith.Shipping.Tests;

public sealed class RatesTests
{
    private static readonly ShippingRates World = new(
        [
            Zone("everywhere", new Area()),
            Zone("germany", new Area("DE"), new Area("AT")),
            Zone("bavaria", new Area("DE", "BY")),
            Zone("berlin", new Area("DE", null, ["10", "12000..14199"])),
            Zone("mitte", new Area("DE", null, ["10115..10179"])),
            Zone("islands", new Area("GB", null, ["HS", "ZE", "KW15..KW17"])),
        ],
        [], []);

    [Theory]
    [InlineData("US", "CA", "94105", "everywhere")]
    [InlineData("AT", null, null, "germany")]
    [InlineData("DE", null, "80331", "germany")]
    [InlineData("DE", "BY", "80331", "bavaria")]
    [InlineData("DE", "BE", "10999", "berlin")]
    [InlineData("DE", "BE", "13 353", "berlin")]
    [InlineData("DE", null, "14200", "germany")]
    [InlineData("DE", "BE", "D-10115", "germany")]
    [InlineData("DE", "BE", "10115", "mitte")]
    [InlineData("DE", "BY", "10115", "mitte")]
    [InlineData("GB", null, "ze1 0aa", "islands")]
    [InlineData("GB", null, "KW16 3AA", "islands")]
    [InlineData("GB", null, "KW14 7AA", "everywhere")]
    [InlineData("DE", null, "1", "germany")]
    public void The_zone_that_describes_an_address_most_closely_wins(string country, string? region, string? postalCode, string expected) =>
        Assert.Equal(expected, World.ZoneOf(country, region, postalCode));

    [Fact]
    public void An_address_outside_of_all_zones_has_no_options()
    {
        var rates = new ShippingRates([Zone("germany", new Area("DE"))], [Method("standard", "germany", Flat(490))], []);

        Assert.Empty(rates.OptionsFor(Ask("FR", 1_000)));
        Assert.Single(rates.OptionsFor(Ask("DE", 1_000)));
    }

    [Theory]
    [InlineData(4_999, 0, 490, "4.90 EUR for each order.")]
    [InlineData(5_000, 0, 0, "Free from 50.00 EUR.")]
    public void A_flat_rate_may_be_free_from_an_amount(long total, int weight, long price, string reason) =>
        Assert.Equal((new Money(price, "EUR"), reason), Flat(490, 5_000).PriceOf(new Money(total, "EUR"), weight));

    [Theory]
    [InlineData(0, 300, "3.00 EUR for up to 1000 g.")]
    [InlineData(1_000, 300, "3.00 EUR for up to 1000 g.")]
    [InlineData(1_001, 700, "7.00 EUR for up to 5000 g.")]
    [InlineData(5_001, null, null)]
    public void A_rate_by_weight_goes_by_its_bands_and_ends_with_the_last(int weight, int? price, string? reason)
    {
        var rate = new Rate(RateKind.ByWeight, null, [new RateBand(new Money(300, "EUR"), 1_000), new RateBand(new Money(700, "EUR"), 5_000)]);

        var found = rate.PriceOf(new Money(1, "EUR"), weight);

        Assert.Equal((price, reason), ((int?)found?.Price.Amount, found?.Reason));
    }

    [Theory]
    [InlineData(2_000, 600, "6.00 EUR for goods of up to 20.00 EUR.")]
    [InlineData(2_001, 200, "2.00 EUR for goods of 20.01 EUR.")]
    public void A_rate_by_total_goes_by_its_bands(long total, long price, string reason)
    {
        var rate = new Rate(RateKind.ByTotal, null, [new RateBand(new Money(600, "EUR"), 2_000), new RateBand(new Money(200, "EUR"))]);

        Assert.Equal((new Money(price, "EUR"), reason), rate.PriceOf(new Money(total, "EUR"), 0));
    }

    [Fact]
    public void Options_are_active_methods_of_the_zone_with_a_rate_in_the_currency_for_the_weight_the_cheapest_first()
    {
        var rates = new ShippingRates(
            [Zone("everywhere", new Area())],
            [
                Method("express", "everywhere", Flat(990)),
                Method("standard", "everywhere", Flat(490)),
                Method("yen-only", "everywhere", new Rate(RateKind.Flat, new Money(500, "JPY"))),
                Method("off", "everywhere", Flat(1)) is var off ? new ShippingMethod { Id = "off", Content = off.Content with { IsActive = false } } : off,
                Method("letters", "everywhere", Flat(100)) is var letters ? new ShippingMethod { Id = "letters", Content = letters.Content with { MaximumWeightGrams = 50 } } : letters,
            ],
            []);

        Assert.Equal(["standard", "express"], rates.OptionsFor(Ask("DE", 1_000, 51)).Select(option => option.Method));
        Assert.Equal(["letters", "standard", "express"], rates.OptionsFor(Ask("DE", 1_000, 50)).Select(option => option.Method));
        Assert.Equal(new Money(500, "JPY"), Assert.Single(rates.OptionsFor(new GetShippingOptions("DE", null, null, new Money(1, "JPY"), 51))).Price);
    }

    // The example of the GS1 General Specifications, section 7.9.1, for a number of 18 digits.
    [Fact]
    public void A_tracking_number_ends_with_its_check_digit()
    {
        Assert.Equal(9, OwnLabels.CheckDigitOf("37610425002123456"));
        foreach (var number in Enumerable.Range(0, 200).Select(index => OwnLabels.NumberOf("key " + index)))
        {
            Assert.Equal(18, number.Length);
            Assert.Equal(number[^1] - '0', OwnLabels.CheckDigitOf(number[..^1]));
        }
    }

    private static Zone Zone(string code, params Area[] areas) => new() { Id = code, Title = code, Areas = areas };

    private static ShippingMethod Method(string code, string zone, Rate rate) => new() { Id = code, Content = new MethodContent(code, MethodKind.Delivery, zone, [rate]) };

    private static Rate Flat(long price, long? freeFrom = null) => new(RateKind.Flat, new Money(price, "EUR"), null, freeFrom is { } from ? new Money(from, "EUR") : null);

    private static GetShippingOptions Ask(string country, long total, int weight = 0) => new(country, null, null, new Money(total, "EUR"), weight);
}
