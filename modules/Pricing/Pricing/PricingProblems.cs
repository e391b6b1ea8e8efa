using ModularMonolith.Platform.Http;

namespace ModularMonolith.Pricing;

/// <summary>The failures that only Pricing has.</summary>
internal static class PricingProblems
{
    public static readonly ProblemType PriceMissing = new("price-missing", 422, "An item has no price in the currency.",
        "Neither the catalogue nor a price list has a price for the item in the currency that was asked for. Ask for another currency, or take the item out; variantId names it.");

    public static readonly ProblemType AmountTooLarge = new("amount-too-large", 422, "The sum is too large.",
        "A quote adds up to at most 9,000,000,000,000,000 minor units of its currency, tax included. Order fewer pieces at once.");

    public static readonly ProblemType UnknownCustomerGroup = new("unknown-customer-group", 422, "There is no such customer group.",
        "The body names a customer group that was not created. The groups are listed at /api/pricing/customer-groups.");

    public static readonly ProblemType VariantNotSold = new("variant-not-sold", 422, "A variant is not sold.",
        "The catalogue does not have the variant, or its product is not published. Take it out; variantId names it.");

    public static readonly ProblemType TaxUnavailable = new("tax-unavailable", 503, "The tax cannot be computed at the moment.",
        "The service that knows the tax rates does not answer, and without it no total would be right. Nothing was done. Repeat the request in a few seconds.");
}
