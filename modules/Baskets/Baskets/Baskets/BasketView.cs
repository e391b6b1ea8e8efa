using ModularMonolith.Catalog.Contracts;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Pricing.Contracts;

namespace ModularMonolith.Baskets.Baskets;

/// <summary>A basket as its owner sees it, with the prices of this moment.</summary>
/// <param name="Id">The unguessable id.</param>
/// <param name="Lines">The lines in the order in which they were added.</param>
/// <param name="Total">The sum of the lines that have a price; null when none has.</param>
/// <param name="ExpiresAt">When the basket ends unless it is changed before.</param>
internal sealed record BasketView(string Id, IReadOnlyList<BasketLineView> Lines, Money? Total, DateTimeOffset ExpiresAt)
{
    // A sum of the largest basket must fit into 64 bits; no price of real life comes near.
    private const long MaximumUnitPrice = long.MaxValue / (Basket.MaximumLines * Basket.MaximumQuantity);

    public static BasketView Of(Basket basket, Offer offer, IReadOnlyDictionary<Guid, VariantPrice> prices)
    {
        var lines = new List<BasketLineView>(basket.Lines.Count);
        Money? total = null;
        foreach (var line in basket.Lines)
        {
            var view = View(line, offer, prices.GetValueOrDefault(line.VariantId), total?.Currency);
            lines.Add(view);
            total = view.LineTotal is { } sum ? (total is { } before ? before + sum : sum) : total;
        }

        return new BasketView(basket.Id, lines, total, basket.ExpiresAt);
    }

    private static BasketLineView View(BasketLine line, Offer offer, VariantPrice? price, string? currency)
    {
        var problem = offer.ProblemOf(line);
        if (!offer.Variants.TryGetValue(line.VariantId, out var variant) || !variant.IsPublished || price is null)
        {
            return View(line, variant, null, problem);
        }

        if (currency is not null && price.UnitPrice.Currency != currency)
        {
            return View(line, variant, null, new LineProblem(
                BasketProblems.CurrencyMismatch, $"{variant.FullTitle()} ({variant.Sku}) is priced in {price.UnitPrice.Currency}, the basket in {currency}."));
        }

        return price.UnitPrice.Amount <= MaximumUnitPrice
            ? View(line, variant, price, problem)
            : View(line, variant, null, new LineProblem(
                BasketProblems.VariantUnpublished, $"{variant.FullTitle()} ({variant.Sku}) has a price that is too high to be ordered here."));
    }

    private static BasketLineView View(BasketLine line, VariantDetails? variant, VariantPrice? price, LineProblem? problem) => new(
        line.VariantId, variant?.ProductId, variant?.Sku ?? line.Sku, variant?.FullTitle() ?? line.Title, variant?.Slug, variant?.ImageUrl,
        line.Quantity, price?.UnitPrice, price?.CompareAtPrice, price?.UnitPrice * line.Quantity, variant?.TracksInventory ?? false,
        problem is null ? null : new BasketLineProblem(problem.Type.Uri, problem.Detail, problem.Available));
}

/// <summary>One line of a basket.</summary>
/// <param name="VariantId">The variant.</param>
/// <param name="ProductId">The product; null when the catalogue has it no more.</param>
/// <param name="Sku">The SKU.</param>
/// <param name="Title">The product's and the variant's title.</param>
/// <param name="Slug">The product's slug; null when the catalogue has it no more.</param>
/// <param name="ImageUrl">A picture, if there is one.</param>
/// <param name="Quantity">How many.</param>
/// <param name="UnitPrice">The price of one; null when it is not sold.</param>
/// <param name="CompareAtPrice">The crossed-out price of one, if there is one.</param>
/// <param name="LineTotal">The price of all; null when it is not sold.</param>
/// <param name="TracksInventory">Whether stock limits what can be ordered.</param>
/// <param name="Problem">Why the line cannot be ordered as it is, or null.</param>
internal sealed record BasketLineView(
    Guid VariantId, Guid? ProductId, string Sku, string Title, string? Slug, string? ImageUrl, int Quantity,
    Money? UnitPrice, Money? CompareAtPrice, Money? LineTotal, bool TracksInventory, BasketLineProblem? Problem);

/// <summary>Why a line cannot be ordered as it is.</summary>
/// <param name="Type">The kind of problem, as in problem documents.</param>
/// <param name="Detail">A sentence for the customer.</param>
/// <param name="Available">How many can be ordered, when stock is the reason.</param>
internal sealed record BasketLineProblem(string Type, string Detail, int? Available);
