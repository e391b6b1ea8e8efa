using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Ordering.Contracts;

/// <summary>What of an order can be returned. Answers null when there is no such order.</summary>
/// <param name="OrderId">The order.</param>
public sealed record GetReturnableOrder(Guid OrderId) : IQuery<ReturnableOrder?>;

/// <summary>An order as far as returning matters.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Owner">The subject who placed it; null when nobody knows.</param>
/// <param name="Lines">What was shipped of it.</param>
public sealed record ReturnableOrder(Guid OrderId, string? Owner, IReadOnlyList<ReturnableLine> Lines);

/// <summary>One variant of an order as far as returning matters.</summary>
/// <param name="VariantId">The variant.</param>
/// <param name="Sku">Its SKU.</param>
/// <param name="Title">Its title when it was ordered.</param>
/// <param name="Shipped">How many have left.</param>
/// <param name="Returned">How many have come back already.</param>
/// <param name="Paid">What was paid for all that have left, tax included.</param>
/// <param name="DeliveredAt">When the last of them was delivered; null while one is on its way.</param>
public sealed record ReturnableLine(Guid VariantId, string Sku, string Title, int Shipped, int Returned, Money Paid, DateTimeOffset? DeliveredAt);

/// <summary>
/// Told to Ordering: goods have come back and were accepted. Ordering computes what was paid for them, credits it and has it refunded, and answers <see cref="OrderRefunded"/> or
/// <see cref="OrderRefundFailed"/> with the same id.
/// </summary>
/// <param name="ReturnId">The return; one refund for each.</param>
/// <param name="OrderId">The order.</param>
/// <param name="Lines">What came back; those with <see cref="ReturnedLine.IsRefunded"/> are refunded, and those with <see cref="ReturnedLine.Exchange"/> are exchanged.</param>
/// <param name="Deduction">What is held back, for wear say; null for nothing. At most what the lines were paid with.</param>
/// <param name="RefundsShipping">Whether the shipping is refunded too, once for an order.</param>
[EventName("ordering.goods-returned")]
public sealed record GoodsReturned(Guid ReturnId, Guid OrderId, IReadOnlyList<ReturnedLine> Lines, Money? Deduction, bool RefundsShipping) : IIntegrationEvent
{
    string IIntegrationEvent.Key => OrderId.ToString();
}

/// <summary>Goods of one variant that came back.</summary>
/// <param name="VariantId">The variant.</param>
/// <param name="Quantity">How many.</param>
/// <param name="IsRefunded">Whether they are refunded.</param>
/// <param name="Exchange">What is sent instead, as many pieces, when they are exchanged and not refunded. Should it not be there any more, they are refunded after all.</param>
public sealed record ReturnedLine(Guid VariantId, int Quantity, bool IsRefunded, ExchangeGoods? Exchange = null);

/// <summary>Money was given back to the customer of an order.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="RefundId">The refund; the return's id when it is for one.</param>
/// <param name="Amount">How much; may be zero when nothing was to be given back.</param>
/// <param name="RefundedAt">When.</param>
[EventName("ordering.order-refunded")]
public sealed record OrderRefunded(Guid OrderId, Guid RefundId, Money Amount, DateTimeOffset RefundedAt) : IIntegrationEvent
{
    string IIntegrationEvent.Key => OrderId.ToString();
}

/// <summary>Money could not be given back to the customer of an order; somebody has to see to it.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="RefundId">The refund; the return's id when it is for one.</param>
/// <param name="Reason">Why.</param>
[EventName("ordering.order-refund-failed")]
public sealed record OrderRefundFailed(Guid OrderId, Guid RefundId, string Reason) : IIntegrationEvent
{
    string IIntegrationEvent.Key => OrderId.ToString();
}
