using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Ordering.Contracts;

/// <summary>A customer has placed an order.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Lines">What was ordered.</param>
/// <param name="Total">What it costs.</param>
/// <param name="PlacedAt">When.</param>
[EventName("ordering.order-placed")]
public sealed record OrderPlaced(Guid OrderId, IReadOnlyList<OrderedLine> Lines, Money Total, DateTimeOffset PlacedAt) : IIntegrationEvent
{
    string IIntegrationEvent.Key => OrderId.ToString();
}

/// <summary>An order is paid and its stock has left the shelf: it can be shipped.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="ConfirmedAt">When.</param>
[EventName("ordering.order-confirmed")]
public sealed record OrderConfirmed(Guid OrderId, DateTimeOffset ConfirmedAt) : IIntegrationEvent
{
    string IIntegrationEvent.Key => OrderId.ToString();
}

/// <summary>An order was cancelled.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Reason">Why.</param>
/// <param name="CancelledAt">When.</param>
[EventName("ordering.order-cancelled")]
public sealed record OrderCancelled(Guid OrderId, string Reason, DateTimeOffset CancelledAt) : IIntegrationEvent
{
    string IIntegrationEvent.Key => OrderId.ToString();
}

/// <summary>One line of an order.</summary>
/// <param name="VariantId">The variant.</param>
/// <param name="Sku">Its SKU.</param>
/// <param name="Title">Its title when it was ordered.</param>
/// <param name="Quantity">How many.</param>
/// <param name="UnitPrice">The price of one when it was ordered.</param>
public sealed record OrderedLine(Guid VariantId, string Sku, string Title, int Quantity, Money UnitPrice);
