using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Baskets.Contracts;

/// <summary>
/// A basket with the prices of this moment. Answers null when there is none, or it has expired, or it was ordered.
/// Stock is not looked at: whoever orders reserves it, which is the only answer that still holds a moment later.
/// </summary>
/// <param name="BasketId">The basket's unguessable id.</param>
public sealed record GetBasket(string BasketId) : IQuery<BasketDetails?>;

/// <summary>A basket as its owner sees it.</summary>
/// <param name="Id">The unguessable id.</param>
/// <param name="Lines">The lines in the order in which they were added.</param>
/// <param name="Total">The sum of the lines that have a price; zero XXX (ISO 4217: no currency involved) when none has.</param>
public sealed record BasketDetails(string Id, IReadOnlyList<BasketLineDetails> Lines, Money Total);

/// <summary>One line of a basket.</summary>
/// <param name="VariantId">The variant.</param>
/// <param name="Sku">Its SKU.</param>
/// <param name="Title">The product's and the variant's title.</param>
/// <param name="Quantity">How many.</param>
/// <param name="UnitPrice">The price of one; null when it is not sold any more.</param>
/// <param name="LineTotal">The price of all; null when it is not sold any more.</param>
/// <param name="Problem">Why the line cannot be ordered (the variant is gone or not published), or null.</param>
/// <param name="TracksInventory">Whether stock limits what can be sold, so that it has to be reserved.</param>
public sealed record BasketLineDetails(
    Guid VariantId, string Sku, string Title, int Quantity, Money? UnitPrice, Money? LineTotal, string? Problem, bool TracksInventory = true);

/// <summary>Told to Baskets: an order was made of this basket, so it is closed.</summary>
/// <param name="BasketId">The basket.</param>
/// <param name="OrderId">The order.</param>
[EventName("baskets.basket-ordered")]
public sealed record BasketOrdered(string BasketId, Guid OrderId) : IIntegrationEvent
{
    string IIntegrationEvent.Key => BasketId;
}
