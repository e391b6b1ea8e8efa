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

[RetryOnConflict(Attempts = 20)]
internal sealed record AddLine(string BasketId, NewLine Line) : ICommand<BasketView>;

internal sealed class AddLineValidator : AbstractValidator<AddLine>
{
    public AddLineValidator() => RuleFor(command => command.Line).SetValidator(new NewLineValidator()).OverridePropertyName(string.Empty);
}

internal sealed class AddLineEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app.MapPost("/{basketId}/lines", static async (string basketId, NewLine body, ISender sender, CancellationToken cancellationToken) =>
            Results.Ok(await sender.Send(new AddLine(basketId, body), cancellationToken)))
        .AllowAnonymous()
        .SupportsDryRun()
        .WithName("AddBasketLine")
        .WithSummary("Adds a variant to a basket, or raises the quantity of the line that it has")
        .Produces<BasketView>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict);
}

internal sealed class AddLineHandler(OpenBaskets baskets, Offers offers) : IRequestHandler<AddLine, BasketView>
{
    public async Task<BasketView> Handle(AddLine request, CancellationToken cancellationToken)
    {
        var basket = await baskets.RequireAsync(request.BasketId, cancellationToken);
        var offer = await offers.OfAsync(basket, [request.Line], cancellationToken);
        offer.AddTo(basket, request.Line);
        baskets.Save(basket);
        return await offers.ViewAsync(basket, offer, cancellationToken);
    }
}
