using ModularMonolith.Ordering.Shipments;
using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Ordering.Orders;

/// <summary>Quantities and money of an order: pure arithmetic on what its events have told.</summary>
internal static class OrderAmounts
{
    /// <summary>How many of a line are neither in a wanted parcel nor cancelled.</summary>
    public static int OpenOf(this Order order, Guid variantId) =>
        order.Lines.Where(line => line.VariantId == variantId).Sum(static line => line.Quantity)
        - order.InParcels(variantId).Sum(static line => line.Quantity)
        - order.CancelledOf(variantId);

    public static int CancelledOf(this Order order, Guid variantId) => order.CancelledLines.Where(line => line.VariantId == variantId).Sum(static line => line.Quantity);

    public static int ReturnedOf(this Order order, Guid variantId) => order.ReturnedLines.Where(line => line.VariantId == variantId).Sum(static line => line.Quantity);

    /// <summary>How many of a line have left, or may leave, which nobody can take back.</summary>
    public static int ReleasedOf(this Order order, Guid variantId) => order.Parcels.Where(static parcel => parcel.IsWanted && parcel.ReleasedAt is not null)
        .SelectMany(static parcel => parcel.Lines).Where(line => line.VariantId == variantId && line.ReplacementId is null).Sum(static line => line.Quantity);

    public static bool HasOpenLines(this Order order) => order.Lines.Any(line => order.OpenOf(line.VariantId) > 0);

    public static bool HasReleasedParcels(this Order order) => order.Parcels.Any(static parcel => parcel.IsWanted && parcel.ReleasedAt is not null);

    public static bool HasPackedParcels(this Order order) => order.Parcels.Any(static parcel => parcel.IsWanted);

    /// <summary>
    /// What is paid for some of the open units of a line: a part of what parcels and cancellations before have left, so that the last unit gets the rest and the sum is the line's
    /// total to the cent.
    /// </summary>
    public static ParcelLine ShareOf(this Order order, Guid variantId, int quantity)
    {
        var line = order.Lines.First(line => line.VariantId == variantId);
        var taken = order.InParcels(variantId).Concat(order.CancelledLines.Where(cancelled => cancelled.VariantId == variantId)).Select(static part => part.Share).Sum(line.UnitPrice.Currency);
        var share = (new Share(line.Paid, line.PaidTax) - taken).Part(quantity, order.OpenOf(variantId));
        return new ParcelLine(variantId, line.Sku, quantity, share.Total, share.Tax);
    }

    /// <summary>What is paid for delivering, unless a parcel has it already: the first one does.</summary>
    public static Share ShippingLeft(this Order order) =>
        order.Delivery is { } delivery && !order.Parcels.Any(static parcel => parcel.IsWanted) ? delivery.Share : Share.Zero(order.Total.Currency);

    /// <summary>All that is open, as one parcel.</summary>
    public static Parcel WholeParcel(this Order order, DateTimeOffset at)
    {
        var lines = order.Lines.Where(line => order.OpenOf(line.VariantId) > 0).Select(line => order.ShareOf(line.VariantId, order.OpenOf(line.VariantId))).ToList();
        var shipping = order.ShippingLeft();
        return new Parcel(DerivedId.Of(order.CheckoutId, "parcel"), lines, shipping.Total, shipping.Tax, at)
        {
            State = ParcelState.Dispatched,
            IsManual = true,
            IsFinal = true,
            ReleasedAt = at,
            DispatchedAt = at,
        };
    }

    /// <summary>What is owed for what was invoiced.</summary>
    public static Share Invoiced(this Order order) => order.Parcels.Where(static parcel => parcel.IsInvoiced).Select(static parcel => parcel.Whole).Sum(order.Total.Currency);

    /// <summary>What was credited, or is being so.</summary>
    public static Share Credited(this Order order) =>
        order.Refunds.Where(static refund => refund.IsCredit).Select(static refund => new Share(refund.Total, refund.Tax)).Sum(order.Total.Currency);

    /// <summary>What was taken, or was said to have been paid by other ways.</summary>
    public static Money Taken(this Order order) => order.PaidAt is not null
        ? order.PaidAmount ?? order.Total
        : order.Parcels.Where(static parcel => parcel.CapturedAt is not null).Select(static parcel => parcel.Whole).Sum(order.Total.Currency).Total;

    /// <summary>What has been given back.</summary>
    public static Money GivenBack(this Order order) => order.Refunds.Aggregate(Money.Zero(order.Total.Currency), static (sum, refund) => sum + refund.Arrived);

    public static Money CancelledAmount(this Order order) => order.CancelledLines.Select(static line => line.Share).Sum(order.Total.Currency).Total;

    /// <summary>What was paid for the first units of a line that the customer has got, in the order in which they have left. What was sent in exchange was paid with what it was exchanged for.</summary>
    /// <param name="order">The order.</param>
    /// <param name="variantId">The line.</param>
    /// <param name="count">0 to the number of those that have left.</param>
    public static Share PaidForFirst(this Order order, Guid variantId, int count)
    {
        var sum = Share.Zero(order.Total.Currency);
        foreach (var part in order.Parcels.Where(static parcel => parcel.IsTheCustomers).SelectMany(static parcel => parcel.Lines).Where(line => line.VariantId == variantId))
        {
            sum += part.Share.Part(Math.Min(count, part.Quantity), part.Quantity);
            count -= Math.Min(count, part.Quantity);
        }

        return sum;
    }

    /// <summary>How many of a line have left, in exchange or again too, and were not lost.</summary>
    public static int ShippedOf(this Order order, Guid variantId) =>
        order.Parcels.Where(static parcel => parcel.IsTheCustomers).SelectMany(static parcel => parcel.Lines).Where(line => line.VariantId == variantId).Sum(static line => line.Quantity);

    private static IEnumerable<ParcelLine> InParcels(this Order order, Guid variantId) =>
        order.Parcels.Where(static parcel => parcel.IsWanted).SelectMany(static parcel => parcel.Lines).Where(line => line.VariantId == variantId && line.ReplacementId is null);
}
