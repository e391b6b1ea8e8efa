using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Ordering.Checkouts;

// No command: the stock goes back after the checkout is closed, never before, or an order that won the race would have none.
internal sealed record CancelCheckout(Guid CheckoutId, string? OnlyOf) : IRequest;

internal sealed class CancelCheckoutEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapDelete("/checkouts/{id:guid}", static async (Guid id, ICaller caller, ISender sender, CancellationToken cancellationToken) =>
        {
            await sender.Send(new CancelCheckout(id, caller.RequireSubject()), cancellationToken);
            return Results.NoContent();
        })
        .RequireSubject()
        .SupportsDryRun()
        .WithName("CancelCheckout")
        .WithSummary("Gives a checkout up and its stock back. Repeating it changes nothing.")
        .Produces(StatusCodes.Status204NoContent)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict);
}

internal sealed class CancelCheckoutHandler(ISender sender) : IRequestHandler<CancelCheckout>
{
    public async Task Handle(CancelCheckout request, CancellationToken cancellationToken)
    {
        if (await sender.Send(new CloseCheckout(request.CheckoutId, request.OnlyOf), cancellationToken))
        {
            await sender.Send(new ReleaseReservation(request.CheckoutId), cancellationToken);
        }
    }
}

/// <summary>Answers whether stock was reserved for the checkout.</summary>
[RetryOnConflict]
internal sealed record CloseCheckout(Guid CheckoutId, string? OnlyOf) : ICommand<bool>;

internal sealed class CloseCheckoutHandler(IModuleSession<IOrderingStore> session) : IRequestHandler<CloseCheckout, bool>
{
    public async Task<bool> Handle(CloseCheckout request, CancellationToken cancellationToken)
    {
        var checkout = await session.Documents.LoadAsync<Checkout>(request.CheckoutId, cancellationToken);
        if (checkout is null || (request.OnlyOf is { } owner && checkout.Owner != owner))
        {
            throw ProblemException.NotFound("checkout", request.CheckoutId);
        }

        switch (checkout.Status)
        {
            case CheckoutStatus.Ordered:
                throw new ProblemException(ProblemTypes.IllegalState, $"The checkout was ordered. Cancel order {checkout.OrderId} instead.").With("orderId", checkout.OrderId);
            case CheckoutStatus.Open:
                checkout.Status = CheckoutStatus.Cancelled;
                session.Documents.UpdateRevision(checkout, checkout.Version + 1);
                break;
            default:
                break;
        }

        return checkout.Lines.Reserved().Count > 0;
    }
}
