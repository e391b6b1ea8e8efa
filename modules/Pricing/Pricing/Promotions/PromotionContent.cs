using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Pricing.Promotions;

internal enum PromotionStacking
{
    /// <summary>It applies together with all other stackable ones.</summary>
    Stackable,

    /// <summary>It applies alone, and only when nothing else saves more.</summary>
    Exclusive,
}

/// <summary>What staff says about a promotion when it is created or changed.</summary>
/// <param name="Title">Its name, which customers see.</param>
/// <param name="Actions">What it takes off, one after the other.</param>
/// <param name="Conditions">All of them have to be met.</param>
/// <param name="ByCoupon">Whether a coupon is needed; it stays as the promotion was created.</param>
/// <param name="StartsAt">From when on it applies; null for at once.</param>
/// <param name="EndsAt">From when on it applies no more; null for never.</param>
/// <param name="Priority">Those with smaller numbers take their share first.</param>
/// <param name="Stacking">Whether it applies together with others.</param>
/// <param name="Limits">How often, and for how much money.</param>
internal sealed record PromotionContent(
    string Title,
    IReadOnlyList<PromotionAction> Actions,
    IReadOnlyList<PromotionCondition>? Conditions = null,
    bool ByCoupon = false,
    DateTimeOffset? StartsAt = null,
    DateTimeOffset? EndsAt = null,
    int Priority = PromotionContent.UsualPriority,
    PromotionStacking Stacking = PromotionStacking.Stackable,
    PromotionLimits? Limits = null)
{
    public const int UsualPriority = 100;
}

/// <summary>What a promotion can be used for at most; null is without limit.</summary>
/// <param name="Uses">Orders in total.</param>
/// <param name="UsesByCustomer">Orders of one customer, who is signed in with an account then.</param>
/// <param name="Budget">All discounts together, by currency. With a budget the promotion applies in the currencies named here only.</param>
internal sealed record PromotionLimits(int? Uses = null, int? UsesByCustomer = null, IReadOnlyList<Money>? Budget = null);

/// <summary>One condition; exactly one member is given.</summary>
internal sealed record PromotionCondition(
    LinesCondition? Lines = null, OrderCondition? Order = null, CustomerCondition? Customer = null, TimeCondition? Time = null, DestinationCondition? Destination = null);

/// <summary>The order has enough of some items.</summary>
/// <param name="Match">Which items count; null for all.</param>
/// <param name="MinimumQuantity">Pieces of them.</param>
/// <param name="MinimumAmount">What they cost before discounts, by currency.</param>
internal sealed record LinesCondition(LineMatch? Match = null, int MinimumQuantity = 1, IReadOnlyList<Money>? MinimumAmount = null);

/// <summary>The order as a whole.</summary>
/// <param name="MinimumTotal">What its items cost before discounts, by currency.</param>
/// <param name="Currencies">One of these.</param>
/// <param name="MinimumItems">Pieces.</param>
internal sealed record OrderCondition(IReadOnlyList<Money>? MinimumTotal = null, IReadOnlyList<string>? Currencies = null, int? MinimumItems = null);

/// <summary>Who orders.</summary>
/// <param name="Groups">A member of one of these customer groups.</param>
/// <param name="SignedIn">Somebody with an account.</param>
/// <param name="NotRedeemedBefore">Somebody with an account who has not had this promotion yet.</param>
internal sealed record CustomerCondition(IReadOnlyList<string>? Groups = null, bool SignedIn = false, bool NotRedeemedBefore = false);

/// <summary>When it is ordered, in UTC.</summary>
/// <param name="Weekdays">One of these days.</param>
/// <param name="FromHour">From this hour on, 0 to 23.</param>
/// <param name="UntilHour">Until this hour begins, 1 to 24; one that is not after <paramref name="FromHour"/> is meant on the next day, whose weekday then counts.</param>
internal sealed record TimeCondition(IReadOnlyList<DayOfWeek>? Weekdays = null, int? FromHour = null, int? UntilHour = null);

/// <summary>Where it is delivered to.</summary>
/// <param name="Countries">ISO 3166-1 alpha-2; one of these.</param>
internal sealed record DestinationCondition(IReadOnlyList<string> Countries);

/// <summary>Which items are meant: of each list that is given, one value has to fit. Only SKUs tell upper and lower case apart.</summary>
internal sealed record LineMatch(
    IReadOnlyList<string>? Skus = null, IReadOnlyList<Guid>? Products = null, IReadOnlyList<string>? Vendors = null, IReadOnlyList<string>? Types = null, IReadOnlyList<string>? Tags = null);

/// <summary>One thing that is taken off; exactly one member is given.</summary>
internal sealed record PromotionAction(PercentageAction? Percentage = null, FixedAmountAction? FixedAmount = null, BuyGetAction? BuyGet = null, FreeShippingAction? FreeShipping = null);

/// <summary>A part of what the items cost.</summary>
/// <param name="Percent">Above 0, at most 100, with at most two decimals.</param>
/// <param name="Match">Which items; null for all.</param>
/// <param name="Maximum">At most so much, by currency.</param>
internal sealed record PercentageAction(decimal Percent, LineMatch? Match = null, IReadOnlyList<Money>? Maximum = null);

/// <summary>An amount.</summary>
/// <param name="Amounts">By currency.</param>
/// <param name="PerUnit">Whether it is taken off each piece, or once off all.</param>
/// <param name="Match">Which items; null for all.</param>
internal sealed record FixedAmountAction(IReadOnlyList<Money> Amounts, bool PerUnit = false, LineMatch? Match = null);

/// <summary>Who buys some pieces gets others cheaper, the cheapest ones first.</summary>
/// <param name="BuyQuantity">Pieces to buy.</param>
/// <param name="GetQuantity">Further pieces that are cheaper.</param>
/// <param name="Buy">Which are bought; null for all.</param>
/// <param name="Get">Which are cheaper; null for all.</param>
/// <param name="Percent">By how much: 100 is for free.</param>
/// <param name="Repetitions">How often in one order at most; null for as often as it fits.</param>
internal sealed record BuyGetAction(int BuyQuantity, int GetQuantity, LineMatch? Buy = null, LineMatch? Get = null, decimal Percent = 100, int? Repetitions = null);

/// <summary>What delivering costs.</summary>
/// <param name="Maximum">At most so much, by currency; null for all of it.</param>
internal sealed record FreeShippingAction(IReadOnlyList<Money>? Maximum = null);
