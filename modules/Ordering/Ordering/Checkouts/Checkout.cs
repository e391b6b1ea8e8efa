using JasperFx;
using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Ordering.Orders;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Pricing.Contracts;
using ModularMonolith.Shipping.Contracts;

namespace ModularMonolith.Ordering.Checkouts;

internal enum CheckoutStatus
{
    Open,
    Ordered,
    Cancelled,
    Expired,
}

/// <summary>An offer: a basket at the prices of one moment, with its stock reserved until a later one. Its id is the reservation's id.</summary>
internal sealed class Checkout : IRevisioned, ICopyable<Checkout>
{
    public Guid Id { get; set; }

    public string? Owner { get; init; }

    public required string BasketId { get; init; }

    public required IReadOnlyList<PricedLine> Lines { get; set; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public string? Currency { get; set; }

    public string? Email { get; set; }

    public PostalAddress? ShippingAddress { get; set; }

    public PostalAddress? BillingAddress { get; set; }

    public string? ShippingMethod { get; set; }

    /// <summary>The code of the pickup point that the customer has chosen.</summary>
    public string? PickupPoint { get; set; }

    public Delivery? Delivery { get; set; }

    public IReadOnlyList<string> Coupons { get; set; } = [];

    /// <summary>What it costs and why; null in checkouts of the time before there were quotes.</summary>
    public Quote? Quote { get; set; }

    // Never stored as Expired: an open checkout expires by the clock alone, so nothing has to find and mark it.
    public CheckoutStatus Status { get; set; }

    public Guid? OrderId { get; set; }

    public int Version { get; set; }

    public CheckoutStatus StatusAt(DateTimeOffset now) =>
        Status == CheckoutStatus.Open && now >= ExpiresAt ? CheckoutStatus.Expired : Status;

    /// <summary>Expiry changes what clients see without a write, so it has to change the entity tag too.</summary>
    public long TagAt(DateTimeOffset now) => (Version * 2L) + (StatusAt(now) == CheckoutStatus.Expired ? 1 : 0);

    /// <summary>Where the goods go, as far as it is known: to the pickup point, or to the customer.</summary>
    public StockDestination? Destination() =>
        (Delivery?.PickupPoint?.Address ?? ShippingAddress) is { } address ? new StockDestination(address.Country, address.Region, address.PostalCode) : null;

    // What it refers to is never changed, only replaced.
    public Checkout Copy() => (Checkout)MemberwiseClone();

    public void Take(Offer offer)
    {
        Quote = offer.Quote;
        Lines = offer.Lines;
        Delivery = offer.Delivery;
    }

    public CheckoutView ToView(DateTimeOffset now, bool withRejected) => new(
        Id, BasketId, [.. Lines.Select(static line => line.ToView())], Quote?.Total ?? Lines.Total(), ExpiresAt, StatusAt(now), OrderId,
        Email, ShippingAddress, BillingAddress, ShippingMethod, Coupons, Quote is null ? null : CheckoutQuote.Of(Quote, withRejected),
        PickupPoint, Delivery?.PickupPoint);
}

/// <summary>A checkout as clients see it.</summary>
/// <param name="Id">The checkout.</param>
/// <param name="BasketId">The basket that it was made of.</param>
/// <param name="Lines">The lines at the prices of the checkout.</param>
/// <param name="Total">What is to be paid, which is what is ordered.</param>
/// <param name="ExpiresAt">Until when the stock is kept.</param>
/// <param name="Status">Whether it can still be ordered.</param>
/// <param name="OrderId">The order that was made of it.</param>
/// <param name="Email">The customer's address, if one was given.</param>
/// <param name="ShippingAddress">Where it is delivered to.</param>
/// <param name="BillingAddress">Who pays it.</param>
/// <param name="ShippingMethod">How it is delivered.</param>
/// <param name="Coupons">The codes that the customer has given.</param>
/// <param name="Quote">What it costs and why.</param>
/// <param name="PickupPoint">The code of the pickup point that it is brought to.</param>
/// <param name="PickupPlace">The pickup point.</param>
internal sealed record CheckoutView(
    Guid Id, string BasketId, IReadOnlyList<LineView> Lines, Money Total, DateTimeOffset ExpiresAt, CheckoutStatus Status, Guid? OrderId,
    string? Email, PostalAddress? ShippingAddress, PostalAddress? BillingAddress, string? ShippingMethod, IReadOnlyList<string> Coupons, CheckoutQuote? Quote,
    string? PickupPoint, ChosenPickupPoint? PickupPlace);

/// <summary>What something costs, and why.</summary>
/// <param name="PricesIncludeTax">Whether prices are meant with tax.</param>
/// <param name="Items">The items.</param>
/// <param name="Shipping">Delivering; null while no method is chosen.</param>
/// <param name="ItemsTotal">The items at their unit prices, before discounts.</param>
/// <param name="Discount">All discounts.</param>
/// <param name="Tax">All tax.</param>
/// <param name="Total">What is to be paid.</param>
/// <param name="Taxes">The tax by rate, with its base.</param>
/// <param name="Decisions">The rules that were applied, and what became of the coupons, with the reasons; the staff sees the rules that were rejected too.</param>
/// <param name="Rounding">How tax was rounded.</param>
internal sealed record CheckoutQuote(
    bool PricesIncludeTax, IReadOnlyList<QuotedItem> Items, QuotedShipping? Shipping, Money ItemsTotal, Money Discount, Money Tax, Money Total,
    IReadOnlyList<QuotedTax> Taxes, IReadOnlyList<QuoteDecision> Decisions, QuoteRounding Rounding)
{
    /// <summary>The quote as somebody may see it: customers are not told of rules that are for others.</summary>
    public static CheckoutQuote Of(Quote quote, bool withRejected) => new(
        quote.PricesIncludeTax, quote.Items, quote.Shipping, quote.ItemsTotal, quote.Discount, quote.Tax, quote.Total, quote.Taxes,
        withRejected ? quote.Decisions : [.. quote.Decisions.Where(static decision => decision.IsApplied || decision.Kind == "coupon")], quote.Rounding);
}
