using MediatR;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;

namespace ModularMonolith.Ordering.Orders;

/// <summary>For those who have made the order a moment ago.</summary>
internal sealed record FindOrder(Guid OrderId) : IQuery<Versioned<OrderView>?>;

internal sealed class FindOrderHandler(IModuleSession<IOrderingStore> session) : IRequestHandler<FindOrder, Versioned<OrderView>?>
{
    public async Task<Versioned<OrderView>?> Handle(FindOrder request, CancellationToken cancellationToken) =>
        await session.Documents.LoadAsync<Order>(request.OrderId, cancellationToken) is { } order ? new Versioned<OrderView>(OrderView.Of(order), order.Version) : null;
}
