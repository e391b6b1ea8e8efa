using ModularMonolith.Ordering.Contracts;
using ModularMonolith.Ordering.Orders;
using ModularMonolith.Ordering.Refunds;
using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Ordering.Tests;

/// <summary>Random orders, packed, refused, cancelled and returned in random parts: no cent is lost or made.</summary>
public sealed class ShareTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public static TheoryData<int> Seeds() => [.. Enumerable.Range(1, 200)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Parcels_and_cancellations_come_to_the_total_and_returns_to_what_was_paid(int seed)
    {
        var random = new Random(seed);
        var order = Placed(random);
        while (order.HasOpenLines())
        {
            order = Step(order, random);
        }

        var wanted = order.Parcels.Where(static parcel => parcel.IsWanted).ToList();
        Assert.Equal(order.Total, order.Invoiced().Total + order.CancelledAmount() + (wanted.Count == 0 ? order.Delivery!.Total : Zero));
        Assert.All(order.Parcels.SelectMany(static parcel => parcel.Lines).Concat(order.CancelledLines), static line => Assert.InRange(line.Tax.Amount, 0, line.Total.Amount));
        var (refunded, tax, hasShipping) = (0L, 0L, false);
        foreach (var line in order.Lines)
        {
            for (var left = order.ShippedOf(line.VariantId); left > 0;)
            {
                var quantity = random.Next(1, left + 1);
                var (items, shipping) = OrderReturns.PaidFor(order, new GoodsReturned(Guid.NewGuid(), Guid.NewGuid(), [new ReturnedLine(line.VariantId, quantity, true)], null, !hasShipping));
                (refunded, tax, hasShipping) = (refunded + items.Total.Amount + shipping.Total.Amount, tax + items.Tax.Amount + shipping.Tax.Amount, hasShipping || shipping.Total.Amount > 0);
                order = order.Apply(new GoodsBack(Guid.NewGuid(), [new BackLine(line.VariantId, quantity)], Now))
                    .Apply(new RefundBegun(Guid.NewGuid(), items.Net, shipping.Net, items.Tax + shipping.Tax, items.Total + shipping.Total, "Back", true, Now));
                left -= quantity;
            }
        }

        Assert.Equal(order.Invoiced(), new Share(new Money(refunded, "EUR"), new Money(tax, "EUR")));
        Assert.Equal(0, Refundable.Of(order).Total.Amount);
    }

    private static Money Zero => Money.Zero("EUR");

    private static Order Step(Order order, Random random)
    {
        var open = order.Lines.Where(line => order.OpenOf(line.VariantId) > 0).OrderBy(_ => random.Next()).Take(random.Next(1, 4)).ToList();
        var lines = open.Select(line => order.ShareOf(line.VariantId, random.Next(1, order.OpenOf(line.VariantId) + 1))).ToList();
        if (random.Next(4) == 0)
        {
            return order.Apply(new LinesCancelled(Guid.NewGuid(), lines, "Too many", Now));
        }

        var (shipment, shipping) = (Guid.NewGuid(), order.ShippingLeft());
        var packed = order.Apply(new Packed(shipment, lines, shipping.Total, shipping.Tax, false, false, Now));
        return random.Next(4) == 0
            ? packed.Apply(new Refused(shipment, "Not paid", Now))
            : packed.Apply(new Captured(shipment, Zero, Now)).Apply(new Released(shipment, Now)).Apply(new Dispatched(shipment, null, null, Now));
    }

    private static Order Placed(Random random)
    {
        var lines = Enumerable.Range(0, random.Next(1, 6)).Select(_ =>
        {
            var total = random.Next(0, 5_000);
            return new PricedLine(
                Guid.NewGuid(), "SKU", "Title", random.Next(1, 12), new Money(500, "EUR"), true, 0, Zero, new Money(random.Next(0, total + 1), "EUR"), new Money(total, "EUR"));
        }).ToList();
        var delivery = new Delivery("standard", "Standard", "delivery", new Money(490, "EUR"), new Money(78, "EUR"));
        return Order.Create(new Placed(Guid.NewGuid(), "basket", lines, lines.Total() + delivery.Total, null, Now, Delivery: delivery))
            .Apply(new Confirmed(Now));
    }
}
