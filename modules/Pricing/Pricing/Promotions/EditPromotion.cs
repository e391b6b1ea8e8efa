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

/// <summary>Replaces what a promotion says. Quotes that were made keep what they were made with.</summary>
internal sealed record EditPromotion(Guid PromotionId, long? ExpectedVersion, PromotionContent Content) : ICommand<PromotionView>;

internal sealed class EditPromotionValidator : AbstractValidator<EditPromotion>
{
    public EditPromotionValidator() => RuleFor(command => command.Content).SetValidator(new PromotionContentValidator()).OverridePropertyName(string.Empty);
}

internal sealed class EditPromotionEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPut("/promotions/{id:guid}", static async (Guid id, PromotionContent body, HttpContext http, ISender sender, PromotionCache promotions, CancellationToken cancellationToken) =>
        {
            var promotion = await sender.Send(new EditPromotion(id, EntityTags.RequireIfMatch(http), body), cancellationToken);
            promotions.Forget();
            EntityTags.Write(http, promotion.Version);
            return Results.Ok(promotion);
        })
        .RequirePermission("pricing:manage")
        .SupportsDryRun()
        .WithName("EditPromotion")
        .WithSummary("Replaces a promotion's content.")
        .WithDescription("Needs the promotion's ETag in If-Match. byCoupon stays as it was created, and a promotion that has ended stays as it is. What was used counts against new limits, too.")
        .Produces<PromotionView>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status412PreconditionFailed)
        .ProducesProblem(StatusCodes.Status428PreconditionRequired);
}

internal sealed class EditPromotionHandler(IModuleSession<IPricingStore> session, TimeProvider time) : IRequestHandler<EditPromotion, PromotionView>
{
    public async Task<PromotionView> Handle(EditPromotion request, CancellationToken cancellationToken)
    {
        var promotion = await session.Documents.LoadAsync<Promotion>(request.PromotionId, cancellationToken) ?? throw ProblemException.NotFound("promotion", request.PromotionId);
        EntityTags.Check(request.ExpectedVersion, promotion.Version);
        promotion.Status = promotion.After(PromotionStep.Edit);
        if (promotion.Content.ByCoupon != request.Content.ByCoupon)
        {
            throw new ProblemException(ProblemTypes.IllegalState, "Whether a promotion needs a coupon stays as it was created. Create another promotion.")
                .With("state", PromotionNames.Of(promotion.Status));
        }

        promotion.Content = request.Content;
        return PromotionChange.Store(session, promotion, time.GetUtcNow());
    }
}
