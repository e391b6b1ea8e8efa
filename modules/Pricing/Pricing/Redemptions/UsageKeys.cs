using ModularMonolith.Pricing.Contracts;
using ModularMonolith.Pricing.Promotions;

namespace ModularMonolith.Pricing.Redemptions;

/// <summary>The keys of the counters that a redemption counts in.</summary>
/// <param name="currency">The currency of the discounts.</param>
/// <param name="customer">Whose use it is; null for nobody that is known.</param>
internal sealed class UsageKeys(string currency, string? customer)
{
    public const string BudgetPart = "/given/";

    private const string None = "";

    /// <summary>Uses of a promotion.</summary>
    public static string Uses(Guid promotionId) => $"p/{promotionId}/uses";

    /// <summary>Uses of a coupon.</summary>
    public static string Uses(string code) => $"c/{code}/uses";

    /// <summary>The first key, and the first one behind, of a promotion's counters that are not about one customer.</summary>
    public static (string From, string Until) RangeOf(Guid promotionId) => ($"p/{promotionId}/", $"p/{promotionId}0");

    public static bool IsOfCustomer(string key) => key.StartsWith("u/", StringComparison.Ordinal);

    /// <summary>The money that a promotion has given.</summary>
    public string Given(Guid promotionId) => $"p/{promotionId}{BudgetPart}{currency}";

    /// <summary>The customer's uses of a promotion; empty for nobody that is known.</summary>
    public string UsesByCustomer(Guid promotionId) => customer is null ? None : $"u/{promotionId}/{customer}";

    /// <summary>The customer's uses of a coupon; empty for nobody that is known.</summary>
    public string UsesByCustomer(string code) => customer is null ? None : $"u/{code}/{customer}";

    /// <summary>The keys on which a quote depends.</summary>
    public IEnumerable<string> Limiting(Guid promotionId, PromotionContent content)
    {
        if (content.Limits?.Uses is not null)
        {
            yield return Uses(promotionId);
        }

        if (content.CustomerLimit() is not null && customer is not null)
        {
            yield return UsesByCustomer(promotionId);
        }

        if (content.Limits?.Budget is { Count: > 0 })
        {
            yield return Given(promotionId);
        }
    }

    /// <inheritdoc cref="Limiting(Guid, PromotionContent)"/>
    public IEnumerable<string> Limiting(CouponRule coupon)
    {
        if (coupon.MaximumUses is not null)
        {
            yield return Uses(coupon.Code);
        }

        if (coupon.MaximumUsesByCustomer is not null && customer is not null)
        {
            yield return UsesByCustomer(coupon.Code);
        }
    }

    /// <summary>What one redemption counts in, and how much. It is the same whether or not there is a limit, so that one that is set later knows what was used before.</summary>
    public IEnumerable<(string Key, long Amount)> Counted(Redemption redemption)
    {
        yield return (Uses(redemption.PromotionId), 1);
        yield return (Given(redemption.PromotionId), redemption.Discount.Amount);
        if (redemption.Coupon is { } code)
        {
            yield return (Uses(code), 1);
        }

        if (customer is null)
        {
            yield break;
        }

        yield return (UsesByCustomer(redemption.PromotionId), 1);
        if (redemption.Coupon is { } own)
        {
            yield return (UsesByCustomer(own), 1);
        }
    }

    /// <summary>What several redemptions count in together, in the order of the keys.</summary>
    public static IReadOnlyList<(string Key, long Amount)> Of(IEnumerable<Redemption> redemptions, string? customer) =>
        [.. redemptions.SelectMany(redemption => new UsageKeys(redemption.Discount.Currency, customer).Counted(redemption))
            .GroupBy(static counted => counted.Key, StringComparer.Ordinal)
            .Select(static group => (group.Key, group.Sum(static counted => counted.Amount)))
            .OrderBy(static counted => counted.Key, StringComparer.Ordinal)];
}
