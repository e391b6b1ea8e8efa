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

/// <summary>Makes many coupons with unguessable codes, one for each recipient.</summary>
[RetryOnConflict]
internal sealed record GenerateCoupons(Guid PromotionId, CouponBatch Batch) : ICommand<CouponBatchView>;

/// <summary>What the coupons of a batch are like.</summary>
/// <param name="Count">How many; 1 to 10,000.</param>
/// <param name="Prefix">What all codes begin with.</param>
/// <param name="MaximumUses">How often each can be used in total; null is without limit.</param>
/// <param name="MaximumUsesByCustomer">How often each can be used by one customer; null is without limit.</param>
internal sealed record CouponBatch(int Count, string Prefix = "", int? MaximumUses = 1, int? MaximumUsesByCustomer = null);

/// <summary>Coupons that were made together.</summary>
/// <param name="BatchId">By this id their codes are listed.</param>
/// <param name="PromotionId">What they lead to.</param>
/// <param name="Count">How many there are.</param>
internal sealed record CouponBatchView(Guid BatchId, Guid PromotionId, int Count);

internal sealed class GenerateCouponsValidator : AbstractValidator<GenerateCoupons>
{
    public GenerateCouponsValidator() => RuleFor(command => command.Batch).SetValidator(new CouponBatchValidator()).OverridePropertyName(string.Empty);
}

internal sealed class CouponBatchValidator : AbstractValidator<CouponBatch>
{
    private const int MostCoupons = 10_000;

    public CouponBatchValidator()
    {
        RuleFor(batch => batch.Count).InclusiveBetween(1, MostCoupons);
        RuleFor(batch => batch.Prefix).Must(static prefix => prefix is { Length: 0 } || (prefix is { Length: <= CouponCode.LongestPrefix } && CouponCode.IsPlain(CouponCode.Generate(prefix))))
            .WithMessage($"A prefix has at most {CouponCode.LongestPrefix} capital letters A to Z, digits, hyphens and underscores.");
        RuleFor(batch => batch.MaximumUses).InclusiveBetween(1, PromotionLimitations.Uses);
        RuleFor(batch => batch.MaximumUsesByCustomer).InclusiveBetween(1, PromotionLimitations.Uses);
    }
}

internal sealed class GenerateCouponsEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/promotions/{id:guid}/coupons", static async (Guid id, CouponBatch body, ISender sender, CancellationToken cancellationToken) =>
        {
            var batch = await sender.Send(new GenerateCoupons(id, body), cancellationToken);
            return Results.Created($"/api/pricing/promotions/{id}/coupons?batch={batch.BatchId}", batch);
        })
        .RequireIdempotencyKey()
        .RequirePermission("pricing:manage")
        .SupportsDryRun()
        .WithName("GenerateCoupons")
        .WithSummary("Generates up to 10,000 unguessable coupons of a promotion.")
        .WithDescription("Location leads to the list of their codes. Each can be used once unless maximumUses says otherwise.")
        .Produces<CouponBatchView>(StatusCodes.Status201Created)
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
}

internal sealed class GenerateCouponsHandler(IModuleSession<IPricingStore> session, TimeProvider time) : IRequestHandler<GenerateCoupons, CouponBatchView>
{
    public async Task<CouponBatchView> Handle(GenerateCoupons request, CancellationToken cancellationToken)
    {
        await CouponRows.RequirePromotionAsync(session.Documents, request.PromotionId, cancellationToken);
        var now = time.GetUtcNow();
        var codes = new HashSet<string>(StringComparer.Ordinal);
        while (codes.Count < request.Batch.Count)
        {
            codes.Add(CouponCode.Generate(request.Batch.Prefix));
        }

        var batchId = Guid.CreateVersion7(now);
        CouponRows.Insert(session, new CouponView(string.Empty, request.PromotionId, request.Batch.MaximumUses, request.Batch.MaximumUsesByCustomer, batchId, now), [.. codes]);
        return new CouponBatchView(batchId, request.PromotionId, codes.Count);
    }
}
