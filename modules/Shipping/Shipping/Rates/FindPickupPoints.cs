using FluentValidation;
using MediatR;
using ModularMonolith.Shipping.Contracts;

namespace ModularMonolith.Shipping.Rates;

internal sealed class FindPickupPointsValidator : AbstractValidator<FindPickupPoints>
{
    private const int MostPoints = 100;

    public FindPickupPointsValidator() => RuleFor(query => query.Limit).InclusiveBetween(1, MostPoints);
}

/// <summary>Asked by checkouts; answered from memory.</summary>
internal sealed class FindPickupPointsHandler(ShippingTable table) : IRequestHandler<FindPickupPoints, IReadOnlyList<PickupPointOption>>
{
    public async Task<IReadOnlyList<PickupPointOption>> Handle(FindPickupPoints request, CancellationToken cancellationToken) =>
        (await table.CurrentAsync(cancellationToken)).PointsFor(request);
}
