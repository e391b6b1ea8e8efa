using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Baskets.Baskets;

internal sealed record ShowBasket(string BasketId) : IQuery<BasketView>;

internal sealed class ShowBasketEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app.MapGet("/{basketId}", static async (string basketId, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            // Prices and stock move without the basket changing, and its address is a secret.
            http.Response.Headers.CacheControl = "no-store";
            return Results.Ok(await sender.Send(new ShowBasket(basketId), cancellationToken));
        })
        .AllowAnonymous()
        .WithName("GetBasket")
        .WithSummary("Shows a basket with the prices and the stock of this moment")
        .WithDescription("A line that cannot be ordered as it is has a problem, which says why and, where stock is the reason, how many can be ordered.")
        .Produces<BasketView>()
        .ProducesProblem(StatusCodes.Status404NotFound);
}

internal sealed class ShowBasketHandler(OpenBaskets baskets, Offers offers) : IRequestHandler<ShowBasket, BasketView>
{
    public async Task<BasketView> Handle(ShowBasket request, CancellationToken cancellationToken)
    {
        var basket = await baskets.RequireAsync(request.BasketId, cancellationToken);
        return await offers.ViewAsync(basket, await offers.OfAsync(basket, cancellationToken), cancellationToken);
    }
}
