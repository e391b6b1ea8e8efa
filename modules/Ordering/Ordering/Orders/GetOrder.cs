using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;

namespace ModularMonolith.Ordering.Orders;

internal sealed record GetOrder(Guid OrderId) : IQuery<Versioned<OrderView>>;

internal sealed class GetOrderEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/orders/{id:guid}", static async (Guid id, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
            (await sender.Send(new GetOrder(id), cancellationToken)).Answer(http))
        .AllowAnonymous()
        .WithName("GetOrder")
        .WithSummary("An order as it stands.")
        .Produces<OrderView>()
        .Produces(StatusCodes.Status304NotModified)
        .ProducesProblem(StatusCodes.Status404NotFound);
}

internal sealed class GetOrderHandler(IModuleSession<IOrderingStore> session) : IRequestHandler<GetOrder, Versioned<OrderView>>
{
    public async Task<Versioned<OrderView>> Handle(GetOrder request, CancellationToken cancellationToken)
    {
        var order = await session.Documents.LoadAsync<Order>(request.OrderId, cancellationToken)
            ?? throw ProblemException.NotFound("order", request.OrderId);
        return new Versioned<OrderView>(order.ToView(), order.Version);
    }
}
