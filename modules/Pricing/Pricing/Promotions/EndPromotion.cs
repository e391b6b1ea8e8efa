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

/// <summary>Ends a promotion for good.</summary>
[RetryOnConflict]
internal sealed record EndPromotion(Guid PromotionId, long? ExpectedVersion) : ICommand<PromotionView>;

internal sealed class EndPromotionEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/promotions/{id:guid}/end", static async (Guid id, HttpContext http, ISender sender, PromotionCache promotions, CancellationToken cancellationToken) =>
        {
            var promotion = await sender.Send(new EndPromotion(id, PromotionChange.ExpectedVersion(http)), cancellationToken);
            promotions.Forget();
            EntityTags.Write(http, promotion.Version);
            return Results.Ok(promotion);
        })
        .RequirePermission("pricing:manage")
        .SupportsDryRun()
        .WithName("EndPromotion")
        .WithSummary("Ends a promotion for good.")
        .WithDescription("Orders that were placed keep their discounts. A promotion that has ended cannot be changed any more.")
        .Produces<PromotionView>()
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status412PreconditionFailed);
}

internal sealed class EndPromotionHandler(IModuleSession<IPricingStore> session, TimeProvider time) : IRequestHandler<EndPromotion, PromotionView>
{
    public Task<PromotionView> Handle(EndPromotion request, CancellationToken cancellationToken) =>
        PromotionChange.StepAsync(session, request.PromotionId, request.ExpectedVersion, PromotionStep.End, time.GetUtcNow(), cancellationToken);
}
