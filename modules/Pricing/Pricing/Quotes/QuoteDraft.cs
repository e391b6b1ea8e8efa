using ModularMonolith.Platform.Contracts;
using ModularMonolith.Pricing.Contracts;

namespace ModularMonolith.Pricing.Quotes;

/// <summary>A quote after prices are chosen and before promotions: all that a promotion may depend on.</summary>
/// <param name="Currency">ISO 4217; every amount is in it.</param>
/// <param name="Items">1 to 200 items, each variant once.</param>
/// <param name="ShippingPrice">What delivering costs before discounts; null while unknown.</param>
/// <param name="ShippingMethod">The shipping method's code; null while unknown.</param>
/// <param name="Destination">Where it is delivered to; null while unknown.</param>
/// <param name="Coupons">As the customer has written them, at most 10.</param>
/// <param name="Customer">The customer's subject; null for a guest.</param>
/// <param name="CustomerGroups">The codes of the groups that the customer is a member of.</param>
/// <param name="At">The moment whose rules count.</param>
/// <param name="QuoteId">The quote's id: what is reserved for it already does not count against it.</param>
/// <param name="CountedAs">Whose uses count where something is limited by customer; null for nobody's.</param>
internal sealed record QuoteDraft(
    string Currency,
    IReadOnlyList<DraftItem> Items,
    Money? ShippingPrice,
    string? ShippingMethod,
    QuoteDestination? Destination,
    IReadOnlyList<string> Coupons,
    string? Customer,
    IReadOnlyList<string> CustomerGroups,
    DateTimeOffset At,
    Guid QuoteId = default,
    string? CountedAs = null);

/// <summary>One item with its chosen price.</summary>
/// <param name="VariantId">The variant.</param>
/// <param name="ProductId">Its product.</param>
/// <param name="Sku">Its SKU.</param>
/// <param name="Title">Its title, for messages to people.</param>
/// <param name="Quantity">1 or more.</param>
/// <param name="UnitPrice">The price of one, from a price list or from the catalogue.</param>
/// <param name="ProductType">The product's type; null when it has none.</param>
/// <param name="Vendor">The product's vendor; null when it has none.</param>
/// <param name="Tags">The product's tags.</param>
internal sealed record DraftItem(
    Guid VariantId, Guid ProductId, string Sku, string Title, int Quantity, Money UnitPrice, string? ProductType, string? Vendor, IReadOnlyList<string> Tags)
{
    /// <summary>Unit price by quantity, in minor units.</summary>
    public long Subtotal => checked(UnitPrice.Amount * Quantity);
}
