using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;
using ModularMonolith.Pricing.Promotions;

namespace ModularMonolith.Pricing.Redemptions;

internal sealed record GetPromotionUsage(Guid PromotionId) : IQuery<PromotionUsage>;

/// <summary>What was used of a promotion. What orders in progress hold is counted. Only promotions that are limited or need a coupon are counted.</summary>
/// <param name="PromotionId">The promotion.</param>
/// <param name="Uses">How many orders.</param>
/// <param name="UsesLeft">How many orders more; null is without limit.</param>
/// <param name="Money">What was given, by currency.</param>
internal sealed record PromotionUsage(Guid PromotionId, long Uses, long? UsesLeft, IReadOnlyList<PromotionMoney> Money);

/// <summary>What was given in a currency.</summary>
/// <param name="Given">All discounts.</param>
/// <param name="Budget">What may be given; null is without limit.</param>
/// <param name="Left">What is left of the budget; null is without limit.</param>
internal sealed record PromotionMoney(Money Given, Money? Budget, Money? Left);

internal sealed class GetPromotionUsageEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/promotions/{id:guid}/usage", static async (Guid id, ISender sender, CancellationToken cancellationToken) =>
            Results.Ok(await sender.Send(new GetPromotionUsage(id), cancellationToken)))
        .RequirePermission("pricing:read")
        .WithName("GetPromotionUsage")
        .WithSummary("How often a promotion was used, what it has given, and what is left of its budget.")
        .Produces<PromotionUsage>()
        .ProducesProblem(StatusCodes.Status404NotFound);
}

internal sealed class GetPromotionUsageHandler(IModuleSession<IPricingStore> session, UsageCache usage) : IRequestHandler<GetPromotionUsage, PromotionUsage>
{
    public async Task<PromotionUsage> Handle(GetPromotionUsage request, CancellationToken cancellationToken)
    {
        var promotion = await session.Documents.LoadAsync<Promotion>(request.PromotionId, cancellationToken) ?? throw ProblemException.NotFound("promotion", request.PromotionId);
        var counted = (await usage.CountAsync(promotion.Id, cancellationToken)).ToDictionary(static pair => pair.Key, static pair => pair.Used, StringComparer.Ordinal);
        var uses = counted.GetValueOrDefault(UsageKeys.Uses(promotion.Id));
        var limits = promotion.Content.Limits;
        var currencies = counted.Keys.Where(static key => key.Contains(UsageKeys.BudgetPart, StringComparison.Ordinal)).Select(static key => key[^3..])
            .Union((limits?.Budget ?? []).Select(static budget => budget.Currency)).Order(StringComparer.Ordinal);
        return new PromotionUsage(
            promotion.Id, uses, limits?.Uses is { } most ? Math.Max(0, most - uses) : null,
            [.. currencies.Select(currency => MoneyIn(currency, counted.GetValueOrDefault(new UsageKeys(currency, null).Given(promotion.Id)), limits?.Budget.In(currency)))]);
    }

    private static PromotionMoney MoneyIn(string currency, long given, long? budget) => new(
        new Money(given, currency),
        budget is { } most ? new Money(most, currency) : null,
        budget is { } limit ? new Money(Math.Max(0, limit - given), currency) : null);
}
