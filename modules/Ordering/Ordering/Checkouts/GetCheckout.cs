using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Ordering.Checkouts;

internal sealed record GetCheckout(Guid CheckoutId) : IQuery<Versioned<CheckoutView>>;

internal sealed class GetCheckoutEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/checkouts/{id:guid}", static async (Guid id, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
            (await sender.Send(new GetCheckout(id), cancellationToken)).Answer(http))
        .RequireSubject()
        .WithName("GetCheckout")
        .WithSummary("A checkout: its lines, its total, and until when its stock is kept.")
        .Produces<CheckoutView>()
        .Produces(StatusCodes.Status304NotModified)
        .ProducesProblem(StatusCodes.Status404NotFound);
}

internal sealed class GetCheckoutHandler(IModuleSession<IOrderingStore> session, Ownership ownership, TimeProvider time) : IRequestHandler<GetCheckout, Versioned<CheckoutView>>
{
    public async Task<Versioned<CheckoutView>> Handle(GetCheckout request, CancellationToken cancellationToken)
    {
        var checkout = ownership.Require(await session.Documents.LoadAsync<Checkout>(request.CheckoutId, cancellationToken), request.CheckoutId);
        var view = checkout.ToView(time.GetUtcNow());

        // Expiry changes what clients see without a write, so it has to change the entity tag too.
        return new Versioned<CheckoutView>(view, (checkout.Version * 2L) + (view.Status == CheckoutStatus.Expired ? 1 : 0));
    }
}
