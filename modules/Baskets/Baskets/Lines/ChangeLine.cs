using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Baskets.Baskets;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Http;

namespace ModularMonolith.Baskets.Lines;

/// <summary>The body.</summary>
/// <param name="Quantity">1 to 999.</param>
internal sealed record ChangeLineBody(int Quantity);

[RetryOnConflict(Attempts = 20)]
internal sealed record ChangeLine(string BasketId, Guid VariantId, int Quantity) : ICommand<BasketView>;

internal sealed class ChangeLineValidator : AbstractValidator<ChangeLine>
{
    public ChangeLineValidator() => RuleFor(command => command.Quantity).InclusiveBetween(1, Basket.MaximumQuantity)
        .WithMessage($"The quantity is 1 to {Basket.MaximumQuantity}. To take the line out of the basket, delete it.");
}

internal sealed class ChangeLineEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app.MapPut("/{basketId}/lines/{variantId:guid}", static async (
            string basketId, Guid variantId, ChangeLineBody body, ISender sender, CancellationToken cancellationToken) =>
            Results.Ok(await sender.Send(new ChangeLine(basketId, variantId, body.Quantity), cancellationToken)))
        .AllowAnonymous()
        .SupportsDryRun()
        .WithName("ChangeBasketLine")
        .WithSummary("Sets the quantity of a line")
        .WithDescription("Fewer pieces are always possible; more only while the variant is sold and in stock.")
        .Produces<BasketView>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict);
}

internal sealed class ChangeLineHandler(OpenBaskets baskets, Offers offers) : IRequestHandler<ChangeLine, BasketView>
{
    public async Task<BasketView> Handle(ChangeLine request, CancellationToken cancellationToken)
    {
        var basket = await baskets.RequireAsync(request.BasketId, cancellationToken);
        var line = basket.RequireLine(request.VariantId);
        var offer = await offers.OfAsync(basket, cancellationToken);
        var isMore = request.Quantity > line.Quantity;
        line.Quantity = request.Quantity;
        if (isMore)
        {
            offer.RequireSellable(line);
        }

        baskets.Save(basket);
        return await offers.ViewAsync(basket, offer, cancellationToken);
    }
}
