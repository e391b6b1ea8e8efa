using System.Diagnostics.CodeAnalysis;
using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Http;

namespace ModularMonolith.Baskets.Baskets;

[RetryOnConflict(Attempts = 20)]
[SuppressMessage("Boundaries", "MM0032", Justification = "The basket's id is its only value; OpenBaskets checks its shape, and a malformed one is not found like an unknown one.")]
internal sealed record DeleteBasket(string BasketId) : ICommand;

internal sealed class DeleteBasketEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app.MapDelete("/{basketId}", static async (string basketId, ISender sender, CancellationToken cancellationToken) =>
        {
            await sender.Send(new DeleteBasket(basketId), cancellationToken);
            return Results.NoContent();
        })
        .AllowAnonymous()
        .SupportsDryRun()
        .WithName("DeleteBasket")
        .WithSummary("Deletes a basket with all its lines")
        .Produces(StatusCodes.Status204NoContent)
        .ProducesProblem(StatusCodes.Status404NotFound);
}

internal sealed class DeleteBasketHandler(OpenBaskets baskets) : IRequestHandler<DeleteBasket, Unit>
{
    public async Task<Unit> Handle(DeleteBasket request, CancellationToken cancellationToken)
    {
        baskets.End(await baskets.RequireAsync(request.BasketId, cancellationToken));
        return Unit.Value;
    }
}
