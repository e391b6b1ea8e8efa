using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Pricing.Promotions;

/// <summary>Has a promotion applied.</summary>
[RetryOnConflict]
internal sealed record ActivatePromotion(Guid PromotionId, long? ExpectedVersion) : ICommand<PromotionView>;

internal sealed class ActivatePromotionEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/promotions/{id:guid}/activate", static async (Guid id, HttpContext http, ISender sender, PromotionCache promotions, CancellationToken cancellationToken) =>
        {
            var promotion = await sender.Send(new ActivatePromotion(id, PromotionChange.ExpectedVersion(http)), cancellationToken);
            promotions.Forget();
            EntityTags.Write(http, promotion.Version);
            return Results.Ok(promotion);
        })
        .RequirePermission("pricing:manage")
        .SupportsDryRun()
        .WithName("ActivatePromotion")
        .WithSummary("Has a promotion applied.")
        .WithDescription("A draft or a paused promotion becomes active; within a second all quotes know.")
        .Produces<PromotionView>()
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status412PreconditionFailed);
}

internal sealed class ActivatePromotionHandler(IModuleSession<IPricingStore> session, TimeProvider time) : IRequestHandler<ActivatePromotion, PromotionView>
{
    public Task<PromotionView> Handle(ActivatePromotion request, CancellationToken cancellationToken) =>
        PromotionChange.StepAsync(session, request.PromotionId, request.ExpectedVersion, PromotionStep.Activate, time.GetUtcNow(), cancellationToken);
}
