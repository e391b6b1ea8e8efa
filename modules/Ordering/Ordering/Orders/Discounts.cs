using System.Globalization;
using MediatR;
using ModularMonolith.Ordering.Checkouts;
using ModularMonolith.Platform.Http;
using ModularMonolith.Pricing.Contracts;

namespace ModularMonolith.Ordering.Orders;

/// <summary>A coupon that is not to be had any more.</summary>
internal sealed record LostCoupon(string Coupon, string Reason);

/// <summary>Limited discounts that are reserved for an order.</summary>
internal sealed record ReservedDiscounts(Guid RedemptionId, IReadOnlyList<Redemption> Redemptions, string? Customer)
{
    public RedemptionsConsumed ConsumedBy(Guid orderId) => new(RedemptionId, orderId.ToString(), Redemptions, Customer);
}

/// <summary>Discounts of which there is only so much.</summary>
internal sealed class Discounts(ISender sender, TimeProvider time)
{
    /// <summary>Reserves what the quote uses; null when nothing of it is limited.</summary>
    /// <exception cref="ProblemException">409 naming what is not to be had any more.</exception>
    public async Task<ReservedDiscounts?> ReserveAsync(Checkout checkout, Quote quote, TimeSpan length, CancellationToken cancellationToken)
    {
        if (quote.Redemptions.Count == 0)
        {
            return null;
        }

        // The same discounts of the same customer and checkout are one reservation, however often the order is tried; others are another one.
        var customer = quote.Request.CountedAs;
        var contents = customer + string.Join(';', quote.Redemptions.Select(static redemption =>
            string.Create(CultureInfo.InvariantCulture, $"{redemption.PromotionId} {redemption.Coupon} {redemption.Discount.Amount}")));
        var id = DerivedId.Of(checkout.Id, contents);
        var answer = await sender.Send(new ReserveRedemptions(id, quote.Redemptions, customer, time.GetUtcNow() + length, quote.Request.QuoteId), cancellationToken);
        return answer.IsReserved
            ? new ReservedDiscounts(id, quote.Redemptions, customer)
            : throw new ProblemException(OrderingProblems.DiscountsUnavailable, string.Join(" ", answer.Refused.Select(static refused => refused.Reason)))
                .With("coupons", answer.Refused.Select(static refused => new LostCoupon(refused.Coupon ?? refused.PromotionId.ToString(), refused.Reason)).ToList());
    }

    /// <summary>The coupons that counted in the first quote and do not in the second.</summary>
    public static IReadOnlyList<LostCoupon> Lost(Quote? before, Quote now)
    {
        var counted = (before?.Decisions ?? []).Where(static decision => decision is { Kind: "coupon", IsApplied: true }).Select(static decision => decision.Rule).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var counting = now.Decisions.Where(static decision => decision is { Kind: "coupon", IsApplied: true }).Select(static decision => decision.Rule).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return
        [
            .. counted.Except(counting, StringComparer.OrdinalIgnoreCase).Select(coupon => new LostCoupon(
                coupon, now.Decisions.FirstOrDefault(decision => decision.Kind == "coupon" && decision.Rule.Equals(coupon, StringComparison.OrdinalIgnoreCase))?.Reason ?? "It is not known any more.")),
        ];
    }
}
