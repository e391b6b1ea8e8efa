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

/// <summary>Stops a promotion for a while.</summary>
[RetryOnConflict]
internal sealed record PausePromotion(Guid PromotionId, long? ExpectedVersion) : ICommand<PromotionView>;

internal sealed class PausePromotionEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/promotions/{id:guid}/pause", static async (Guid id, HttpContext http, ISender sender, PromotionCache promotions, CancellationToken cancellationToken) =>
        {
            var promotion = await sender.Send(new PausePromotion(id, PromotionChange.ExpectedVersion(http)), cancellationToken);
            promotions.Forget();
            EntityTags.Write(http, promotion.Version);
            return Results.Ok(promotion);
        })
        .RequirePermission("pricing:manage")
        .SupportsDryRun()
        .WithName("PausePromotion")
        .WithSummary("Stops a promotion for a while.")
        .WithDescription("An active promotion is paused until it is activated again; orders that were placed keep their discounts.")
        .Produces<PromotionView>()
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status412PreconditionFailed);
}

internal sealed class PausePromotionHandler(IModuleSession<IPricingStore> session, TimeProvider time) : IRequestHandler<PausePromotion, PromotionView>
{
    public Task<PromotionView> Handle(PausePromotion request, CancellationToken cancellationToken) =>
        PromotionChange.StepAsync(session, request.PromotionId, request.ExpectedVersion, PromotionStep.Pause, time.GetUtcNow(), cancellationToken);
}
