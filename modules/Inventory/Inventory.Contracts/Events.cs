using System.Text.Json.Nodes;
using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Inventory.Contracts;

// Inventory knows none of the modules that use it: what they have to tell it, they publish in the words of these events.

/// <summary>Told to Inventory: these SKUs exist, with this much stock at first. A SKU that Inventory knows already keeps its stock.</summary>
/// <param name="DeclarationId">The import or change that declares it; orders the events.</param>
/// <param name="Lines">1 to 500 lines; a quantity may be 0.</param>
[EventName("inventory.stock-declared")]
public sealed record StockDeclared(Guid DeclarationId, IReadOnlyList<DeclaredStock> Lines) : IIntegrationEvent
{
    string IIntegrationEvent.Key => DeclarationId.ToString();
}

/// <summary>A SKU's first stock.</summary>
/// <param name="Sku">The stock-keeping unit.</param>
/// <param name="Quantity">0 or more.</param>
public sealed record DeclaredStock(string Sku, int Quantity);

/// <summary>Told to Inventory: a reservation was used up by an order, so its stock leaves for good.</summary>
/// <param name="ReservationId">The reservation.</param>
/// <param name="Reference">The order that took it, for the movement history.</param>
/// <param name="Lines">What it held, so that stock can be found even for a reservation that has expired meanwhile.</param>
[EventName("inventory.reservation-consumed")]
public sealed record ReservationConsumed(Guid ReservationId, string Reference, IReadOnlyList<StockLine> Lines) : IIntegrationEvent
{
    string IIntegrationEvent.Key => ReservationId.ToString();
}

/// <summary>Told to Inventory: what an order had taken is not needed after all and comes back.</summary>
/// <param name="ReservationId">The reservation that the order had consumed.</param>
/// <param name="Reference">The order, for the movement history.</param>
/// <param name="Lines">What comes back.</param>
[EventName("inventory.reservation-returned")]
public sealed record ReservationReturned(Guid ReservationId, string Reference, IReadOnlyList<StockLine> Lines) : IIntegrationEvent
{
    string IIntegrationEvent.Key => ReservationId.ToString();
}

/// <summary>Told by Inventory: the stock of a consumed reservation has left for good.</summary>
/// <param name="ReservationId">The reservation.</param>
/// <param name="Reference">The order that took it.</param>
/// <param name="Lines">From where it was taken; empty in events of the time before this was told.</param>
[EventName("inventory.stock-committed", Version = 2)]
public sealed record StockCommitted(Guid ReservationId, string Reference, IReadOnlyList<SourcedLine> Lines) : IIntegrationEvent
{
    string IIntegrationEvent.Key => ReservationId.ToString();
}

/// <summary>Told by Inventory: a consumed reservation had expired and its stock was sold meanwhile; nothing was taken.</summary>
/// <param name="ReservationId">The reservation.</param>
/// <param name="Reference">The order that wanted it.</param>
/// <param name="Short">The lines that are missing.</param>
[EventName("inventory.stock-unavailable")]
public sealed record StockUnavailable(Guid ReservationId, string Reference, IReadOnlyList<ShortLine> Short) : IIntegrationEvent
{
    string IIntegrationEvent.Key => ReservationId.ToString();
}

/// <summary>Lifts events of the time before it was told from where stock is taken.</summary>
public sealed class StockCommittedWithoutLines : IEventUpcaster<StockCommitted>
{
    /// <inheritdoc/>
    public int FromVersion => 1;

    /// <inheritdoc/>
    public JsonObject Upcast(JsonObject payload)
    {
        ArgumentNullException.ThrowIfNull(payload);
        payload["lines"] = new JsonArray();
        return payload;
    }
}

/// <summary>A quantity of one SKU at one location.</summary>
/// <param name="Sku">The stock-keeping unit.</param>
/// <param name="Location">The location's code.</param>
/// <param name="Quantity">1 or more.</param>
/// <param name="IsBackordered">Whether it has to arrive there first; <see cref="BackorderFilled"/> says when it has.</param>
public sealed record SourcedLine(string Sku, string Location, int Quantity, bool IsBackordered = false);

/// <summary>Told by Inventory: goods that an order had taken before they were there have arrived and are kept for it.</summary>
/// <param name="ReservationId">The reservation that the order had consumed.</param>
/// <param name="Reference">The order that took it.</param>
/// <param name="Lines">What has arrived.</param>
[EventName("inventory.backorder-filled")]
public sealed record BackorderFilled(Guid ReservationId, string Reference, IReadOnlyList<SourcedLine> Lines) : IIntegrationEvent
{
    string IIntegrationEvent.Key => ReservationId.ToString();
}

/// <summary>Told to Inventory: goods that had left have come back and can be sold again.</summary>
/// <param name="ReturnId">The return; repeating it changes nothing.</param>
/// <param name="Reference">The order that they are of, for the movement history.</param>
/// <param name="Location">Where they are now; null for the default location.</param>
/// <param name="Lines">What came back.</param>
[EventName("inventory.goods-restocked")]
public sealed record GoodsRestocked(Guid ReturnId, string Reference, string? Location, IReadOnlyList<StockLine> Lines) : IIntegrationEvent
{
    string IIntegrationEvent.Key => ReturnId.ToString();
}

/// <summary>Told by Inventory: what can be promised of a SKU has fallen to its threshold or below. Told once for each time that it falls.</summary>
/// <param name="Sku">The stock-keeping unit.</param>
/// <param name="Available">What is there and not promised, over all locations that orders are sent from.</param>
/// <param name="Threshold">The SKU's threshold.</param>
[EventName("inventory.low-stock-reached")]
public sealed record LowStockReached(string Sku, int Available, int Threshold) : IIntegrationEvent
{
    string IIntegrationEvent.Key => Sku;
}

/// <summary>Told by Inventory: a SKU with a stock policy of which nothing could be sold from stock can be again. Told once for each time.</summary>
/// <param name="Sku">The stock-keeping unit.</param>
/// <param name="Available">What can be sold from stock now.</param>
[EventName("inventory.back-in-stock")]
public sealed record BackInStock(string Sku, int Available) : IIntegrationEvent
{
    string IIntegrationEvent.Key => Sku;
}
