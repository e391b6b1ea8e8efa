using System.Globalization;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Pricing.Quotes;

namespace ModularMonolith.Pricing.Promotions;

/// <summary>Whether a promotion may apply to a draft. Conditions look at prices before discounts, so that no promotion depends on another.</summary>
internal static class Eligibility
{
    /// <summary>Why it may not, in a sentence; null when it may.</summary>
    public static string? Refusal(Candidate candidate, QuoteDraft draft) =>
        OfTime(candidate, draft) ?? OfUses(candidate, draft) ?? OfMoney(candidate, draft)
        ?? (candidate.Content.Conditions ?? []).Select(condition => OfCondition(condition, draft)).FirstOrDefault(static reason => reason is not null);

    private static string? OfTime(Candidate candidate, QuoteDraft draft) => candidate switch
    {
        { Rule.Status: PromotionStatus.Draft } => "It is not active yet.",
        { Rule.Status: PromotionStatus.Paused } => "It is paused at the moment.",
        { Rule.Status: PromotionStatus.Ended } => "It has ended.",
        { Content.StartsAt: { } starts } when draft.At < starts => $"It is not active yet: it starts on {Moment(starts)}.",
        { Content.EndsAt: { } ends } when draft.At >= ends => $"It has expired: it ended on {Moment(ends)}.",
        _ => null,
    };

    private static string? OfUses(Candidate candidate, QuoteDraft draft)
    {
        var (rule, coupon) = (candidate.Rule, candidate.Coupon);
        if (coupon?.MaximumUses <= coupon?.Uses || rule.Content.Limits?.Uses <= rule.Uses)
        {
            return "It is used up.";
        }

        var limit = rule.Content.CustomerLimit();
        if (limit is null && coupon?.MaximumUsesByCustomer is null)
        {
            return null;
        }

        return draft.CountedAs is null
            ? "It is limited by customer: sign in with an account to use it."
            : limit <= rule.UsesByCustomer || coupon?.MaximumUsesByCustomer <= coupon?.UsesByCustomer ? "You have used it as often as one customer may." : null;
    }

    private static string? OfMoney(Candidate candidate, QuoteDraft draft)
    {
        if (candidate.Content.Limits?.Budget.Excludes(draft.Currency) == true || candidate.Content.Actions.All(action => Excludes(action, draft.Currency)))
        {
            return NotIn(draft);
        }

        return candidate.Content.Limits?.Budget.In(draft.Currency) <= candidate.Rule.Given ? "The campaign's budget is used up." : null;
    }

    private static string? OfCondition(PromotionCondition condition, QuoteDraft draft) => condition switch
    {
        { Lines: { } lines } => OfLines(lines, draft),
        { Order: { } order } => OfOrder(order, draft),
        { Customer: { } customer } => OfCustomer(customer, draft),
        { Time: { } time } => IsWithin(time, draft.At.ToUniversalTime()) ? null : "It does not apply at this time of the week.",
        { Destination: { } destination } => OfDestination(destination, draft),
        _ => null,
    };

    private static string? OfLines(LinesCondition condition, QuoteDraft draft)
    {
        if (condition.MinimumAmount.Excludes(draft.Currency))
        {
            return NotIn(draft);
        }

        var matching = draft.Items.Where(item => condition.Match.Covers(item)).ToList();
        var quantity = matching.Sum(static item => (long)item.Quantity);
        if (quantity < condition.MinimumQuantity)
        {
            return quantity == 0 ? "None of the items is one that it is for." : $"It needs {Pieces(condition.MinimumQuantity)} of certain items; {Missing(condition.MinimumQuantity - quantity)}.";
        }

        var missing = condition.MinimumAmount.In(draft.Currency) - matching.Sum(static item => item.Subtotal);
        return missing > 0 ? $"It needs items that it is for worth {new Money(missing.Value, draft.Currency)} more." : null;
    }

    private static string? OfOrder(OrderCondition condition, QuoteDraft draft)
    {
        if (condition.MinimumTotal.Excludes(draft.Currency) || (condition.Currencies is { Count: > 0 } currencies && !currencies.Contains(draft.Currency)))
        {
            return NotIn(draft);
        }

        var missingPieces = condition.MinimumItems - draft.Items.Sum(static item => (long)item.Quantity);
        if (missingPieces > 0)
        {
            return $"It needs {Pieces(condition.MinimumItems!.Value)}; {Missing(missingPieces.Value)}.";
        }

        var missing = condition.MinimumTotal.In(draft.Currency) - draft.Items.Sum(static item => item.Subtotal);
        return missing > 0
            ? $"It needs an order of {new Money(condition.MinimumTotal.In(draft.Currency)!.Value, draft.Currency)}; {new Money(missing.Value, draft.Currency)} is missing."
            : null;
    }

    private static string? OfCustomer(CustomerCondition condition, QuoteDraft draft)
    {
        if ((condition.SignedIn || condition.NotRedeemedBefore) && !PromotionReach.HasAccount(draft.Customer))
        {
            return "It is for customers who are signed in with an account.";
        }

        return condition.Groups is { Count: > 0 } groups && !groups.Intersect(draft.CustomerGroups, StringComparer.Ordinal).Any() ? "It is for other customers." : null;
    }

    private static string? OfDestination(DestinationCondition condition, QuoteDraft draft) => draft.Destination switch
    {
        null => "It depends on where the order is delivered to, which is not known yet.",
        var destination when condition.Countries.Contains(destination.Country) => null,
        _ => "It is for deliveries to other countries.",
    };

    private static bool IsWithin(TimeCondition condition, DateTimeOffset at) =>
        (condition.Weekdays is not { Count: > 0 } weekdays || weekdays.Contains(at.DayOfWeek))
        && (condition.FromHour ?? 0, condition.UntilHour ?? 24) switch
        {
            var (from, until) when from < until => at.Hour >= from && at.Hour < until,
            var (from, until) => at.Hour >= from || at.Hour < until,
        };

    private static bool Excludes(PromotionAction action, string currency) => action switch
    {
        { Percentage: { } percentage } => percentage.Maximum.Excludes(currency),
        { FixedAmount: { } amount } => amount.Amounts.Excludes(currency),
        { FreeShipping: { } free } => free.Maximum.Excludes(currency),
        _ => false,
    };

    private static string NotIn(QuoteDraft draft) => $"It does not apply to orders in {draft.Currency}.";

    private static string Pieces(long count) => count == 1 ? "1 piece" : string.Create(CultureInfo.InvariantCulture, $"{count} pieces");

    private static string Missing(long count) => Pieces(count) + (count == 1 ? " is missing" : " are missing");

    private static string Moment(DateTimeOffset moment) => moment.ToUniversalTime().ToString("yyyy-MM-dd' at 'HH:mm' UTC'", CultureInfo.InvariantCulture);
}
