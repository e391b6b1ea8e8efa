using ModularMonolith.Catalog.Contracts;
using ModularMonolith.Pricing.Quotes;

namespace ModularMonolith.Pricing.Taxes;

/// <summary>The tax zones that were set up here.</summary>
internal sealed class TaxTable(PricingSettings settings) : ITaxProvider
{
    public ValueTask<TaxRules> ForAsync(TaxQuestion question, ConfiguredRules rules, CancellationToken cancellationToken) => ValueTask.FromResult(Of(question, rules));

    private TaxRules Of(TaxQuestion question, ConfiguredRules rules)
    {
        if (TaxZone.Of(rules.Zones, question.Destination) is not { } zone)
        {
            return TaxRules.None($"No tax zone covers the destination in {question.Destination.Country}.");
        }

        var sets = new SetsByCategory(zone, question.At);
        int[] items = [.. question.Items.Select(item => sets.Of(item.TaxCategory))];
        return new TaxRules(
            zone.Id, zone.Title, $"The destination lies in the tax zone '{zone.Title}'.", sets.Sets, items,
            question.Shipping is null ? null : sets.Of(settings.ShippingTaxCategory), question.Relief, sets.Rejected());
    }

    private sealed class SetsByCategory(TaxZone zone, DateTimeOffset at)
    {
        private readonly Dictionary<string, int> _known = new(StringComparer.Ordinal);
        private readonly List<IReadOnlyList<TaxRate>> _sets = [];

        public IReadOnlyList<IReadOnlyList<TaxRate>> Sets => _sets;

        public int Of(string? category)
        {
            var key = category ?? string.Empty;
            if (!_known.TryGetValue(key, out var set))
            {
                _known[key] = set = _sets.Count;
                _sets.Add(RatesOf(category));
            }

            return set;
        }

        public List<RejectedTax>? Rejected()
        {
            var rejected = zone.Rates.Where(rate => !rate.IsActive(at))
                .Select(rate => new RejectedTax(zone.Id + "/" + rate.Tax, rate.Name, at < rate.From ? "The rate counts later." : "The rate counts no more."))
                .ToList();
            return rejected.Count == 0 ? null : rejected;
        }

        private IReadOnlyList<TaxRate> RatesOf(string? category)
        {
            if (category == TaxCategories.NotTaxable)
            {
                return [];
            }

            var active = zone.Rates.Where(rate => rate.IsActive(at)).GroupBy(static rate => rate.Tax, StringComparer.Ordinal);
            return
            [
                .. active
                    .Select(tax => tax.FirstOrDefault(rate => category is not null && rate.Category == category) ?? tax.FirstOrDefault(static rate => rate.Category is null))
                    .OfType<ZoneRate>().Select(static rate => new TaxRate(rate.Name, rate.Rate, rate.Category)),
            ];
        }
    }
}
