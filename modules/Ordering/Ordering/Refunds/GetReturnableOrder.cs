using MediatR;
using ModularMonolith.Ordering.Contracts;
using ModularMonolith.Ordering.Orders;
using ModularMonolith.Ordering.Replacements;
using ModularMonolith.Platform.Data;

namespace ModularMonolith.Ordering.Refunds;

internal sealed class GetReturnableOrderHandler(IModuleSession<IOrderingStore> session) : IRequestHandler<GetReturnableOrder, ReturnableOrder?>
{
    public async Task<ReturnableOrder?> Handle(GetReturnableOrder request, CancellationToken cancellationToken) =>
        await session.Documents.LoadAsync<Order>(request.OrderId, cancellationToken) is { } order
            ? new ReturnableOrder(order.Id, order.Owner, [.. order.AllGoods().Select(goods => LineOf(order, goods)).Where(static line => line.Shipped > 0)])
            : null;

    private static ReturnableLine LineOf(Order order, OrderGoods goods)
    {
        var shipped = order.ShippedOf(goods.VariantId);
        return new ReturnableLine(
            goods.VariantId, goods.Sku, goods.Title, shipped, order.ReturnedOf(goods.VariantId), order.PaidForFirst(goods.VariantId, shipped).Total, DeliveredAt(order, goods.VariantId));
    }

    // Nobody tells when what the staff has shipped by hand arrives, so it counts from then on.
    private static DateTimeOffset? DeliveredAt(Order order, Guid variantId)
    {
        var parcels = order.Parcels.Where(parcel => parcel.IsTheCustomers && parcel.Lines.Any(line => line.VariantId == variantId)).ToList();
        return parcels.All(static parcel => parcel.IsManual || parcel.DeliveredAt is not null) ? parcels.Max(static parcel => parcel.DeliveredAt ?? parcel.DispatchedAt) : null;
    }
}
