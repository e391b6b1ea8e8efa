using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Pricing.Contracts;

/// <summary>
/// Reserves limited discounts, all or none: uses of coupons, in total and by customer, and money of campaign budgets. Repeating it with the same id answers the same and reserves
/// nothing more; it can make the reservation last longer. The reservation ends by itself at <paramref name="ExpiresAt"/>, unless <see cref="RedemptionsConsumed"/> is told before.
/// </summary>
/// <param name="RedemptionId">Chosen by the caller.</param>
/// <param name="Redemptions">1 to 50.</param>
/// <param name="Customer">Whose use it is, for caps by customer: what the quote says in <see cref="QuoteRequest.CountedAs"/>.</param>
/// <param name="ExpiresAt">At most 24 hours from now.</param>
/// <param name="QuoteId">The quote whose discounts they are, if it may be asked for or reserved again: what is reserved for it does not count against a quote and a reservation of the same id.</param>
[RetryOnConflict(Attempts = 10)]
public sealed record ReserveRedemptions(Guid RedemptionId, IReadOnlyList<Redemption> Redemptions, string? Customer, DateTimeOffset ExpiresAt, Guid? QuoteId = null)
    : ICommand<RedemptionReservation>;

/// <summary>The answer to <see cref="ReserveRedemptions"/>.</summary>
/// <param name="IsReserved">Whether all are reserved.</param>
/// <param name="Refused">Those that are not to be had any more, when none was reserved.</param>
public sealed record RedemptionReservation(bool IsReserved, IReadOnlyList<RefusedRedemption> Refused);

/// <summary>A discount that is not to be had any more.</summary>
/// <param name="PromotionId">The promotion.</param>
/// <param name="Coupon">The code by which it was reached, if by one.</param>
/// <param name="Reason">A sentence for the customer.</param>
public sealed record RefusedRedemption(Guid PromotionId, string? Coupon, string Reason);

/// <summary>Told to Pricing: the discounts were used by an order for good.</summary>
/// <param name="RedemptionId">The reservation.</param>
/// <param name="Reference">The order.</param>
/// <param name="Redemptions">What it held, in case it has expired meanwhile: the order stands, so its use is counted all the same.</param>
/// <param name="Customer">Whose use it was.</param>
[EventName("pricing.redemptions-consumed")]
public sealed record RedemptionsConsumed(Guid RedemptionId, string Reference, IReadOnlyList<Redemption> Redemptions, string? Customer) : IIntegrationEvent
{
    string IIntegrationEvent.Key => RedemptionId.ToString();
}

/// <summary>Told to Pricing: the order was given up before anything of it was delivered, so the uses and the money can be had again.</summary>
/// <param name="RedemptionId">The reservation.</param>
/// <param name="Reference">The order.</param>
[EventName("pricing.redemptions-returned")]
public sealed record RedemptionsReturned(Guid RedemptionId, string Reference) : IIntegrationEvent
{
    string IIntegrationEvent.Key => RedemptionId.ToString();
}
