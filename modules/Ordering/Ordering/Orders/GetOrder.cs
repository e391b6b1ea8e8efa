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

internal sealed record GetOrder(Guid OrderId, DateTimeOffset? AsOf = null) : IQuery<Versioned<OrderView>>;

internal sealed class GetOrderEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/orders/{id:guid}", static async (Guid id, DateTimeOffset? asOf, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
            (await sender.Send(new GetOrder(id, asOf), cancellationToken)).Answer(http))
        .RequireSubject()
        .WithName("GetOrder")
        .WithSummary("An order as it stands, or as it stood at a time.")
        .WithDescription("asOf is a time as in RFC 3339, for example 2026-01-02T03:04:05Z. Before the order was placed there is none.")
        .Produces<OrderView>()
        .Produces(StatusCodes.Status304NotModified)
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound);
}

internal sealed class GetOrderHandler(IModuleSession<IOrderingStore> session, Ownership ownership) : IRequestHandler<GetOrder, Versioned<OrderView>>
{
    public async Task<Versioned<OrderView>> Handle(GetOrder request, CancellationToken cancellationToken)
    {
        var order = request.AsOf is { } moment ? await AsOfAsync(request.OrderId, moment, cancellationToken) : await NowAsync(request.OrderId, cancellationToken);
        return order is null ? throw ProblemException.NotFound("order", request.OrderId) : new Versioned<OrderView>(OrderView.Of(order), order.Version);
    }

    private async Task<Order?> NowAsync(Guid orderId, CancellationToken cancellationToken) => ownership.OnlyOf(Ownership.ReadAll) is { } owner
        ? await session.Documents.Query<Order>().FirstOrDefaultAsync(order => order.Id == orderId && order.Owner == owner, cancellationToken)
        : await session.Documents.LoadAsync<Order>(orderId, cancellationToken);

    private async Task<Order?> AsOfAsync(Guid orderId, DateTimeOffset moment, CancellationToken cancellationToken)
    {
        var order = OrderFold.Of(orderId, (await session.Events.FetchStreamAsync(orderId, token: cancellationToken)).TakeWhile(item => item.Timestamp <= moment));
        return order is null ? null : ownership.Require(order, orderId, Ownership.ReadAll);
    }
}
