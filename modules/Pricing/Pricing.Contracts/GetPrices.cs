using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Pricing.Contracts;

/// <summary>The prices of variants at this moment, before promotions and tax. A variant that has no price in the currency is left out of the answer.</summary>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Customer">The customer's subject, if known, for the prices of customer groups.</param>
/// <param name="Variants">1 to 200 variants.</param>
/// <param name="WithLowestPrice">Whether <see cref="VariantPrice.LowestPrice"/> is wanted, which costs a query when one of the prices is a reduction.</param>
public sealed record GetPrices(string Currency, string? Customer, IReadOnlyList<PricedVariant> Variants, bool WithLowestPrice = false) : IQuery<IReadOnlyList<VariantPrice>>;

/// <summary>A variant whose price is asked for.</summary>
/// <param name="VariantId">The variant.</param>
/// <param name="Quantity">How many, for quantity tiers; 1 or more.</param>
/// <param name="CataloguePrice">The catalogue's price of one.</param>
/// <param name="CompareAtPrice">The catalogue's crossed-out price.</param>
public sealed record PricedVariant(Guid VariantId, int Quantity, Money CataloguePrice, Money? CompareAtPrice = null);

/// <summary>A variant's price.</summary>
/// <param name="VariantId">The variant.</param>
/// <param name="UnitPrice">The price of one at the quantity.</param>
/// <param name="CompareAtPrice">The crossed-out price of one, if there is one.</param>
/// <param name="LowestPrice">The lowest price of the 30 days before the present reduction (Directive 98/6/EC, article 6a), where the present price is a reduction.</param>
/// <param name="PriceList">The price list that the price is from; null for the catalogue's own.</param>
public sealed record VariantPrice(Guid VariantId, Money UnitPrice, Money? CompareAtPrice, Money? LowestPrice, string? PriceList);
