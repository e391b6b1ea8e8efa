using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Shipping.Fulfilments;

internal sealed record GetFulfilment(Guid OrderId) : IQuery<Versioned<FulfilmentView>>;

internal sealed class GetFulfilmentEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/fulfilments/{orderId:guid}", static async (Guid orderId, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
            (await sender.Send(new GetFulfilment(orderId), cancellationToken)).Answer(http))
        .RequirePermission("shipping:read")
        .WithName("GetFulfilment")
        .WithSummary("What is to be delivered of an order, and what was packed.")
        .Produces<FulfilmentView>()
        .Produces(StatusCodes.Status304NotModified)
        .ProducesProblem(StatusCodes.Status404NotFound);
}

internal sealed class GetFulfilmentHandler(IModuleSession<IShippingStore> session) : IRequestHandler<GetFulfilment, Versioned<FulfilmentView>>
{
    public async Task<Versioned<FulfilmentView>> Handle(GetFulfilment request, CancellationToken cancellationToken) =>
        await session.Documents.LoadAsync<Fulfilment>(request.OrderId, cancellationToken) is { } fulfilment
            ? new Versioned<FulfilmentView>(FulfilmentView.Of(fulfilment), fulfilment.Version)
            : throw ProblemException.NotFound("fulfilment of the order", request.OrderId);
}
