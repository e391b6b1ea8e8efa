using ModularMonolith.Platform.Contracts;
using ModularMonolith.Pricing.Contracts;

namespace ModularMonolith.Pricing.Taxes;

/// <summary>What is taxed.</summary>
/// <param name="Amount">After discounts, minor units; not negative. With tax or without, as prices are.</param>
/// <param name="Rates">Its taxes.</param>
internal readonly record struct TaxedLine(long Amount, IReadOnlyList<TaxRate> Rates);

/// <summary>The tax of some lines.</summary>
/// <param name="Taxes">For each line, minor units.</param>
/// <param name="ByRate">The tax by name and rate, with its base.</param>
/// <param name="Residue">Rounded tax less exact tax, minor units.</param>
internal sealed record ComputedTax(IReadOnlyList<long> Taxes, IReadOnlyList<QuotedTax> ByRate, decimal Residue);

/// <summary>
/// Computes tax. Of prices without tax each tax is a fraction of the amount. Of prices with tax all taxes of a line are taken out together, amount × r ÷ (1 + r) with r the sum of the rates, and are
/// divided among the taxes by their rates, so that what is left is never negative. Halves are rounded away from zero.
/// </summary>
internal static class TaxComputation
{
    private const decimal Parts = 1_000_000;

    /// <summary>Computes the tax of lines.</summary>
    /// <param name="lines">The lines.</param>
    /// <param name="currency">ISO 4217.</param>
    /// <param name="pricesIncludeTax">Whether amounts are with tax.</param>
    /// <param name="rounding">Where tax is rounded.</param>
    /// <returns>The tax.</returns>
    public static ComputedTax Of(IReadOnlyList<TaxedLine> lines, string currency, bool pricesIncludeTax, TaxRounding rounding)
    {
        var sum = new Sum(currency, lines.Count);
        foreach (var group in Groups(lines, rounding))
        {
            var rates = lines[group[0]].Rates;
            var amounts = group.Select(line => lines[line].Amount).ToArray();
            if (pricesIncludeTax)
            {
                TakeOut(sum, group, amounts, rates);
            }
            else
            {
                PutOnTop(sum, group, amounts, rates);
            }
        }

        return sum.Result();
    }

    // Lines that are rounded together: each alone, or all with the same rates.
    private static IEnumerable<List<int>> Groups(IReadOnlyList<TaxedLine> lines, TaxRounding rounding)
    {
        var taxed = Enumerable.Range(0, lines.Count).Where(line => lines[line].Rates.Count > 0);
        return rounding == TaxRounding.Line
            ? taxed.Select(static line => new List<int> { line })
            : taxed.GroupBy(line => lines[line].Rates, RatesComparer.Instance).Select(static group => group.ToList());
    }

    private static void PutOnTop(Sum sum, List<int> group, long[] amounts, IReadOnlyList<TaxRate> rates)
    {
        var net = amounts.Aggregate(0L, static (total, amount) => checked(total + amount));
        foreach (var rate in rates)
        {
            var exact = net * rate.Rate;
            var tax = Rounded(exact);
            sum.Add(rate, net, tax);
            sum.Divide(group, amounts, tax);
            sum.Residue += tax - exact;
        }
    }

    private static void TakeOut(Sum sum, List<int> group, long[] amounts, IReadOnlyList<TaxRate> rates)
    {
        var gross = amounts.Aggregate(0L, static (total, amount) => checked(total + amount));
        var all = rates.Sum(static rate => rate.Rate);
        var exact = gross * all / (1 + all);
        var tax = Rounded(exact);
        var parts = new Money(tax, sum.Currency).Allocate([.. rates.Select(static rate => (long)(rate.Rate * Parts))]);
        for (var index = 0; index < rates.Count; index++)
        {
            sum.Add(rates[index], gross - tax, parts[index].Amount);
        }

        sum.Divide(group, amounts, tax);
        sum.Residue += tax - exact;
    }

    private static long Rounded(decimal exact) => (long)Math.Round(exact, MidpointRounding.AwayFromZero);

    private sealed class Sum(string currency, int lines)
    {
        private readonly long[] _taxes = new long[lines];
        private readonly List<(string Name, decimal Rate)> _order = [];
        private readonly Dictionary<(string Name, decimal Rate), (long Base, long Amount)> _byRate = [];

        public string Currency => currency;

        public decimal Residue { get; set; }

        public void Add(TaxRate rate, long taxBase, long amount)
        {
            var key = (rate.Name, rate.Rate);
            if (!_byRate.TryGetValue(key, out var known))
            {
                _order.Add(key);
            }

            _byRate[key] = checked((known.Base + taxBase, known.Amount + amount));
        }

        public void Divide(List<int> group, long[] amounts, long tax)
        {
            if (group.Count == 1)
            {
                _taxes[group[0]] = checked(_taxes[group[0]] + tax);
                return;
            }

            var parts = new Money(tax, currency).Allocate(amounts);
            for (var index = 0; index < group.Count; index++)
            {
                _taxes[group[index]] = checked(_taxes[group[index]] + parts[index].Amount);
            }
        }

        public ComputedTax Result() => new(
            _taxes,
            [.. _order.Select(key => new QuotedTax(key.Name, key.Rate, new Money(_byRate[key].Base, currency), new Money(_byRate[key].Amount, currency)))],
            Residue);
    }

    private sealed class RatesComparer : IEqualityComparer<IReadOnlyList<TaxRate>>
    {
        public static RatesComparer Instance { get; } = new();

        public bool Equals(IReadOnlyList<TaxRate>? x, IReadOnlyList<TaxRate>? y) =>
            ReferenceEquals(x, y) || (x is not null && y is not null && x.Count == y.Count && x.Zip(y).All(static pair => pair.First.Name == pair.Second.Name && pair.First.Rate == pair.Second.Rate));

        public int GetHashCode(IReadOnlyList<TaxRate> obj) => obj.Aggregate(obj.Count, static (hash, rate) => HashCode.Combine(hash, rate.Name, rate.Rate));
    }
}
