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

internal sealed record GetPromotion(Guid PromotionId) : IQuery<PromotionView>;

internal sealed class GetPromotionEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/promotions/{id:guid}", static async (Guid id, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var promotion = await sender.Send(new GetPromotion(id), cancellationToken);
            if (EntityTags.ClientHas(http, promotion.Version))
            {
                return Results.StatusCode(StatusCodes.Status304NotModified);
            }

            EntityTags.Write(http, promotion.Version);
            return Results.Ok(promotion);
        })
        .RequirePermission("pricing:read")
        .WithName("GetPromotion")
        .WithSummary("A promotion with its conditions, actions and limits.")
        .Produces<PromotionView>()
        .Produces(StatusCodes.Status304NotModified)
        .ProducesProblem(StatusCodes.Status404NotFound);
}

internal sealed class GetPromotionHandler(IModuleSession<IPricingStore> session) : IRequestHandler<GetPromotion, PromotionView>
{
    public async Task<PromotionView> Handle(GetPromotion request, CancellationToken cancellationToken) =>
        await session.Documents.LoadAsync<Promotion>(request.PromotionId, cancellationToken) is { } promotion
            ? PromotionView.Of(promotion, promotion.Version)
            : throw ProblemException.NotFound("promotion", request.PromotionId);
}
