using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Inventory.Contracts;

/// <summary>The stock of given SKUs over all locations. A SKU that Inventory does not know is left out of the answer.</summary>
/// <param name="Skus">At most 500 SKUs.</param>
public sealed record GetStockLevels(IReadOnlyList<string> Skus) : IQuery<IReadOnlyList<StockLevel>>;

/// <summary>How much there is of a SKU.</summary>
/// <param name="Sku">The stock-keeping unit.</param>
/// <param name="OnHand">What is in the warehouse.</param>
/// <param name="Reserved">The part of it that is promised.</param>
/// <param name="Available">The part of it that can be promised: <c>OnHand − Reserved</c>.</param>
public sealed record StockLevel(string Sku, int OnHand, int Reserved, int Available);
