using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Http;
using ModularMonolith.Pricing.Contracts;
using ModularMonolith.Pricing.Prices;
using ModularMonolith.Pricing.Taxes;

namespace ModularMonolith.Pricing.Quotes;

/// <summary>A request whose items have their prices.</summary>
/// <param name="Draft">What promotions look at.</param>
/// <param name="Prices">The chosen price of each item.</param>
internal sealed record PricedRequest(QuoteDraft Draft, IReadOnlyList<ChosenPrice> Prices);

/// <summary>
/// Computes quotes: prices, then discounts, then tax. It reads nothing and knows no time; the same request and evidence make the same quote, whether it is new or computed again.
/// </summary>
internal sealed class QuoteEngine(IPromotionEngine promotions)
{
    /// <summary>The largest sum, tax not counted: every amount stays a whole number that JSON readers keep exactly.</summary>
    public const long MaximumTotal = 9_000_000_000_000_000;

    /// <summary>Chooses the prices.</summary>
    /// <exception cref="ProblemException">An item has no price in the currency, or the sum is too large.</exception>
    public static PricedRequest Price(QuoteRequest request, IReadOnlyList<string> customerGroups, Func<int, ItemPrices> pricesOf)
    {
        var chosen = new ChosenPrice[request.Items.Count];
        var items = new DraftItem[request.Items.Count];
        var sum = (decimal)(request.Shipping?.Price.Amount ?? 0);
        for (var index = 0; index < items.Length; index++)
        {
            var item = request.Items[index];
            chosen[index] = ChosenPrice.Of(new PricedItem(item.VariantId, item.Quantity, item.CataloguePrice, item.CompareAtPrice), pricesOf(index), request.Currency)
                ?? throw new ProblemException(PricingProblems.PriceMissing, $"{item.Title} ({item.Sku}) has no price in {request.Currency}.").With("variantId", item.VariantId).With("sku", item.Sku);
            items[index] = new DraftItem(
                item.VariantId, item.ProductId, item.Sku, item.Title, item.Quantity, chosen[index].UnitPrice, item.ProductType, item.Vendor, item.Tags ?? []);
            sum += (decimal)chosen[index].UnitPrice.Amount * item.Quantity;
        }

        return sum <= MaximumTotal
            ? new PricedRequest(
                new QuoteDraft(
                    request.Currency, items, request.Shipping?.Price, request.Shipping?.Method, request.Destination, request.Coupons, request.Customer, customerGroups, request.At,
                    request.QuoteId, CountedAs(request)),
                chosen)
            : throw new ProblemException(PricingProblems.AmountTooLarge, $"The items come to more than {MaximumTotal} minor units of {request.Currency}.");
    }

    // Quotes of the time before it was filled in counted nothing for guests, and are computed again as they were.
    private static string? CountedAs(QuoteRequest request) => request.CountedAs ?? (Promotions.PromotionReach.HasAccount(request.Customer) ? request.Customer : null);

    /// <summary>Computes what promotions take off.</summary>
    public PromotionOutcome Discount(QuoteDraft draft, Promotions.PromotionRules rules)
    {
        var outcome = promotions.Apply(draft, rules);
        var fits = outcome.ItemDiscounts.Length == draft.Items.Count
            && outcome.ItemDiscounts.Zip(draft.Items).All(static pair => pair.First >= 0 && pair.First <= pair.Second.Subtotal)
            && outcome.ShippingDiscount >= 0 && outcome.ShippingDiscount <= (draft.ShippingPrice?.Amount ?? 0);
        return fits ? outcome : throw new InvalidOperationException("Promotions take off more than there is, or a negative amount.");
    }

    /// <summary>The whole computation from evidence.</summary>
    public Quote Compute(QuoteRequest request, QuoteEvidence evidence)
    {
        var priced = Price(request, evidence.CustomerGroups ?? [], evidence.PricesOf);
        return Total(request, evidence, priced, Discount(priced.Draft, evidence.Promotions));
    }

