using ModularMonolith.Platform.Contracts;
using ModularMonolith.Pricing.Contracts;
using ModularMonolith.Pricing.Prices;
using ModularMonolith.Pricing.Promotions;
using ModularMonolith.Pricing.Quotes;
using ModularMonolith.Pricing.Taxes;

namespace ModularMonolith.Pricing.Tests.Quotes;

/// <summary>What holds for every quote, tried on thousands that a seeded generator makes. A failure names its seed.</summary>
public sealed class QuotePropertyTests
{
    private const int Cases = 3_000;

    [Fact]
    public void Nothing_is_negative_and_everything_adds_up() => ForAll(static (quote, _) =>
    {
        Money[] all = [quote.ItemsTotal, quote.Discount, quote.Tax, quote.Total, .. quote.Items.SelectMany(Amounts), .. quote.Taxes.SelectMany(tax => (Money[])[tax.Base, tax.Amount])];
        Assert.All(all, static amount => Assert.True(amount.Amount >= 0));
        Assert.Equal(quote.Total.Amount, quote.Items.Sum(item => item.Total.Amount) + (quote.Shipping?.Total.Amount ?? 0));
        Assert.Equal(quote.Tax.Amount, quote.Items.Sum(item => item.Tax.Amount) + (quote.Shipping?.Tax.Amount ?? 0));
        Assert.Equal(quote.Tax.Amount, quote.Taxes.Sum(tax => tax.Amount.Amount));
        Assert.Equal(quote.ItemsTotal.Amount, quote.Items.Sum(item => item.UnitPrice.Amount * item.Quantity));
        Assert.Equal(quote.Discount.Amount, quote.Items.Sum(item => item.Discount.Amount) + (quote.Shipping?.Discount.Amount ?? 0));
    });

    [Fact]
    public void The_total_is_the_price_less_discounts_with_the_tax_in_it_or_on_top() => ForAll(static (quote, evidence) =>
    {
        var price = quote.ItemsTotal.Amount + (quote.Shipping?.Price.Amount ?? 0) - quote.Discount.Amount;
        if (evidence.Taxes.Relief is null)
        {
            Assert.Equal(quote.PricesIncludeTax ? price : price + quote.Tax.Amount, quote.Total.Amount);
        }
        else
        {
            Assert.Equal(0, quote.Tax.Amount);
            Assert.True(quote.PricesIncludeTax ? quote.Total.Amount <= price : quote.Total.Amount == price);
        }
    });

    [Fact]
    public void The_residue_is_at_most_half_a_unit_for_each_rounding() => ForAll(static (quote, evidence) =>
    {
        var roundings = evidence.TaxRounding == TaxRounding.Line
            ? quote.Items.Count + 1
            : evidence.Taxes.Sets.Count;
        Assert.InRange(Math.Abs(quote.Rounding.Residue), 0, 0.5m * roundings * Math.Max(1, evidence.Taxes.Sets.Select(set => set.Count).DefaultIfEmpty().Max()));
    });

    [Fact]
    public void The_refunds_of_all_pieces_are_what_was_paid() => ForAll(static (quote, _) =>
    {
        var pieces = quote.Items.Sum(item => item.Total.Allocate([.. Enumerable.Repeat(1L, item.Quantity)]).Sum(piece => piece.Amount));
        Assert.Equal(quote.Total.Amount, pieces + (quote.Shipping?.Total.Amount ?? 0));
    });

    [Fact]
    public void A_stored_quote_is_computed_again_to_the_cent_from_its_evidence_alone()
    {
        ForAll(static (quote, _) =>
        {
            var stored = System.Text.Json.JsonSerializer.Deserialize<Quote>(System.Text.Json.JsonSerializer.Serialize(quote))!;
            var again = Engine(1).Compute(stored.Request, QuoteEvidence.FromJson(stored.Evidence));
            Assert.Equal(stored.Items, again.Items);
            Assert.Equal(stored.Shipping, again.Shipping);
            Assert.Equal((stored.Total, stored.Tax, stored.Discount, stored.ItemsTotal), (again.Total, again.Tax, again.Discount, again.ItemsTotal));
            Assert.Equal(stored.Taxes, again.Taxes);
            Assert.Equal(stored.Rounding, again.Rounding);
        });
    }

