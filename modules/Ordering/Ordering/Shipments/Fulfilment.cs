using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Ordering.Orders;
using ModularMonolith.Shipping.Contracts;

namespace ModularMonolith.Ordering.Shipments;

/// <summary>An order in Shipping's words.</summary>
internal static class Fulfilment
{
    /// <summary>What is to be delivered of an order.</summary>
    /// <param name="order">The order.</param>
    /// <param name="sources">From where Inventory has taken it.</param>
    public static FulfilmentRequested Request(Order order, IReadOnlyList<SourcedLine> sources)
    {
        var delivery = order.Delivery!;
        var lines = order.Lines.Select(line => line with { Quantity = order.OpenOf(line.VariantId) }).Where(static line => line.Quantity > 0);
        return new FulfilmentRequested(
            order.Id, delivery.Method, order.DeliveredTo(), LinesOf(lines, sources), delivery.PickupPoint);
    }

    /// <summary>Where an order is delivered to; null when the customer fetches it from us. At a pickup point the parcel is found by the customer's name.</summary>
    public static PostalAddress? DeliveredTo(this Order order) => order.Delivery switch
    {
        { PickupPoint: { } point } => point.Address with { Name = order.ShippingAddress!.Name, Company = point.Title, Phone = order.ShippingAddress.Phone },
        { Kind: Delivery.Pickup } => null,
        _ => order.ShippingAddress,
    };

    /// <summary>What is to be packed, and from where its stock was taken.</summary>
    public static IReadOnlyList<FulfilmentLine> LinesOf(IEnumerable<PricedLine> lines, IReadOnlyList<SourcedLine> sources) =>
        [.. lines.Select(line => new FulfilmentLine(line.VariantId, line.Sku, line.Title, line.Quantity, line.WeightGrams, SourcesOf(line, sources)))];

    /// <summary>What has not been released of an order.</summary>
    public static IReadOnlyList<ShipmentLine> Unsent(Order order) =>
    [
        .. order.Lines.Select(line => new ShipmentLine(line.VariantId, line.Sku, line.Quantity - order.CancelledOf(line.VariantId) - order.ReleasedOf(line.VariantId)))
            .Where(static line => line.Quantity > 0),
    ];

    /// <summary>Takes quantities out of a list, wherever they have arrived.</summary>
    public static IReadOnlyList<SourcedLine> Without(IReadOnlyList<SourcedLine> lines, IReadOnlyList<SourcedLine> taken)
    {
        var left = taken.GroupBy(static line => line.Sku, StringComparer.Ordinal).ToDictionary(static group => group.Key, static group => group.Sum(static line => line.Quantity), StringComparer.Ordinal);
        return
        [
            .. lines.Select(line =>
            {
                var quantity = Math.Min(line.Quantity, left.GetValueOrDefault(line.Sku));
                left[line.Sku] = left.GetValueOrDefault(line.Sku) - quantity;
                return line with { Quantity = line.Quantity - quantity };
            }).Where(static line => line.Quantity > 0),
        ];
    }

    private static List<FulfilmentSource> SourcesOf(PricedLine line, IReadOnlyList<SourcedLine> sources)
    {
        var needed = line.Quantity;
        var found = new List<FulfilmentSource>();
        foreach (var source in sources.Where(source => source.Sku == line.Sku))
        {
            var quantity = Math.Min(needed, source.Quantity);
            needed -= quantity;
            if (quantity > 0)
            {
                found.Add(new FulfilmentSource(source.Location, quantity));
            }
        }

        return found;
    }
}
