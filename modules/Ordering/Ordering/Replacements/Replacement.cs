using System.Text.Json.Serialization;
using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Ordering.Orders;
using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Ordering.Replacements;

/// <summary>Why something is sent without being paid again.</summary>
internal enum ReplacementCause
{
    /// <summary>Other goods came back for it; the cause's id is the return's.</summary>
    Exchange,

    /// <summary>A parcel did not arrive; the cause's id is the shipment's.</summary>
    Resend,
}

/// <summary>Goods that are sent without being paid again. Its id is that of its reservation, and of the extension of the fulfilment.</summary>
internal sealed record Replacement(Guid Id, ReplacementCause Cause, Guid CauseId, IReadOnlyList<ReplacementLine> Lines, DateTimeOffset BegunAt)
{
    /// <summary>Whether its stock is taken, or certain to come.</summary>
    public bool IsStocked { get; init; }

    /// <summary>From where the stock is taken.</summary>
    public IReadOnlyList<SourcedLine> Sources { get; init; } = [];

    /// <summary>What has to arrive before it can be packed.</summary>
    public IReadOnlyList<SourcedLine> Awaited { get; init; } = [];

    /// <summary>Why nothing is sent after all.</summary>
    public string? Refusal { get; init; }

    /// <summary>Whether somebody has decided that nothing is sent after all; the refusal says why.</summary>
    public bool IsCalledOff { get; init; }

    [JsonIgnore]
    public bool IsDecided => IsStocked || Refusal is not null;

    /// <summary>Whether it can be packed.</summary>
    [JsonIgnore]
    public bool IsReady => IsStocked && Awaited.Count == 0 && Refusal is null;

    [JsonIgnore]
    public int Pieces => Lines.Sum(static line => line.Quantity);
}

/// <summary>What is sent of one variant.</summary>
/// <param name="VariantId">The variant.</param>
/// <param name="Sku">Its SKU.</param>
/// <param name="Title">Its title.</param>
/// <param name="Quantity">How many.</param>
/// <param name="WeightGrams">What one weighs.</param>
/// <param name="IsStocked">Whether stock limits it.</param>
/// <param name="UnitPrice">The price of one at which what it replaces was ordered.</param>
/// <param name="Total">What was paid for the goods that it replaces, tax included.</param>
/// <param name="Tax">The tax in it.</param>
/// <param name="Replaces">The variant that it replaces.</param>
internal sealed record ReplacementLine(
    Guid VariantId, string Sku, string Title, int Quantity, int WeightGrams, bool IsStocked, Money UnitPrice, Money Total, Money Tax, Guid Replaces)
{
    [JsonIgnore]
    public Share Share => new(Total, Tax);
}

/// <summary>A replacement that is about to begin.</summary>
internal sealed record ReplacementPlan(Guid Id, IReadOnlyList<ReplacementLine> Lines);

/// <summary>What is known of a variant that an order has, or was sent in exchange.</summary>
internal sealed record OrderGoods(Guid VariantId, string Sku, string Title, int WeightGrams, bool IsStocked, Money UnitPrice);

internal enum ReplacementStatus
{
    /// <summary>Its stock is not certain, or has to arrive.</summary>
    Waiting,

    /// <summary>It is to be packed, or packed.</summary>
    Ready,

    /// <summary>All of it has left.</summary>
    Sent,

    /// <summary>There was no stock for it.</summary>
    Unavailable,

    /// <summary>It is not needed any more.</summary>
    CalledOff,
}

/// <summary>Goods that are sent without being paid again, as clients see it.</summary>
/// <param name="Id">The replacement.</param>
/// <param name="Cause">Why it is sent.</param>
/// <param name="CauseId">The return that it is sent in exchange for, or the shipment that did not arrive.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Lines">What is in it.</param>
/// <param name="Reason">Why nothing is sent after all.</param>
/// <param name="BegunAt">When it was decided.</param>
internal sealed record ReplacementView(
    Guid Id, ReplacementCause Cause, Guid CauseId, ReplacementStatus Status, IReadOnlyList<ReplacementLineView> Lines, string? Reason, DateTimeOffset BegunAt)
{
    public static ReplacementView Of(Order order, Replacement replacement) => new(
        replacement.Id, replacement.Cause, replacement.CauseId, order.StatusOf(replacement),
        [.. replacement.Lines.Select(static line => new ReplacementLineView(line.VariantId, line.Sku, line.Title, line.Quantity, line.Replaces))], replacement.Refusal, replacement.BegunAt);
}

/// <summary>What is sent of one variant.</summary>
/// <param name="VariantId">The variant.</param>
/// <param name="Sku">Its SKU.</param>
/// <param name="Title">Its title.</param>
/// <param name="Quantity">How many.</param>
/// <param name="Replaces">The variant that it is sent for.</param>
internal sealed record ReplacementLineView(Guid VariantId, string Sku, string Title, int Quantity, Guid Replaces);

