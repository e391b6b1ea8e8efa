using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
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
        var now = time.GetUtcNow();
        return new Versioned<CheckoutView>(checkout.ToView(now, ownership.SeesAll), checkout.TagAt(now));
    }
}
