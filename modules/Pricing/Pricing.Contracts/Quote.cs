using System.Text.Json;
using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Pricing.Contracts;

/// <summary>
/// What a list of items costs, and why. No amount is negative but <see cref="QuoteRounding.Residue"/>; the totals of the items and of the shipping add up to <see cref="Total"/>
/// and their taxes to <see cref="Tax"/>.
/// </summary>
/// <param name="Request">What was asked for.</param>
/// <param name="PricesIncludeTax">Whether prices are meant with tax (then tax is a part of <see cref="Total"/> that is taken out) or without (then it is put on top).</param>
/// <param name="Items">In the order of the request.</param>
/// <param name="Shipping">What delivering costs; null while unknown.</param>
/// <param name="ItemsTotal">The items at their unit prices, before discounts.</param>
/// <param name="Discount">All discounts, those on shipping included; not negative.</param>
/// <param name="Tax">All tax.</param>
/// <param name="Total">What is to be paid.</param>
/// <param name="Taxes">The tax by rate, with its base.</param>
/// <param name="Decisions">Every rule that was looked at, whether it was applied, and why.</param>
/// <param name="Rounding">How tax was rounded.</param>
/// <param name="Redemptions">The limited discounts that are in it and have to be reserved before the order.</param>
/// <param name="Evidence">The rules as they were, for <see cref="ReproduceQuote"/>. What is inside is Pricing's own affair.</param>
public sealed record Quote(
    QuoteRequest Request,
    bool PricesIncludeTax,
    IReadOnlyList<QuotedItem> Items,
    QuotedShipping? Shipping,
    Money ItemsTotal,
    Money Discount,
    Money Tax,
    Money Total,
    IReadOnlyList<QuotedTax> Taxes,
    IReadOnlyList<QuoteDecision> Decisions,
    QuoteRounding Rounding,
    IReadOnlyList<Redemption> Redemptions,
    JsonElement Evidence);

/// <summary>One item with its price.</summary>
/// <param name="VariantId">The variant.</param>
/// <param name="Quantity">How many.</param>
/// <param name="UnitPrice">The price of one before discounts.</param>
/// <param name="CompareAtPrice">The crossed-out price of one, if there is one.</param>
/// <param name="LowestPrice">The lowest price of the 30 days before the present reduction (Directive 98/6/EC, article 6a), where the present price is a reduction.</param>
/// <param name="PriceList">The price list that the price is from; null for the catalogue's own.</param>
/// <param name="Subtotal">Unit price by quantity.</param>
/// <param name="Discount">The part of discounts that falls on it; not negative, not above the subtotal.</param>
/// <param name="Tax">Its tax.</param>
/// <param name="Total">What is paid for it, tax included.</param>
/// <param name="TaxCategory">The tax category; null for the standard one.</param>
public sealed record QuotedItem(
    Guid VariantId, int Quantity, Money UnitPrice, Money? CompareAtPrice, Money? LowestPrice, string? PriceList, Money Subtotal, Money Discount, Money Tax, Money Total, string? TaxCategory);

/// <summary>Delivering with its price.</summary>
/// <param name="Method">The shipping method's code.</param>
/// <param name="Title">Its title.</param>
/// <param name="Price">Before discounts.</param>
/// <param name="Discount">The discount on it.</param>
/// <param name="Tax">Its tax.</param>
/// <param name="Total">What is paid for it, tax included.</param>
public sealed record QuotedShipping(string Method, string Title, Money Price, Money Discount, Money Tax, Money Total);

/// <summary>What one tax rate makes.</summary>
/// <param name="Name">The tax as it is printed on invoices, for example <c>VAT 19 %</c>.</param>
/// <param name="Rate">As a fraction: 0.19 for 19 %.</param>
/// <param name="Base">The amount that it is computed of, without tax.</param>
/// <param name="Amount">The tax.</param>
public sealed record QuotedTax(string Name, decimal Rate, Money Base, Money Amount);

/// <summary>One rule that was looked at.</summary>
/// <param name="Kind"><c>price-list</c>, <c>promotion</c>, <c>coupon</c>, <c>tax</c> or <c>rounding</c>.</param>
/// <param name="Rule">Its id or code.</param>
/// <param name="Title">Its name, for people.</param>
/// <param name="IsApplied">Whether it has an effect on the quote.</param>
/// <param name="Reason">Why, in a sentence.</param>
/// <param name="Amount">What it changes, where that is an amount.</param>
/// <param name="VariantId">The item that it is about; null when it is about all.</param>
public sealed record QuoteDecision(string Kind, string Rule, string Title, bool IsApplied, string Reason, Money? Amount = null, Guid? VariantId = null);

/// <summary>How tax was rounded.</summary>
/// <param name="Mode"><c>line</c> or <c>order</c>.</param>
/// <param name="Residue">Rounded tax less exact tax, in minor units of the currency; at most half a unit for each rounding.</param>
public sealed record QuoteRounding(string Mode, decimal Residue);

/// <summary>A limited discount that a quote uses.</summary>
/// <param name="PromotionId">The promotion.</param>
/// <param name="Coupon">The code by which it was reached, if by one.</param>
/// <param name="Discount">What it takes off.</param>
public sealed record Redemption(Guid PromotionId, string? Coupon, Money Discount);

/// <summary>Computes a stored quote again from its own evidence, whatever the rules are now.</summary>
/// <param name="Quote">The quote as it was stored.</param>
public sealed record ReproduceQuote(Quote Quote) : IQuery<QuoteReproduction>;

/// <summary>The answer to <see cref="ReproduceQuote"/>.</summary>
/// <param name="IsSame">Whether each amount came out as it is stored.</param>
/// <param name="Differences">A sentence for each that did not; at most 100.</param>
public sealed record QuoteReproduction(bool IsSame, IReadOnlyList<string> Differences);
