using MediatR;
using ModularMonolith.Catalog.Contracts;
using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;
using ModularMonolith.Pricing.Contracts;

namespace ModularMonolith.Baskets.Baskets;

/// <summary>Asks the catalogue, the inventory and pricing what is sold now and for how much: one question to each, whatever the number of lines.</summary>
internal sealed class Offers(ISender sender, ICaller caller)
{
    /// <summary>The basket with the prices that its lines have for the caller, at their quantities.</summary>
    public async Task<BasketView> ViewAsync(Basket basket, Offer offer, CancellationToken cancellationToken) =>
        BasketView.Of(basket, offer, await PricesAsync(basket, offer, cancellationToken));

    /// <summary>What the catalogue says of the basket's lines, without stock.</summary>
    public async Task<Offer> WithoutStockAsync(Basket basket, CancellationToken cancellationToken) =>
        new(await VariantsAsync([.. basket.Lines.Select(line => line.VariantId)], cancellationToken), null);

    /// <summary>What the catalogue and the inventory say of the basket's lines.</summary>
    public Task<Offer> OfAsync(Basket basket, CancellationToken cancellationToken) => OfAsync(basket, [], cancellationToken);

    /// <summary>What the catalogue and the inventory say of the basket's lines and of what shall be added.</summary>
    public async Task<Offer> OfAsync(Basket basket, IReadOnlyList<NewLine> added, CancellationToken cancellationToken)
    {
        var bySku = added.Where(line => line.Sku is not null).Select(line => line.Sku!).Distinct().ToList();
        var found = bySku.Count == 0 ? [] : await sender.Send(new GetVariantsBySku(bySku), cancellationToken);
        var known = found.ToDictionary(variant => variant.VariantId);
        var wanted = basket.Lines.Select(line => line.VariantId)
            .Concat(added.Where(line => line.VariantId is not null).Select(line => line.VariantId!.Value))
            .Distinct().Where(id => !known.ContainsKey(id)).ToList();
        foreach (var (id, variant) in await VariantsAsync(wanted, cancellationToken))
        {
            known[id] = variant;
        }

        return new Offer(known, await AvailableAsync(known.Values, cancellationToken));
    }

    // A shop has one currency; where its catalogue has several, each is one question.
    private async Task<Dictionary<Guid, VariantPrice>> PricesAsync(Basket basket, Offer offer, CancellationToken cancellationToken)
    {
        var prices = new Dictionary<Guid, VariantPrice>(basket.Lines.Count);
        var sold = basket.Lines
            .Select(line => (Variant: offer.Variants.GetValueOrDefault(line.VariantId), line.Quantity))
            .Where(static line => line.Variant is { IsPublished: true })
            .GroupBy(static line => line.Variant!.Price.Currency, StringComparer.Ordinal);
        foreach (var currency in sold)
        {
            var asked = currency.Select(static line => new PricedVariant(line.Variant!.VariantId, line.Quantity, line.Variant.Price, line.Variant.CompareAtPrice)).ToList();
            foreach (var price in await sender.Send(new GetPrices(currency.Key, caller.Subject, asked), cancellationToken))
            {
                prices[price.VariantId] = price;
            }
        }

        return prices;
    }

    private async Task<Dictionary<Guid, VariantDetails>> VariantsAsync(List<Guid> ids, CancellationToken cancellationToken) => ids.Count == 0
        ? []
        : (await sender.Send(new GetVariants(ids), cancellationToken)).ToDictionary(variant => variant.VariantId);

    private async Task<Dictionary<string, int>> AvailableAsync(IEnumerable<VariantDetails> variants, CancellationToken cancellationToken)
    {
        var tracked = variants.Where(variant => variant is { TracksInventory: true, IsPublished: true }).Select(variant => variant.Sku).ToList();
        return tracked.Count == 0
            ? []
            : (await sender.Send(new GetStockLevels(tracked), cancellationToken)).ToDictionary(level => level.Sku, level => level.Available, StringComparer.Ordinal);
    }
}

/// <summary>What is sold now, for the variants of one basket.</summary>
/// <param name="Variants">By id; the unknown ones are missing.</param>
/// <param name="Available">By SKU, for variants that track inventory; null when stock was not asked for.</param>
internal sealed record Offer(IReadOnlyDictionary<Guid, VariantDetails> Variants, IReadOnlyDictionary<string, int>? Available)
{
    /// <summary>Adds a line to a basket, or raises the quantity of the one that the variant has.</summary>
    /// <exception cref="ProblemException">The variant is unknown, not published, or there are not enough.</exception>
    public void AddTo(Basket basket, NewLine added)
    {
        var variant = Find(added)
            ?? throw new ProblemException(BasketProblems.UnknownVariant, $"The catalogue has no variant {(added.Sku is null ? added.VariantId : $"with SKU '{added.Sku}'")}.");
        var line = basket.Add(variant.VariantId, variant.Sku, variant.FullTitle(), added.Quantity);
        RequireSellable(line);
    }

    /// <exception cref="ProblemException">The line cannot be ordered in its quantity.</exception>
    public void RequireSellable(BasketLine line)
    {
        if (ProblemOf(line) is not { } problem)
        {
            return;
        }

        var refusal = new ProblemException(problem.Type, problem.Detail).With("variantId", line.VariantId).With("sku", line.Sku);
        throw problem.Available is { } available
            ? refusal.With("requested", line.Quantity).With("available", available)
            : refusal;
    }

    /// <summary>Why a line cannot be ordered now, or null.</summary>
    public LineProblem? ProblemOf(BasketLine line)
    {
        if (!Variants.TryGetValue(line.VariantId, out var variant))
        {
            return new LineProblem(BasketProblems.UnknownVariant, $"{line.Title} ({line.Sku}) is not sold any more.");
        }

        if (!variant.IsPublished)
        {
            return new LineProblem(BasketProblems.VariantUnpublished, $"{variant.FullTitle()} ({variant.Sku}) is not sold at the moment.");
        }

        if (Available is null || !variant.TracksInventory)
        {
            return null;
        }

        var available = Math.Max(0, Available.GetValueOrDefault(variant.Sku));
        return line.Quantity <= available
            ? null
            : new LineProblem(BasketProblems.NotEnoughStock, available == 0
                ? $"{variant.FullTitle()} ({variant.Sku}) is out of stock."
                : $"Only {available} of {variant.FullTitle()} ({variant.Sku}) can be ordered; {line.Quantity} were asked for.", available);
    }

    private VariantDetails? Find(NewLine added) => added.VariantId is { } id
        ? Variants.GetValueOrDefault(id)
        : Variants.Values.FirstOrDefault(variant => variant.Sku == added.Sku);
}

/// <summary>Why a line cannot be ordered.</summary>
/// <param name="Type">The kind of problem.</param>
/// <param name="Detail">A sentence for the customer.</param>
/// <param name="Available">How many can be ordered, when stock is the reason.</param>
internal sealed record LineProblem(ProblemType Type, string Detail, int? Available = null);

internal static class VariantTitles
{
    /// <summary>The product's title and the variant's, when it has one.</summary>
    public static string FullTitle(this VariantDetails variant) =>
        variant.VariantTitle is null ? variant.ProductTitle : variant.ProductTitle + " – " + variant.VariantTitle;
}
