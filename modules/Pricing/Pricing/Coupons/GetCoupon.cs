using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;
using ModularMonolith.Pricing.Redemptions;

namespace ModularMonolith.Pricing.Coupons;

internal sealed record GetCoupon(string Code) : IQuery<CouponDetails>;

/// <summary>A coupon with its use.</summary>
/// <param name="Coupon">The coupon.</param>
/// <param name="Uses">How often it was used or is reserved at the moment.</param>
/// <param name="UsesLeft">How often it can still be used; null is without limit.</param>
internal sealed record CouponDetails(CouponView Coupon, long Uses, long? UsesLeft);

internal sealed class GetCouponEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/coupons/{code}", static async (string code, ISender sender, CancellationToken cancellationToken) =>
            Results.Ok(await sender.Send(new GetCoupon(CouponCode.Plain(code)), cancellationToken)))
        .RequirePermission("pricing:read")
        .WithName("GetCoupon")
        .WithSummary("A coupon and how often it was used.")
        .Produces<CouponDetails>()
        .ProducesProblem(StatusCodes.Status404NotFound);
}

internal sealed class GetCouponHandler(IModuleSession<IPricingStore> session, UsageCache usage) : IRequestHandler<GetCoupon, CouponDetails>
{
    public async Task<CouponDetails> Handle(GetCoupon request, CancellationToken cancellationToken)
    {
        if (!CouponCode.IsPlain(request.Code) || await CouponRows.FindAsync(session.Documents, request.Code, cancellationToken) is not { } coupon)
        {
            throw ProblemException.NotFound("coupon", CouponCode.Shown(request.Code));
        }

        var uses = (await usage.CountAsync([UsageKeys.Uses(request.Code)], cancellationToken)).Sum(static counted => counted.Used);
        return new CouponDetails(coupon, uses, coupon.MaximumUses is { } most ? Math.Max(0, most - uses) : null);
    }
}
