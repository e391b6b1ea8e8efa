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

namespace ModularMonolith.Pricing.Promotions;

/// <summary>Prepares a promotion. Nothing applies before it is activated.</summary>
internal sealed record CreatePromotion(PromotionContent Content) : ICommand<PromotionView>;

internal sealed class CreatePromotionValidator : AbstractValidator<CreatePromotion>
{
    public CreatePromotionValidator() => RuleFor(command => command.Content).SetValidator(new PromotionContentValidator()).OverridePropertyName(string.Empty);
}

internal sealed class CreatePromotionEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/promotions", static async (PromotionContent body, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var promotion = await sender.Send(new CreatePromotion(body), cancellationToken);
            EntityTags.Write(http, promotion.Version);
            return Results.Created("/api/pricing/promotions/" + promotion.Id, promotion);
        })
        .RequireIdempotencyKey()
        .RequirePermission("pricing:manage")
        .SupportsDryRun()
        .WithName("CreatePromotion")
        .WithSummary("Creates a promotion as a draft.")
        .WithDescription("Every condition and every action has exactly one member. Activate the promotion to have it applied; for one with byCoupon create coupons, too.")
        .Produces<PromotionView>(StatusCodes.Status201Created)
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
}

internal sealed class CreatePromotionHandler(IModuleSession<IPricingStore> session, TimeProvider time) : IRequestHandler<CreatePromotion, PromotionView>
{
    public Task<PromotionView> Handle(CreatePromotion request, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var promotion = new Promotion { Id = Guid.CreateVersion7(now), Status = PromotionStatus.Draft, Content = request.Content, CreatedAt = now, UpdatedAt = now };
        session.Documents.Insert(promotion);
        return Task.FromResult(PromotionView.Of(promotion, 1));
    }
}
