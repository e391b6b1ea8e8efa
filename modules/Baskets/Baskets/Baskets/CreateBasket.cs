using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Http;

namespace ModularMonolith.Baskets.Baskets;

/// <summary>The body, which may be left out.</summary>
/// <param name="Lines">What to put into the basket at once; at most 100 lines.</param>
internal sealed record CreateBasketBody(IReadOnlyList<NewLine>? Lines = null);

internal sealed record CreateBasket(IReadOnlyList<NewLine> Lines) : ICommand<BasketView>;

internal sealed class CreateBasketValidator : AbstractValidator<CreateBasket>
{
    public CreateBasketValidator()
    {
        RuleFor(command => command.Lines.Count).LessThanOrEqualTo(Basket.MaximumLines).OverridePropertyName(nameof(CreateBasket.Lines))
            .WithMessage($"A basket has at most {Basket.MaximumLines} lines.");
        RuleForEach(command => command.Lines).NotNull().SetValidator(new NewLineValidator())
            .When(static command => command.Lines.Count <= Basket.MaximumLines);
    }
}

internal sealed class CreateBasketEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app.MapPost("/", static async (CreateBasketBody? body, ISender sender, CancellationToken cancellationToken) =>
        {
            var basket = await sender.Send(new CreateBasket(body?.Lines ?? []), cancellationToken);
            return Results.Created("/api/baskets/" + basket.Id, basket);
        })
        .AllowAnonymous()
        .SupportsDryRun()
        .WithName("CreateBasket")
        .WithSummary("Creates a basket, empty or with lines")
        .WithDescription("The basket's id is its only key: whoever knows it can change the basket. It cannot be guessed.")
        .Produces<BasketView>(StatusCodes.Status201Created)
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict);
}

internal sealed class CreateBasketHandler(OpenBaskets baskets, Offers offers) : IRequestHandler<CreateBasket, BasketView>
{
    public async Task<BasketView> Handle(CreateBasket request, CancellationToken cancellationToken)
    {
        var basket = baskets.Create();
        var offer = await offers.OfAsync(basket, request.Lines, cancellationToken);
        foreach (var line in request.Lines)
        {
            offer.AddTo(basket, line);
        }

        baskets.Insert(basket);
        return await offers.ViewAsync(basket, offer, cancellationToken);
    }
}
