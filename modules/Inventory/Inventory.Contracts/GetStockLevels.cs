using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Inventory.Contracts;

/// <summary>The stock of given SKUs over all locations. A SKU that Inventory does not know is left out of the answer.</summary>
/// <param name="Skus">At most 500 SKUs.</param>
public sealed record GetStockLevels(IReadOnlyList<string> Skus) : IQuery<IReadOnlyList<StockLevel>>;

/// <summary>How much there is of a SKU.</summary>
/// <param name="Sku">The stock-keeping unit.</param>
/// <param name="OnHand">What is in the warehouses.</param>
/// <param name="Reserved">The part of it that is promised.</param>
/// <param name="Available">What can be ordered now: <c>OnHand − Reserved</c>, less safety stock, what waiting orders have a claim on and what stands where no orders are sent from, plus <paramref name="Backorderable"/>.</param>
/// <param name="Backorderable">The part of <paramref name="Available"/> that has to arrive first.</param>
/// <param name="RestockDays">In how many days what has to arrive is likely to, when that is known.</param>
public sealed record StockLevel(string Sku, int OnHand, int Reserved, int Available, int Backorderable = 0, int? RestockDays = null);
