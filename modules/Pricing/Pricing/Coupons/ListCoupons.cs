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

namespace ModularMonolith.Pricing.Coupons;

internal sealed record ListCoupons(Guid PromotionId, Guid? BatchId, string After, int Limit) : IQuery<Page<CouponView>>;

internal sealed record CouponCursor(string Code);

internal sealed class ListCouponsEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/promotions/{id:guid}/coupons", static async (Guid id, Guid? batch, string? cursor, int? limit, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var query = new ListCoupons(id, batch, PageCursor.Decode<CouponCursor>(http, cursor)?.Code ?? string.Empty, PageCursor.Size(limit));
            return Results.Ok(PageCursor.Linked(http, await sender.Send(query, cancellationToken)));
        })
        .RequirePermission("pricing:read")
        .WithName("ListCoupons")
        .WithSummary("Lists a promotion's coupons by code, all of them or those of the batch that they were generated in.")
        .Produces<Page<CouponView>>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound);
}

internal sealed class ListCouponsHandler(IModuleSession<IPricingStore> session) : IRequestHandler<ListCoupons, Page<CouponView>>
{
    public async Task<Page<CouponView>> Handle(ListCoupons request, CancellationToken cancellationToken)
    {
        _ = await session.Documents.LoadAsync<Promotion>(request.PromotionId, cancellationToken) ?? throw ProblemException.NotFound("promotion", request.PromotionId);
        var found = await CouponRows.ListAsync(session.Documents, request.PromotionId, request.BatchId, request.After, request.Limit + 1, cancellationToken);
        return Page.Of(found, request.Limit, static item => new CouponCursor(item.Code));
    }
}
