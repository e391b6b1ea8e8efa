using MediatR;
using ModularMonolith.Shipping.Contracts;

namespace ModularMonolith.Shipping.Rates;

/// <summary>Asked by checkouts; answered from memory.</summary>
internal sealed class ChoosePickupPointHandler(ShippingTable table) : IRequestHandler<ChoosePickupPoint, PickupPointChoice>
{
    public async Task<PickupPointChoice> Handle(ChoosePickupPoint request, CancellationToken cancellationToken) =>
        (await table.CurrentAsync(cancellationToken)).Choose(request);
}
