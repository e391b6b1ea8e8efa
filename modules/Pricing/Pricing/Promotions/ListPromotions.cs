using Carter;
using Marten;
using Marten.Linq.MatchesSql;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Pricing.Promotions;

internal sealed record ListPromotions(PromotionStatus? Status, Guid? After, int Limit) : IQuery<Page<PromotionSummary>>;

/// <summary>A promotion in a list.</summary>
/// <param name="Id">The promotion.</param>
/// <param name="Title">Its name.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="ByCoupon">Whether a coupon is needed.</param>
/// <param name="StartsAt">From when on it applies.</param>
/// <param name="EndsAt">From when on it applies no more.</param>
/// <param name="Priority">Those with smaller numbers take their share first.</param>
/// <param name="Stacking">Whether it applies together with others.</param>
internal sealed record PromotionSummary(
    Guid Id, string Title, PromotionStatus Status, bool ByCoupon, DateTimeOffset? StartsAt, DateTimeOffset? EndsAt, int Priority, PromotionStacking Stacking)
{
    public static PromotionSummary Of(Promotion promotion) => new(
        promotion.Id, promotion.Content.Title, promotion.Status, promotion.Content.ByCoupon, promotion.Content.StartsAt, promotion.Content.EndsAt, promotion.Content.Priority,
        promotion.Content.Stacking);
}

internal sealed class ListPromotionsEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/promotions", static async (string? status, string? cursor, int? limit, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var query = new ListPromotions(PromotionNames.Read(status), PageCursor.Decode<IdCursor>(http, cursor)?.Id, PageCursor.Size(limit));
            return Results.Ok(PageCursor.Linked(http, await sender.Send(query, cancellationToken)));
        })
        .RequirePermission("pricing:read")
        .WithName("ListPromotions")
        .WithSummary("Lists promotions, newest first, all of them or those of one status.")
        .Produces<Page<PromotionSummary>>()
        .ProducesProblem(StatusCodes.Status400BadRequest);
}

internal sealed class ListPromotionsHandler(IModuleSession<IPricingStore> session) : IRequestHandler<ListPromotions, Page<PromotionSummary>>
{
    public async Task<Page<PromotionSummary>> Handle(ListPromotions request, CancellationToken cancellationToken)
    {
        IQueryable<Promotion> promotions = session.Documents.Query<Promotion>();
        if (request.Status is { } status)
        {
            promotions = promotions.Where(promotion => promotion.Status == status);
        }

        if (request.After is { } after)
        {
            promotions = promotions.Where(promotion => promotion.MatchesSql("d.id < ?", after));
        }

        // The ids are UUIDv7, whose order is that of their making; so the primary key is the order of the list.
        var found = await promotions.OrderByDescending(static promotion => promotion.Id).Take(request.Limit + 1).ToListAsync(cancellationToken);
        return Page.Of(found, request.Limit, PromotionSummary.Of, static item => new IdCursor(item.Id));
    }
}
