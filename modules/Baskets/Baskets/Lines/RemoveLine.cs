using System.Diagnostics.CodeAnalysis;
using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Baskets.Baskets;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Http;

namespace ModularMonolith.Baskets.Lines;

[RetryOnConflict(Attempts = 20)]
[SuppressMessage("Boundaries", "MM0032", Justification = "Besides the basket's id, which OpenBaskets checks, its values are typed; a line that is not there is not found.")]
internal sealed record RemoveLine(string BasketId, Guid VariantId) : ICommand<BasketView>;

internal sealed class RemoveLineEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app.MapDelete("/{basketId}/lines/{variantId:guid}", static async (
            string basketId, Guid variantId, ISender sender, CancellationToken cancellationToken) =>
            Results.Ok(await sender.Send(new RemoveLine(basketId, variantId), cancellationToken)))
        .AllowAnonymous()
        .SupportsDryRun()
        .WithName("RemoveBasketLine")
        .WithSummary("Takes a line out of a basket and answers what is left")
        .Produces<BasketView>()
        .ProducesProblem(StatusCodes.Status404NotFound);
}

internal sealed class RemoveLineHandler(OpenBaskets baskets, Offers offers) : IRequestHandler<RemoveLine, BasketView>
{
    public async Task<BasketView> Handle(RemoveLine request, CancellationToken cancellationToken)
    {
        var basket = await baskets.RequireAsync(request.BasketId, cancellationToken);
        basket.Lines.Remove(basket.RequireLine(request.VariantId));
        baskets.Save(basket);
        return await offers.ViewAsync(basket, await offers.OfAsync(basket, cancellationToken), cancellationToken);
    }
}
