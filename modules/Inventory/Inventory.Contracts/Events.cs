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
[EventName("inventory.stock-committed")]
public sealed record StockCommitted(Guid ReservationId, string Reference) : IIntegrationEvent
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
