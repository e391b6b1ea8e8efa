using ModularMonolith.Platform.Contracts;
using ModularMonolith.Pricing.Quotes;

namespace ModularMonolith.Pricing.Promotions;

/// <summary>How the parts of a promotion are read: amounts by currency, matching items, limits.</summary>
internal static class PromotionReach
{
    // Identity's sign of those who have no account: a new one for each visit.
    private const string GuestPrefix = "guest:";

    /// <summary>Whether a subject is somebody with an account.</summary>
    public static bool HasAccount(string? customer) => customer is not null && !customer.StartsWith(GuestPrefix, StringComparison.Ordinal);

    /// <summary>The amount in a currency, minor units; null when there is none.</summary>
    public static long? In(this IReadOnlyList<Money>? amounts, string currency)
    {
        foreach (var amount in amounts ?? [])
        {
            if (amount.Currency == currency)
            {
                return amount.Amount;
            }
        }

        return null;
    }

    /// <summary>Whether a list leaves a currency out. No list leaves none out.</summary>
    public static bool Excludes(this IReadOnlyList<Money>? amounts, string currency) => amounts is { Count: > 0 } && amounts.In(currency) is null;

    /// <summary>How often one customer may use it; null is without limit.</summary>
    public static int? CustomerLimit(this PromotionContent content) =>
        content.Conditions?.Any(static condition => condition.Customer is { NotRedeemedBefore: true }) == true ? 1 : content.Limits?.UsesByCustomer;

    /// <summary>Whether its uses have to be reserved even without a coupon.</summary>
    public static bool IsLimited(this PromotionContent content) => content.CustomerLimit() is not null || content.Limits is { Uses: not null } or { Budget.Count: > 0 };

    /// <summary>Whether an item is meant.</summary>
    public static bool Covers(this LineMatch? match, DraftItem item) => match is null
        || (Has(match.Skus, item.Sku, StringComparison.Ordinal)
            && (match.Products is not { Count: > 0 } products || products.Contains(item.ProductId))
            && Has(match.Vendors, item.Vendor, StringComparison.OrdinalIgnoreCase)
            && Has(match.Types, item.ProductType, StringComparison.OrdinalIgnoreCase)
            && (match.Tags is not { Count: > 0 } tags || item.Tags.Any(tag => Has(tags, tag, StringComparison.OrdinalIgnoreCase))));

    private static bool Has(IReadOnlyList<string>? values, string? value, StringComparison comparison) =>
        values is not { Count: > 0 } || (value is not null && values.Any(wanted => wanted.Equals(value, comparison)));
}
