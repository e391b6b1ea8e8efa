using MediatR;
using ModularMonolith.Shipping.Contracts;

namespace ModularMonolith.Shipping.Rates;

/// <summary>Asked by checkouts; answered from memory.</summary>
internal sealed class GetShippingOptionsHandler(ShippingTable table) : IRequestHandler<GetShippingOptions, IReadOnlyList<ShippingOption>>
{
    public async Task<IReadOnlyList<ShippingOption>> Handle(GetShippingOptions request, CancellationToken cancellationToken) =>
        (await table.CurrentAsync(cancellationToken)).OptionsFor(request);
}