/// <summary>Quantities and money of replacements: pure arithmetic on what the order's events have told.</summary>
internal static class ReplacementAmounts
{
    /// <summary>All variants that an order has, or was sent in exchange; each once.</summary>
    public static IEnumerable<OrderGoods> AllGoods(this Order order) => order.Lines
        .Select(static line => new OrderGoods(line.VariantId, line.Sku, line.Title, line.WeightGrams, line.IsReserved, line.UnitPrice))
        .Concat(order.Replacements.SelectMany(static replacement => replacement.Lines)
            .Select(static line => new OrderGoods(line.VariantId, line.Sku, line.Title, line.WeightGrams, line.IsStocked, line.UnitPrice)))
        .DistinctBy(static goods => goods.VariantId);

    public static OrderGoods? GoodsOf(this Order order, Guid variantId) => order.AllGoods().FirstOrDefault(goods => goods.VariantId == variantId);

    public static bool HasReplacement(this Order order, Guid id) => order.Replacements.Any(replacement => replacement.Id == id);

    /// <summary>How many of a variant can be packed now.</summary>
    public static int PackableOf(this Order order, Guid variantId) =>
        (OrderTransitions.Allows(order.Status, OrderAction.Pack) ? order.OpenOf(variantId) : 0)
        + (OrderTransitions.Allows(order.Status, OrderAction.Replace) ? order.Replacements.Where(static replacement => replacement.IsReady).Sum(replacement => order.OpenOf(replacement, variantId)) : 0);

    /// <summary>
    /// The goods of a parcel: first what is to be paid, then what is not. The value of a replacement is divided among its parcels like that of a line.
    /// </summary>
    /// <param name="order">The order.</param>
    /// <param name="variantId">The variant.</param>
    /// <param name="quantity">1 to what can be packed of it.</param>
    public static IEnumerable<ParcelLine> PackOf(this Order order, Guid variantId, int quantity)
    {
        if (Math.Min(quantity, order.OpenOf(variantId)) is > 0 and var owed)
        {
            yield return order.ShareOf(variantId, owed);
            quantity -= owed;
        }

        foreach (var replacement in order.Replacements.Where(static replacement => replacement.IsReady))
        {
            var open = order.OpenOf(replacement, variantId);
            if (Math.Min(quantity, open) is > 0 and var sent)
            {
                var whole = replacement.Lines.Where(line => line.VariantId == variantId).Select(static line => line.Share).Sum(order.Total.Currency);
                var share = (whole - order.PackedOf(replacement, variantId).Select(static line => line.Share).Sum(order.Total.Currency)).Part(sent, open);
                yield return new ParcelLine(variantId, replacement.Lines.First(line => line.VariantId == variantId).Sku, sent, share.Total, share.Tax, replacement.Id);
                quantity -= sent;
            }
        }
    }

    /// <summary>Whether something is still to be packed that is not paid again.</summary>
    public static bool HasOpenReplacements(this Order order) => order.Replacements.Any(replacement => replacement.Refusal is null && order.LeftOf(replacement) > 0);

    public static ReplacementStatus StatusOf(this Order order, Replacement replacement) =>
        replacement.IsCalledOff ? ReplacementStatus.CalledOff
        : replacement.Refusal is not null ? ReplacementStatus.Unavailable
        : !replacement.IsReady ? ReplacementStatus.Waiting
        : order.LeftOf(replacement) > 0 || order.Parcels.Any(parcel => parcel is { IsWanted: true, HasLeft: false } && parcel.Lines.Any(line => line.ReplacementId == replacement.Id)) ? ReplacementStatus.Ready
        : ReplacementStatus.Sent;

    /// <summary>Whether something of it is in a parcel.</summary>
    public static bool IsBeingSent(this Order order, Replacement replacement) =>
        order.Parcels.Any(parcel => parcel.IsWanted && parcel.Lines.Any(line => line.ReplacementId == replacement.Id));

    private static int LeftOf(this Order order, Replacement replacement) => replacement.Lines.DistinctBy(static line => line.VariantId).Sum(line => order.OpenOf(replacement, line.VariantId));

    private static int OpenOf(this Order order, Replacement replacement, Guid variantId) =>
        replacement.Lines.Where(line => line.VariantId == variantId).Sum(static line => line.Quantity) - order.PackedOf(replacement, variantId).Sum(static line => line.Quantity);

    private static IEnumerable<ParcelLine> PackedOf(this Order order, Replacement replacement, Guid variantId) =>
        order.Parcels.Where(static parcel => parcel.IsWanted).SelectMany(static parcel => parcel.Lines).Where(line => line.ReplacementId == replacement.Id && line.VariantId == variantId);
}
