using Carter;
using Marten;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Ordering.Orders;

internal sealed record GetOrder(Guid OrderId) : IQuery<Versioned<OrderView>>;

internal sealed class GetOrderEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/orders/{id:guid}", static async (Guid id, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
            (await sender.Send(new GetOrder(id), cancellationToken)).Answer(http))
        .RequireSubject()
        .WithName("GetOrder")
        .WithSummary("An order as it stands.")
        .Produces<OrderView>()
        .Produces(StatusCodes.Status304NotModified)
        .ProducesProblem(StatusCodes.Status404NotFound);
}

internal sealed class GetOrderHandler(IModuleSession<IOrderingStore> session, Ownership ownership) : IRequestHandler<GetOrder, Versioned<OrderView>>
{
    public async Task<Versioned<OrderView>> Handle(GetOrder request, CancellationToken cancellationToken)
    {
        var order = ownership.OnlyOf(Ownership.ReadAll) is { } owner
            ? await session.Documents.Query<Order>().FirstOrDefaultAsync(order => order.Id == request.OrderId && order.Owner == owner, cancellationToken)
            : await session.Documents.LoadAsync<Order>(request.OrderId, cancellationToken);
        return order is null ? throw ProblemException.NotFound("order", request.OrderId) : new Versioned<OrderView>(order.ToView(), order.Version);
    }
}
