using ModularMonolith.Platform.Modules;
using ModularMonolith.Pricing.Contracts;

namespace ModularMonolith.Pricing.Tests.Taxes;

public sealed class TaxSettingsTests
{
    [Fact]
    public async Task Tax_can_be_on_top_rounded_once_for_the_order_and_that_of_the_home_country()
    {
        var shop = new TaxedHost(new Dictionary<string, string?>
        {
            ["pricing:PricesIncludeTax"] = "false",
            ["pricing:TaxRounding"] = "order",
            ["pricing:HomeCountry"] = "DE",
        });
        await shop.InitializeAsync();
        try
        {
            await shop.CreateAsync("/tax-zones", new { code = "de", title = "Germany", country = "DE", rates = new[] { new { tax = "vat", name = "VAT", rate = 0.19 } } });
            QuoteItem[] items = [PricingHost.Item(shop.Sell(95)), PricingHost.Item(shop.Sell(95)), PricingHost.Item(shop.Sell(108))];

            var quote = await shop.QuoteAsync("EUR", items);

            Assert.False(quote.PricesIncludeTax);
            Assert.Equal((298, 57, 355), (quote.ItemsTotal.Amount, quote.Tax.Amount, quote.Total.Amount));
            Assert.Equal([113, 113, 129], quote.Items.Select(item => item.Total.Amount));
            Assert.Equal(new QuoteRounding("order", 0.38m), quote.Rounding);
        }
        finally
        {
            await shop.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("pricing:TaxRounding", "sometimes")]
    [InlineData("pricing:HomeCountry", "Germany")]
    [InlineData("pricing:TaxProvider:Address", "not-an-address")]
    [InlineData("pricing:GuestSecret", "too short")]
    public async Task A_setting_that_makes_no_sense_stops_the_start(string key, string value)
    {
        var refused = await Assert.ThrowsAsync<ModuleConfigurationException>(() => new TaxedHost(new Dictionary<string, string?> { [key] = value }).InitializeAsync());

        Assert.Contains(key, refused.Message, StringComparison.Ordinal);
    }
}
