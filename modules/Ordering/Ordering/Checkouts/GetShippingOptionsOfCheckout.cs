using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Security;
using ModularMonolith.Shipping.Contracts;

namespace ModularMonolith.Ordering.Checkouts;

internal sealed record GetShippingOptionsOfCheckout(Guid CheckoutId) : IQuery<CheckoutShippingOptions>;

/// <summary>How a checkout can be delivered to its address.</summary>
/// <param name="Options">Empty when nothing is delivered there.</param>
internal sealed record CheckoutShippingOptions(IReadOnlyList<ShippingOption> Options);

internal sealed class GetShippingOptionsOfCheckoutEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/checkouts/{id:guid}/shipping-options", static async (Guid id, ISender sender, CancellationToken cancellationToken) =>
            Results.Ok(await sender.Send(new GetShippingOptionsOfCheckout(id), cancellationToken)))
        .RequireSubject()
        .WithName("GetShippingOptionsOfCheckout")
        .WithSummary("How a checkout can be delivered to its address, and for how much before discounts.")
        .Produces<CheckoutShippingOptions>()
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict);
}

internal sealed class GetShippingOptionsOfCheckoutHandler(IModuleSession<IOrderingStore> session, Ownership ownership, Quoting quoting)
    : IRequestHandler<GetShippingOptionsOfCheckout, CheckoutShippingOptions>
{
    public async Task<CheckoutShippingOptions> Handle(GetShippingOptionsOfCheckout request, CancellationToken cancellationToken)
    {
        var checkout = ownership.Require(await session.Documents.LoadAsync<Checkout>(request.CheckoutId, cancellationToken), request.CheckoutId);
        return new CheckoutShippingOptions(await quoting.OptionsAsync(checkout, cancellationToken));
    }
}
