using System.Text.Json;
using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Platform.Tests;

public sealed class MoneyTests
{
    [Theory]
    [InlineData("42.99", "EUR", 4299)]
    [InlineData("50", "EUR", 5000)]
    [InlineData("1000", "JPY", 1000)]
    [InlineData("1.234", "KWD", 1234)]
    public void Major_units_become_minor_units_exactly(string value, string currency, long minor)
    {
        Assert.True(Money.TryFromMajor(decimal.Parse(value, System.Globalization.CultureInfo.InvariantCulture), currency, out var money));
        Assert.Equal(new Money(minor, currency), money);
        Assert.Equal(decimal.Parse(value, System.Globalization.CultureInfo.InvariantCulture), money.ToMajor());
    }

    [Theory]
    [InlineData("1.999", "EUR")]
    [InlineData("0.5", "JPY")]
    [InlineData("79228162514264337593543950335", "EUR")]
    public void What_does_not_fit_the_currency_is_refused(string value, string currency) =>
        Assert.False(Money.TryFromMajor(decimal.Parse(value, System.Globalization.CultureInfo.InvariantCulture), currency, out _));

    [Fact]
    public void Currencies_are_not_mixed() => Assert.Throws<InvalidOperationException>(() => new Money(1, "EUR") + new Money(1, "USD"));

    [Fact]
    public void Sums_that_do_not_fit_are_refused() => Assert.Throws<OverflowException>(() => new Money(long.MaxValue, "EUR") + new Money(1, "EUR"));

    [Fact]
    public void It_is_an_amount_and_a_currency_in_JSON()
    {
        var json = JsonSerializer.Serialize(new Money(1999, "EUR"), JsonSerializerOptions.Web);

        Assert.Equal("""{"amount":1999,"currency":"EUR"}""", json);
        Assert.Equal(new Money(1999, "EUR"), JsonSerializer.Deserialize<Money>(json, JsonSerializerOptions.Web));
    }
}
