using System.Text.Json;
using MediatR;
using ModularMonolith.Platform.Http;
using ModularMonolith.Pricing.Contracts;

namespace ModularMonolith.Pricing.Quotes;

internal sealed class ReproduceQuoteHandler(QuoteEngine engine) : IRequestHandler<ReproduceQuote, QuoteReproduction>
{
    private const int MostDifferences = 100;

    public Task<QuoteReproduction> Handle(ReproduceQuote request, CancellationToken cancellationToken) => Task.FromResult(Reproduce(request.Quote));

    private QuoteReproduction Reproduce(Quote stored)
    {
        try
        {
            var again = engine.Compute(stored.Request, QuoteEvidence.FromJson(stored.Evidence));
            var differences = Differences(stored, again).Take(MostDifferences).ToList();
            return new QuoteReproduction(differences.Count == 0, differences);
        }
        catch (Exception unreadable) when (unreadable is JsonException or NotSupportedException or ArgumentOutOfRangeException or IndexOutOfRangeException)
        {
            return new QuoteReproduction(false, ["The evidence that is stored with the quote is damaged, so it cannot be computed again."]);
        }
        catch (ProblemException refused)
        {
            return new QuoteReproduction(false, [refused.Message]);
        }
    }

    private static IEnumerable<string> Differences(Quote stored, Quote again)
    {
        if (stored.Items.Count != again.Items.Count)
        {
            yield return $"The quote has {stored.Items.Count} items, and {again.Items.Count} were asked for.";
            yield break;
        }

        for (var index = 0; index < stored.Items.Count; index++)
        {
            if (stored.Items[index] != again.Items[index])
            {
                yield return $"Item {again.Items[index].VariantId}: stored {Words(stored.Items[index])}; computed {Words(again.Items[index])}.";
            }
        }

        foreach (var (name, was, isNow) in Parts(stored, again))
        {
            if (!Equals(was, isNow))
            {
                yield return $"{name}: stored {was ?? "none"}, computed {isNow ?? "none"}.";
            }
        }

        if (!stored.Taxes.SequenceEqual(again.Taxes))
        {
            yield return "The taxes by rate came out differently.";
        }

        if (!stored.Redemptions.SequenceEqual(again.Redemptions))
        {
            yield return "The limited discounts came out differently.";
        }
    }

    private static IEnumerable<(string Name, object? Was, object? IsNow)> Parts(Quote stored, Quote again) =>
    [
        ("Shipping", stored.Shipping, again.Shipping),
        ("Sum of items", stored.ItemsTotal, again.ItemsTotal),
        ("Discount", stored.Discount, again.Discount),
        ("Tax", stored.Tax, again.Tax),
        ("Total", stored.Total, again.Total),
        ("Prices include tax", stored.PricesIncludeTax, again.PricesIncludeTax),
        ("Rounding", stored.Rounding, again.Rounding),
    ];

    private static string Words(QuotedItem item) => $"{item.UnitPrice} by {item.Quantity}, discount {item.Discount}, tax {item.Tax}, total {item.Total}";
}
