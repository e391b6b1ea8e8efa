using System.Globalization;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Pricing.Contracts;
using ModularMonolith.Pricing.PriceLists;
using ModularMonolith.Pricing.Prices;
using ModularMonolith.Pricing.Taxes;

namespace ModularMonolith.Pricing.Quotes;

/// <summary>Says of each rule that was looked at whether it was applied, and why.</summary>
internal static class QuoteDecisions
{
    /// <summary>More than this nobody reads, and each is stored with the order.</summary>
    public const int Most = 1_000;

    public static string TitleOf(TaxRelief relief) => relief.IsReverseCharge ? "Reverse charge" : "Exempt from tax";

    /// <summary>The decisions of a quote, but for lists that were not even asked: see <see cref="OfOtherLists"/>.</summary>
    public static IReadOnlyList<QuoteDecision> Of(PricedRequest priced, PromotionOutcome outcome, QuoteEvidence evidence, ComputedTax due, decimal residue)
    {
        var decisions = new List<QuoteDecision>();
        if (evidence.Prices is not null)
        {
            for (var index = 0; index < priced.Prices.Count; index++)
            {
                AddPrices(decisions, priced.Draft.Items[index], priced.Prices[index], evidence.PricesOf(index));
            }
        }

        decisions.AddRange(outcome.Decisions);
        AddTaxes(decisions, priced.Draft, evidence, due);
        if (evidence.Taxes.Sets.Count > 0 && evidence.Taxes.Relief is null)
        {
            var where = evidence.TaxRounding == TaxRounding.Line ? "for each item" : "once for all items that have the same rates";
            decisions.Add(new QuoteDecision("rounding", evidence.TaxRounding == TaxRounding.Line ? "line" : "order", "Rounding of tax", true,
                $"Tax is rounded {where}, halves away from zero; that makes a difference of {residue.ToString("0.######", CultureInfo.InvariantCulture)} minor units."));
        }

        return decisions.Count <= Most ? decisions : decisions[..Most];
    }

    /// <summary>Price lists in the currency that do not count for this customer or at this time.</summary>
    public static IEnumerable<QuoteDecision> OfOtherLists(ConfiguredRules rules, string currency, IReadOnlyList<string> customerGroups, DateTimeOffset at) => rules.PriceLists
        .Where(list => list.Currency == currency && !(list.IsActive(at) && list.IsFor(customerGroups)))
        .Take(50)
        .Select(list => new QuoteDecision("price-list", list.Id, list.Title, false, ReasonAgainst(list, customerGroups, at)));

    private static string ReasonAgainst(PriceList list, IReadOnlyList<string> customerGroups, DateTimeOffset at)
    {
        if (!list.IsFor(customerGroups))
        {
            return $"It is for the customer group '{list.CustomerGroup}' only.";
        }

        return at < list.StartsAt ? $"It begins at {list.StartsAt:u}." : $"It ended at {list.EndsAt:u}.";
    }

    private static void AddPrices(List<QuoteDecision> decisions, DraftItem item, ChosenPrice price, ItemPrices prices)
    {
        foreach (var candidate in prices.Candidates ?? [])
        {
            decisions.Add(new QuoteDecision(
                "price-list", candidate.PriceList, candidate.Title, candidate == price.List, candidate == price.List ? ReasonFor(candidate) : ReasonAgainst(candidate, price.List, item.Quantity),
                new Money(candidate.Price, price.UnitPrice.Currency), item.VariantId));
        }
    }

    private static string ReasonFor(PriceCandidate candidate) => candidate.MinQuantity == 1
        ? "The price list takes the place of the catalogue's price."
        : $"The price list takes the place of the catalogue's price from {candidate.MinQuantity} pieces on.";

    private static string ReasonAgainst(PriceCandidate candidate, PriceCandidate? chosen, int quantity)
    {
        if (candidate.MinQuantity > quantity)
        {
            return $"It counts from {candidate.MinQuantity} pieces on.";
        }

        if (chosen is null || candidate.PriceList == chosen.PriceList)
        {
            return "The price of the same list for more pieces counts.";
        }

        if (candidate.Priority != chosen.Priority)
        {
            return $"The list '{chosen.Title}' has a higher priority.";
        }

        return candidate.IsForGroup != chosen.IsForGroup
            ? $"The list '{chosen.Title}' is for the customer's group."
            : $"The list '{chosen.Title}' has the lower price, or the same and comes first.";
    }

    private static void AddTaxes(List<QuoteDecision> decisions, QuoteDraft draft, QuoteEvidence evidence, ComputedTax due)
    {
        var taxes = evidence.Taxes;
        if (taxes.Sets.Count == 0)
        {
            decisions.Add(new QuoteDecision("tax", taxes.Rule, taxes.Title, false, taxes.Reason));
            return;
        }

        if (taxes.Relief is { } relief)
        {
            decisions.Add(new QuoteDecision("tax", relief.Rule, TitleOf(relief), true, relief.Reason));
        }

        foreach (var tax in due.ByRate)
        {
            var share = (tax.Rate * 100).ToString("0.####", CultureInfo.InvariantCulture);
            decisions.Add(taxes.Relief is null
                ? new QuoteDecision("tax", taxes.Rule, tax.Name, true, $"{taxes.Reason} {share} % of {tax.Base}{(evidence.PricesIncludeTax ? ", contained in the prices" : "")}.", tax.Amount)
                : new QuoteDecision("tax", taxes.Rule, tax.Name, false, $"{taxes.Reason} The customer is exempt from it.", tax.Amount));
        }

        for (var index = 0; index < draft.Items.Count; index++)
        {
            if (taxes.OfItem(index).Count == 0)
            {
                decisions.Add(new QuoteDecision("tax", taxes.Rule, taxes.Title, false, $"{draft.Items[index].Title} is not taxable, or no rate is for it.", VariantId: draft.Items[index].VariantId));
            }
        }

        decisions.AddRange((taxes.Rejected ?? []).Select(static rejected => new QuoteDecision("tax", rejected.Rule, rejected.Title, false, rejected.Reason)));
    }
}
