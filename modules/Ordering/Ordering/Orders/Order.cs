using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Ordering.Orders;

/// <summary>An order as its events have made it.</summary>
internal sealed class Order
{
    public Guid Id { get; set; }

    /// <summary>The subject who placed it; null for orders of the time before callers were known, which only the staff sees.</summary>
    public string? Owner { get; set; }

    public Guid CheckoutId { get; set; }

    public string BasketId { get; set; } = string.Empty;

    public IReadOnlyList<PricedLine> Lines { get; set; } = [];

    public Money Total { get; set; }

    public string? Email { get; set; }

    public OrderStatus Status { get; set; }

    public string? Reason { get; set; }

    public DateTimeOffset PlacedAt { get; set; }

    public DateTimeOffset? PaidAt { get; set; }

    public DateTimeOffset? ConfirmedAt { get; set; }

    public DateTimeOffset? ShippedAt { get; set; }

    public DateTimeOffset? CancelledAt { get; set; }

    public DateTimeOffset? RejectedAt { get; set; }

    public int Version { get; set; }

    public static Order Create(Placed placed) => new()
    {
        Owner = placed.Owner,
        CheckoutId = placed.CheckoutId,
        BasketId = placed.BasketId,
        Lines = placed.Lines,
        Total = placed.Total,
        Email = placed.Email,
        Status = OrderStatus.Placed,
        PlacedAt = placed.PlacedAt,
    };

    public void Apply(Paid paid)
    {
        Status = OrderTransitions.Next(Status, OrderAction.Pay);
        PaidAt = paid.PaidAt;
    }

    public void Apply(Confirmed confirmed)
    {
        Status = OrderTransitions.Next(Status, OrderAction.Confirm);
        ConfirmedAt = confirmed.ConfirmedAt;
    }

    public void Apply(Shipped shipped)
    {
        Status = OrderTransitions.Next(Status, OrderAction.Ship);
        ShippedAt = shipped.ShippedAt;
    }

    public void Apply(Cancelled cancelled)
    {
        Status = OrderTransitions.Next(Status, OrderAction.Cancel);
        Reason = cancelled.Reason;
        CancelledAt = cancelled.CancelledAt;
    }

    public void Apply(Rejected rejected)
    {
        Status = OrderTransitions.Next(Status, OrderAction.Reject);
        Reason = rejected.Reason;
        RejectedAt = rejected.RejectedAt;
    }

    public OrderView ToView() => new(
        Id, CheckoutId, BasketId, Status, [.. Lines.Select(static line => line.ToView())], Total, Email, Reason,
        PlacedAt, PaidAt, ConfirmedAt, ShippedAt, CancelledAt, RejectedAt);
}

/// <summary>An order as clients see it.</summary>
/// <param name="Id">The order.</param>
/// <param name="CheckoutId">The checkout that it was made of.</param>
/// <param name="BasketId">The basket that it was made of.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Lines">The lines at the prices of the order.</param>
/// <param name="Total">Their sum.</param>
/// <param name="Email">The customer's address, if one was given.</param>
/// <param name="Reason">Why it was cancelled or rejected.</param>
/// <param name="PlacedAt">When it was placed.</param>
/// <param name="PaidAt">When it was paid.</param>
/// <param name="ConfirmedAt">When it was paid and its stock had left the shelf.</param>
/// <param name="ShippedAt">When it was shipped.</param>
/// <param name="CancelledAt">When it was cancelled.</param>
/// <param name="RejectedAt">When it was rejected for want of stock.</param>
internal sealed record OrderView(
    Guid Id, Guid CheckoutId, string BasketId, OrderStatus Status, IReadOnlyList<LineView> Lines, Money Total, string? Email, string? Reason,
    DateTimeOffset PlacedAt, DateTimeOffset? PaidAt, DateTimeOffset? ConfirmedAt, DateTimeOffset? ShippedAt, DateTimeOffset? CancelledAt, DateTimeOffset? RejectedAt);
