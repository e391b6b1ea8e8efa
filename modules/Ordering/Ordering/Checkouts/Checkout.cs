using JasperFx;
using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Ordering.Checkouts;

internal enum CheckoutStatus
{
    Open,
    Ordered,
    Cancelled,
    Expired,
}

/// <summary>An offer: a basket at the prices of one moment, with its stock reserved until a later one. Its id is the reservation's id.</summary>
internal sealed class Checkout : IRevisioned
{
    public Guid Id { get; set; }

    public string? Owner { get; init; }

    public required string BasketId { get; init; }

    public required IReadOnlyList<PricedLine> Lines { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    // Never stored as Expired: an open checkout expires by the clock alone, so nothing has to find and mark it.
    public CheckoutStatus Status { get; set; }

    public Guid? OrderId { get; set; }

    public int Version { get; set; }

    public CheckoutStatus StatusAt(DateTimeOffset now) =>
        Status == CheckoutStatus.Open && now >= ExpiresAt ? CheckoutStatus.Expired : Status;

    public CheckoutView ToView(DateTimeOffset now) =>
        new(Id, BasketId, [.. Lines.Select(static line => line.ToView())], Lines.Total(), ExpiresAt, StatusAt(now), OrderId);
}

/// <summary>A checkout as clients see it.</summary>
/// <param name="Id">The checkout.</param>
/// <param name="BasketId">The basket that it was made of.</param>
/// <param name="Lines">The lines at the prices of the checkout.</param>
/// <param name="Total">Their sum.</param>
/// <param name="ExpiresAt">Until when the stock is kept.</param>
/// <param name="Status">Whether it can still be ordered.</param>
/// <param name="OrderId">The order that was made of it.</param>
internal sealed record CheckoutView(
    Guid Id, string BasketId, IReadOnlyList<LineView> Lines, Money Total, DateTimeOffset ExpiresAt, CheckoutStatus Status, Guid? OrderId);
