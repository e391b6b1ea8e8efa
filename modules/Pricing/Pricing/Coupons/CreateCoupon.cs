using Carter;
using FluentValidation;
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

/// <summary>Makes a coupon with a code of one's own choice, for many customers to share.</summary>
[RetryOnConflict]
internal sealed record CreateCoupon(string Code, Guid PromotionId, int? MaximumUses = null, int? MaximumUsesByCustomer = null) : ICommand<CouponView>;

internal sealed class CreateCouponValidator : AbstractValidator<CreateCoupon>
{
    public CreateCouponValidator()
    {
        RuleFor(command => command.Code).Must(static code => code is not null && CouponCode.IsPlain(CouponCode.Plain(code)))
            .WithMessage($"A code has {CouponCode.ShortestLength} to {CouponCode.LongestLength} letters A to Z, digits, hyphens and underscores. Blanks do not count.");
        RuleFor(command => command.MaximumUses).InclusiveBetween(1, PromotionLimitations.Uses);
        RuleFor(command => command.MaximumUsesByCustomer).InclusiveBetween(1, PromotionLimitations.Uses);
    }
}

internal sealed class CreateCouponEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/coupons", static async (CreateCoupon body, ISender sender, CancellationToken cancellationToken) =>
        {
            var coupon = await sender.Send(body, cancellationToken);
            return Results.Created("/api/pricing/coupons/" + coupon.Code, coupon);
        })
        .RequirePermission("pricing:manage")
        .SupportsDryRun()
        .WithName("CreateCoupon")
        .WithSummary("Creates a coupon of a promotion with a given code.")
        .WithDescription("The promotion has byCoupon. Capital and small letters are the same, and blanks do not count. A coupon never changes: end or pause its promotion to stop it.")
        .Produces<CouponView>(StatusCodes.Status201Created)
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict);
}

internal sealed class CreateCouponHandler(IModuleSession<IPricingStore> session, TimeProvider time) : IRequestHandler<CreateCoupon, CouponView>
{
    public async Task<CouponView> Handle(CreateCoupon request, CancellationToken cancellationToken)
    {
        await CouponRows.RequirePromotionAsync(session.Documents, request.PromotionId, cancellationToken);
        var code = CouponCode.Plain(request.Code);
        if (await CouponRows.FindAsync(session.Documents, code, cancellationToken) is not null)
        {
            throw new ProblemException(ProblemTypes.IllegalState, $"There is a coupon {code} already. Choose another code.");
        }

        var coupon = new CouponView(code, request.PromotionId, request.MaximumUses, request.MaximumUsesByCustomer, null, time.GetUtcNow());
        CouponRows.Insert(session, coupon, [code]);
        return coupon;
    }
}