    [Fact]
    public void The_order_of_items_does_not_change_what_is_paid_when_tax_is_rounded_for_each() => ForAll(static (quote, evidence) =>
    {
        if (evidence.TaxRounding != TaxRounding.Line || evidence.Prices is null)
        {
            return;
        }

        var request = quote.Request with { Items = [.. quote.Request.Items.Reverse()] };
        var turned = evidence with
        {
            Prices = [.. evidence.Prices.Reverse()],
            Taxes = evidence.Taxes with { ItemSets = [.. evidence.Taxes.ItemSets.Reverse()] },
        };
        Assert.Equal(quote.Total, Engine(1).Compute(request, turned).Total);
    });

    private static IEnumerable<Money> Amounts(QuotedItem item) => [item.UnitPrice, item.Subtotal, item.Discount, item.Tax, item.Total];

    private static void ForAll(Action<Quote, QuoteEvidence> holds)
    {
        for (var seed = 0; seed < Cases; seed++)
        {
            try
            {
                var (request, evidence) = Generate(new Random(seed));
                holds(Engine(1).Compute(request, evidence), evidence);
            }
            catch (Exception failure)
            {
                Assert.Fail($"Seed {seed}: {failure}");
            }
        }
    }

    private static QuoteEngine Engine(int seed) => new(new SomeDiscounts(seed));

    private static (QuoteRequest Request, QuoteEvidence Evidence) Generate(Random random)
    {
        string[] currencies = ["EUR", "JPY", "KWD", "USD"];
        var currency = currencies[random.Next(currencies.Length)];
        QuoteItem[] items = [.. Enumerable.Range(0, random.Next(1, 8)).Select(_ => new QuoteItem(
            Guid.NewGuid(), Guid.NewGuid(), "sku", "title", random.Next(1, 12), new Money(Amount(random), currency), random.Next(3) == 0 ? new Money(Amount(random), currency) : null))];
        var shipping = random.Next(2) == 0 ? new QuoteShipping("post", "Post", new Money(Amount(random), currency)) : null;
        var sets = Enumerable.Range(0, random.Next(0, 4)).Select(_ => (IReadOnlyList<TaxRate>)[.. Enumerable.Range(0, random.Next(0, 4)).Select(tax => new TaxRate($"Tax {tax}", random.Next(0, 400_000) / 1_000_000m))]).ToList();
        var taxes = sets.Count == 0 ? TaxRules.None("none") : new TaxRules(
            "zone", "Zone", "It is so.", sets, [.. items.Select(_ => random.Next(sets.Count))], shipping is null ? null : random.Next(sets.Count),
            random.Next(4) == 0 ? new TaxRelief("relief", "Exempt", random.Next(2) == 0) : null);
        ItemPrices[] prices = [.. items.Select(_ => random.Next(3) == 0
            ? new ItemPrices([new PriceCandidate("a", "A", false, 0, random.Next(1, 10), Amount(random), null), new PriceCandidate("b", "B", true, random.Next(2), 1, Amount(random), Amount(random))], Amount(random))
            : ItemPrices.None)];
        return (
            new QuoteRequest(Guid.NewGuid(), currency, items, [], null, null, shipping, DateTimeOffset.UnixEpoch),
            new QuoteEvidence(QuoteEvidence.CurrentFormat, random.Next(2) == 0, random.Next(2) == 0 ? TaxRounding.Line : TaxRounding.Order, null, prices, new PromotionRules(), taxes));
    }

    private static long Amount(Random random) => random.Next(4) switch { 0 => random.Next(0, 10), 1 => random.NextInt64(0, 1_000_000_000), _ => random.Next(0, 20_000) };

    /// <summary>Takes off a share that depends on nothing but the draft.</summary>
    private sealed class SomeDiscounts(int seed) : IPromotionEngine
    {
        public PromotionOutcome Apply(QuoteDraft draft, PromotionRules rules) => new(
            [.. draft.Items.Select(item => item.Subtotal * ((item.Quantity + seed) % 4) / 3)], (draft.ShippingPrice?.Amount ?? 0) / 2, [], []);
    }
}
