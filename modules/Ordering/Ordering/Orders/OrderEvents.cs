using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Ordering.Orders;

// The history of an order. The stored names are in OrderingModule and never change; members may be added, with a default.

internal sealed record Placed(
    Guid CheckoutId, string BasketId, IReadOnlyList<PricedLine> Lines, Money Total, string? Email, DateTimeOffset PlacedAt, string? Owner = null);

internal sealed record Paid(DateTimeOffset PaidAt);

internal sealed record Confirmed(DateTimeOffset ConfirmedAt);

internal sealed record Shipped(DateTimeOffset ShippedAt);

internal sealed record Cancelled(string Reason, DateTimeOffset CancelledAt);

internal sealed record Rejected(string Reason, DateTimeOffset RejectedAt);
