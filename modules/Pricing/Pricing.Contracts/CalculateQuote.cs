using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Pricing.Contracts;

/// <summary>
/// Says what a list of items costs and why. Nothing is stored and nothing is promised: whoever wants the discounts that are limited reserves them with <see cref="ReserveRedemptions"/>.
/// The answer holds all that is needed to compute it again, see <see cref="ReproduceQuote"/>.
/// </summary>
/// <param name="Request">What is asked for.</param>
/// <param name="Email">The address that the customer has given. Guests are told apart by it where something is limited by customer; it is neither kept nor answered.</param>
public sealed record CalculateQuote(QuoteRequest Request, string? Email = null) : IQuery<Quote>;

/// <summary>What a quote is asked for.</summary>
/// <param name="QuoteId">Chosen by the caller.</param>
/// <param name="Currency">ISO 4217. An item that has no price in it is refused with a problem.</param>
/// <param name="Items">1 to 200 items, each variant once.</param>
/// <param name="Coupons">At most 10 codes, as the customer has written them.</param>
/// <param name="Customer">The customer's subject, if known.</param>
/// <param name="Destination">Where it is delivered to; null while unknown, and then no tax is computed unless a home country is configured.</param>
/// <param name="Shipping">What delivering costs before discounts and tax; null while unknown.</param>
/// <param name="At">The moment whose prices and rules count.</param>
/// <param name="CountedAs">Whose uses count where something is limited by customer. <see cref="CalculateQuote"/> fills it in: an account's subject, a keyed hash of a guest's e-mail address, else the guest's subject.</param>
public sealed record QuoteRequest(
    Guid QuoteId,
    string Currency,
    IReadOnlyList<QuoteItem> Items,
    IReadOnlyList<string> Coupons,
    string? Customer,
    QuoteDestination? Destination,
    QuoteShipping? Shipping,
    DateTimeOffset At,
    string? CountedAs = null);

/// <summary>One item, with what the catalogue says of it.</summary>
/// <param name="VariantId">The variant.</param>
/// <param name="ProductId">Its product.</param>
/// <param name="Sku">Its SKU.</param>
/// <param name="Title">Its title, for messages to people.</param>
/// <param name="Quantity">1 or more.</param>
/// <param name="CataloguePrice">The catalogue's price of one, which counts where no price list has another.</param>
/// <param name="CompareAtPrice">The catalogue's crossed-out price.</param>
/// <param name="ProductType">The product's type, for conditions.</param>
/// <param name="Vendor">The product's vendor, for conditions.</param>
/// <param name="Tags">The product's tags, for conditions.</param>
/// <param name="TaxCategory">The tax category; null for the standard one.</param>
public sealed record QuoteItem(
    Guid VariantId,
    Guid ProductId,
    string Sku,
    string Title,
    int Quantity,
    Money CataloguePrice,
    Money? CompareAtPrice = null,
    string? ProductType = null,
    string? Vendor = null,
    IReadOnlyList<string>? Tags = null,
    string? TaxCategory = null);

/// <summary>Where goods are delivered to, as far as tax depends on it.</summary>
/// <param name="Country">ISO 3166-1 alpha-2, upper case.</param>
/// <param name="Region">The second part of an ISO 3166-2 code (<c>CA</c> of <c>US-CA</c>), where there is one.</param>
/// <param name="PostalCode">As written.</param>
public sealed record QuoteDestination(string Country, string? Region = null, string? PostalCode = null);

/// <summary>What delivering costs.</summary>
/// <param name="Method">The shipping method's code.</param>
/// <param name="Title">Its title.</param>
/// <param name="Price">The price before discounts, with or without tax as item prices are.</param>
public sealed record QuoteShipping(string Method, string Title, Money Price);
