using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Catalog.Contracts;

/// <summary>Told by Catalog: variants have new prices. New variants are among them.</summary>
/// <param name="ProductId">The product, or the import that changed several; orders the events.</param>
/// <param name="Prices">1 to 500 prices.</param>
/// <param name="ChangedAt">From when on they count.</param>
[EventName("catalog.prices-changed")]
public sealed record PricesChanged(Guid ProductId, IReadOnlyList<ChangedPrice> Prices, DateTimeOffset ChangedAt) : IIntegrationEvent
{
    string IIntegrationEvent.Key => ProductId.ToString();
}

/// <summary>A variant's price.</summary>
/// <param name="VariantId">The variant.</param>
/// <param name="Sku">Its SKU.</param>
/// <param name="Price">The price of one.</param>
/// <param name="CompareAtPrice">The crossed-out price, if there is one.</param>
public sealed record ChangedPrice(Guid VariantId, string Sku, Money Price, Money? CompareAtPrice);