    /// <summary>Puts tax to discounted prices and adds up.</summary>
    public static Quote Total(QuoteRequest request, QuoteEvidence evidence, PricedRequest priced, PromotionOutcome outcome)
    {
        var currency = request.Currency;
        var items = priced.Draft.Items;
        var lines = new List<TaxedLine>(items.Count + 1);
        for (var index = 0; index < items.Count; index++)
        {
            lines.Add(new TaxedLine(items[index].Subtotal - outcome.ItemDiscounts[index], evidence.Taxes.OfItem(index)));
        }

        if (request.Shipping is { } shipping)
        {
            lines.Add(new TaxedLine(shipping.Price.Amount - outcome.ShippingDiscount, evidence.Taxes.OfShipping()));
        }

        var due = TaxComputation.Of(lines, currency, evidence.PricesIncludeTax, evidence.TaxRounding);
        var charged = evidence.Taxes.Relief is { } relief ? Relieved(lines, due, relief, evidence.PricesIncludeTax, currency) : Charged(lines, due, evidence.PricesIncludeTax);
        var quoted = new QuotedItem[items.Count];
        for (var index = 0; index < quoted.Length; index++)
        {
            quoted[index] = Item(request.Items[index], priced.Prices[index], evidence.PricesOf(index), items[index], outcome.ItemDiscounts[index], charged, index);
        }

        var delivering = request.Shipping is null ? null : new QuotedShipping(
            request.Shipping.Method, request.Shipping.Title, request.Shipping.Price, new Money(outcome.ShippingDiscount, currency),
            new Money(charged.Taxes[^1], currency), new Money(charged.Totals[^1], currency));
        return new Quote(
            request, evidence.PricesIncludeTax, quoted, delivering,
            new Money(items.Sum(static item => item.Subtotal), currency),
            new Money(outcome.ItemDiscounts.Sum() + outcome.ShippingDiscount, currency),
            new Money(charged.Taxes.Sum(), currency),
            new Money(charged.Totals.Sum(), currency),
            charged.ByRate,
            QuoteDecisions.Of(priced, outcome, evidence, due, charged.Residue),
            new QuoteRounding(evidence.TaxRounding == TaxRounding.Line ? "line" : "order", charged.Residue),
            outcome.Redemptions, evidence.ToJson());
    }

    private static QuotedItem Item(QuoteItem asked, ChosenPrice price, ItemPrices prices, DraftItem item, long discount, ChargedTax charged, int index)
    {
        var currency = price.UnitPrice.Currency;
        return new QuotedItem(
            item.VariantId, item.Quantity, price.UnitPrice, price.CompareAtPrice, prices.LowestPrice is { } lowest ? new Money(lowest, currency) : null, price.List?.PriceList,
            new Money(item.Subtotal, currency), new Money(discount, currency), new Money(charged.Taxes[index], currency), new Money(charged.Totals[index], currency), asked.TaxCategory);
    }

    private static ChargedTax Charged(List<TaxedLine> lines, ComputedTax due, bool pricesIncludeTax) => new(
        [.. due.Taxes], [.. lines.Select((line, index) => pricesIncludeTax ? line.Amount : checked(line.Amount + due.Taxes[index]))], due.ByRate, due.Residue);

    // Prices with tax are those of everybody; whoever is exempt does not pay the part that is tax.
    private static ChargedTax Relieved(List<TaxedLine> lines, ComputedTax due, TaxRelief relief, bool pricesIncludeTax, string currency)
    {
        long[] totals = [.. lines.Select((line, index) => pricesIncludeTax ? line.Amount - due.Taxes[index] : line.Amount)];
        var exempt = lines.Select((line, index) => line.Rates.Count > 0 ? totals[index] : 0).Sum();
        return new ChargedTax(
            new long[lines.Count], totals, [new QuotedTax(QuoteDecisions.TitleOf(relief), 0, new Money(exempt, currency), Money.Zero(currency))], 0);
    }

    private sealed record ChargedTax(long[] Taxes, long[] Totals, IReadOnlyList<QuotedTax> ByRate, decimal Residue);
}
