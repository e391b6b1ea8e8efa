using ModularMonolith.Pricing.Taxes;

namespace ModularMonolith.Pricing.Tests.Taxes;

/// <summary>Computed by hand.</summary>
public sealed class TaxComputationTests
{
    private static readonly TaxRate[] Vat19 = [new("VAT 19 %", 0.19m)];
    private static readonly TaxRate[] Vat7 = [new("VAT 7 %", 0.07m)];
    private static readonly TaxRate[] Jp10 = [new("JCT 10 %", 0.10m)];
    private static readonly TaxRate[] Kw5 = [new("VAT 5 %", 0.05m)];
    private static readonly TaxRate[] StateAndCity = [new("State 6.25 %", 0.0625m), new("City 2.375 %", 0.02375m)];

    [Fact]
    public void Tax_on_top_is_rounded_for_each_line()
    {
        // 0.95 × 0.19 = 0.1805 → 0.18, three times 0.54; exactly 0.5415.
        var tax = Of([(95, Vat19), (95, Vat19), (95, Vat19)], "EUR", included: false, TaxRounding.Line);

        Assert.Equal([18, 18, 18], tax.Taxes);
        Assert.Equal((285, 54), Amounts(tax)[0]);
        Assert.Equal(-0.15m, tax.Residue);
    }

    [Fact]
    public void Tax_on_top_is_rounded_once_for_the_order_and_divided_among_the_lines()
    {
        // 2.98 × 0.19 = 0.5662 → 0.57; by parts 0.1805, 0.1805 and 0.2052 cents the two units left go to the largest remainders.
        var tax = Of([(95, Vat19), (95, Vat19), (108, Vat19)], "EUR", included: false, TaxRounding.Order);

        Assert.Equal(57, tax.Taxes.Sum());
        Assert.Equal([18, 18, 21], tax.Taxes);
        Assert.Equal(0.38m, tax.Residue);
    }

    [Fact]
    public void Contained_tax_is_taken_out()
    {
        // 119.00 holds 19.00 at 19 %; 10.00 at 7 % holds 1000 × 7 ÷ 107 = 65.42… → 0.65.
        var tax = Of([(11_900, Vat19), (1_000, Vat7)], "EUR", included: true, TaxRounding.Line);

        Assert.Equal([1_900, 65], tax.Taxes);
        Assert.Equal([(10_000, 1_900), (935, 65)], Amounts(tax));
        Assert.Equal(65 - (1_000m * 0.07m / 1.07m), tax.Residue);
    }

    [Fact]
    public void Contained_tax_is_rounded_once_for_the_order()
    {
        // 3 × 0.99 = 2.97; 297 × 19 ÷ 119 = 47.42… → 47; each 15.8…, so 16, 16, 15.
        var tax = Of([(99, Vat19), (99, Vat19), (99, Vat19)], "EUR", included: true, TaxRounding.Order);

        Assert.Equal([16, 16, 15], tax.Taxes);
        Assert.Equal((250, 47), Amounts(tax)[0]);
    }

    [Fact]
    public void Yen_have_no_smaller_unit()
    {
        // 105 × 0.10 = 10.5 → 11 on top; 1,100 holds 100.
        Assert.Equal([11], Of([(105, Jp10)], "JPY", included: false, TaxRounding.Line).Taxes);
        Assert.Equal([100], Of([(1_100, Jp10)], "JPY", included: true, TaxRounding.Line).Taxes);
        // 3 × 105: 31.5 → 32 for the order, 33 for the lines.
        Assert.Equal(32, Of([(105, Jp10), (105, Jp10), (105, Jp10)], "JPY", included: false, TaxRounding.Order).Taxes.Sum());
        Assert.Equal(33, Of([(105, Jp10), (105, Jp10), (105, Jp10)], "JPY", included: false, TaxRounding.Line).Taxes.Sum());
    }

    [Fact]
    public void Dinars_have_a_thousand_units()
    {
        // 1.250 KWD × 0.05 = 0.0625 → 63 fils; 10.500 KWD holds 0.500.
        Assert.Equal([63], Of([(1_250, Kw5)], "KWD", included: false, TaxRounding.Line).Taxes);
        Assert.Equal([500], Of([(10_500, Kw5)], "KWD", included: true, TaxRounding.Order).Taxes);
    }

    [Fact]
    public void Several_taxes_are_each_on_the_net()
    {
        // 100.00: 6.25 and 2.375 → 2.38.
        var onTop = Of([(10_000, StateAndCity)], "USD", included: false, TaxRounding.Line);
        Assert.Equal([863], onTop.Taxes);
        Assert.Equal([(10_000, 625), (10_000, 238)], Amounts(onTop));

        // 108.63 holds 108.63 × 0.08625 ÷ 1.08625 = 8.6254… → 8.63, of which 6.25 and 2.38.
        var contained = Of([(10_863, StateAndCity)], "USD", included: true, TaxRounding.Line);
        Assert.Equal([863], contained.Taxes);
        Assert.Equal([(10_000, 625), (10_000, 238)], Amounts(contained));
    }

    [Fact]
    public void What_has_no_rate_has_no_tax_and_is_no_base()
    {
        var tax = Of([(1_000, Vat19), (5_000, [])], "EUR", included: false, TaxRounding.Order);

        Assert.Equal([190, 0], tax.Taxes);
        Assert.Equal([(1_000, 190)], Amounts(tax));
    }

    [Fact]
    public void High_contained_taxes_leave_no_negative_rest()
    {
        TaxRate[] three = [new("A", 1), new("B", 1), new("C", 1)];

        for (var amount = 0; amount < 50; amount++)
        {
            var tax = Of([(amount, three), (amount, three)], "EUR", included: true, amount % 2 == 0 ? TaxRounding.Line : TaxRounding.Order);
            Assert.All(tax.Taxes, part => Assert.InRange(part, 0, amount));
            Assert.Equal(tax.Taxes.Sum(), tax.ByRate.Sum(rate => rate.Amount.Amount));
        }
    }

    private static ComputedTax Of((long Amount, TaxRate[] Rates)[] lines, string currency, bool included, TaxRounding rounding) =>
        TaxComputation.Of([.. lines.Select(line => new TaxedLine(line.Amount, line.Rates))], currency, included, rounding);

    private static List<(long Base, long Tax)> Amounts(ComputedTax tax) => [.. tax.ByRate.Select(rate => (rate.Base.Amount, rate.Amount.Amount))];
}
