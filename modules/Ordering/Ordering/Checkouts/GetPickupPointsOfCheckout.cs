using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Security;
using ModularMonolith.Shipping.Contracts;

namespace ModularMonolith.Ordering.Checkouts;

internal sealed record GetPickupPointsOfCheckout(Guid CheckoutId, int Limit) : IQuery<CheckoutPickupPoints>;

/// <summary>Where a checkout can be brought for the customer to fetch it.</summary>
/// <param name="PickupPoints">The nearest first; empty when there is none.</param>
internal sealed record CheckoutPickupPoints(IReadOnlyList<PickupPointOption> PickupPoints);

internal sealed class GetPickupPointsOfCheckoutValidator : AbstractValidator<GetPickupPointsOfCheckout>
{
    public const int MostPoints = 100;

    public GetPickupPointsOfCheckoutValidator() => RuleFor(query => query.Limit).InclusiveBetween(1, MostPoints);
}

internal sealed class GetPickupPointsOfCheckoutEndpoint : ICarterModule
{
    private const int Usual = 20;

    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/checkouts/{id:guid}/pickup-points", static async (Guid id, int? limit, ISender sender, CancellationToken cancellationToken) =>
            Results.Ok(await sender.Send(new GetPickupPointsOfCheckout(id, limit ?? Usual), cancellationToken)))
        .RequireSubject()
        .WithName("GetPickupPointsOfCheckout")
        .WithSummary("Where a checkout can be brought for the customer to fetch it, the nearest to its address first.")
        .WithDescription("Those of the checkout's shipping method, or of all that are offered while none is chosen. limit is 1 to 100, 20 unless given.")
        .Produces<CheckoutPickupPoints>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict);
}

internal sealed class GetPickupPointsOfCheckoutHandler(IModuleSession<IOrderingStore> session, Ownership ownership, Quoting quoting)
    : IRequestHandler<GetPickupPointsOfCheckout, CheckoutPickupPoints>
{
    public async Task<CheckoutPickupPoints> Handle(GetPickupPointsOfCheckout request, CancellationToken cancellationToken)
    {
        var checkout = ownership.Require(await session.Documents.LoadAsync<Checkout>(request.CheckoutId, cancellationToken), request.CheckoutId);
        return new CheckoutPickupPoints(await quoting.PointsAsync(checkout, request.Limit, cancellationToken));
    }
}
