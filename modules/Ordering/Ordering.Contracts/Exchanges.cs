using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Ordering.Contracts;

/// <summary>
/// Whether goods of an order can be exchanged for others: for the same ones always, for others when they are sold now at the price that was ordered at. Nothing is promised of their stock. Empty
/// when there is no such order.
/// </summary>
/// <param name="OrderId">The order.</param>
/// <param name="Wishes">1 to 200 wishes, each variant of the order once.</param>
public sealed record GetExchangeGoods(Guid OrderId, IReadOnlyList<ExchangeWish> Wishes) : IQuery<IReadOnlyList<ExchangeOffer>>;

/// <summary>Goods that somebody wants instead of others.</summary>
/// <param name="VariantId">The variant of the order.</param>
/// <param name="WantedVariantId">The variant that is wanted instead; may be the same.</param>
/// <param name="Quantity">How many.</param>
public sealed record ExchangeWish(Guid VariantId, Guid WantedVariantId, int Quantity);

/// <summary>The answer to a wish.</summary>
/// <param name="VariantId">The variant of the order.</param>
/// <param name="Goods">What would be sent; null when it cannot be exchanged for that.</param>
/// <param name="Refusal">Why not, in a sentence.</param>
public sealed record ExchangeOffer(Guid VariantId, ExchangeGoods? Goods, string? Refusal);

/// <summary>Goods that are sent in exchange.</summary>
/// <param name="VariantId">The variant.</param>
/// <param name="Sku">Its SKU.</param>
/// <param name="Title">Its title.</param>
/// <param name="WeightGrams">What one weighs; 0 when unknown.</param>
/// <param name="IsStocked">Whether stock limits it.</param>
public sealed record ExchangeGoods(Guid VariantId, string Sku, string Title, int WeightGrams, bool IsStocked);

/// <summary>Goods that came back are exchanged: the others are taken from stock and will be sent, and nothing is refunded for them.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="ReturnId">The return.</param>
/// <param name="VariantId">The variant that came back.</param>
/// <param name="ReplacementId">What is sent instead, at the order.</param>
/// <param name="ExchangedAt">When.</param>
[EventName("ordering.goods-exchanged")]
public sealed record GoodsExchanged(Guid OrderId, Guid ReturnId, Guid VariantId, Guid ReplacementId, DateTimeOffset ExchangedAt) : IIntegrationEvent
{
    string IIntegrationEvent.Key => OrderId.ToString();
}

/// <summary>
/// Some of the goods that came back cannot be exchanged, because there are not enough of the others any more. What was paid for these pieces is part of the return's refund instead. About the rest
/// <see cref="GoodsExchanged"/> or <see cref="ExchangeRefused"/> is told.
/// </summary>
/// <param name="OrderId">The order.</param>
/// <param name="ReturnId">The return.</param>
/// <param name="VariantId">The variant that came back.</param>
/// <param name="Quantity">How many pieces are not exchanged.</param>
/// <param name="Reason">Why not.</param>
/// <param name="ReducedAt">When.</param>
[EventName("ordering.exchange-reduced")]
public sealed record ExchangeReduced(Guid OrderId, Guid ReturnId, Guid VariantId, int Quantity, string Reason, DateTimeOffset ReducedAt) : IIntegrationEvent
{
    string IIntegrationEvent.Key => OrderId.ToString();
}

/// <summary>Goods that came back cannot be exchanged, because the others are not there any more. What was paid for them is part of the return's refund instead.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="ReturnId">The return.</param>
/// <param name="VariantId">The variant that came back.</param>
/// <param name="Reason">Why not.</param>
/// <param name="RefusedAt">When.</param>
[EventName("ordering.exchange-refused")]
public sealed record ExchangeRefused(Guid OrderId, Guid ReturnId, Guid VariantId, string Reason, DateTimeOffset RefusedAt) : IIntegrationEvent
{
    string IIntegrationEvent.Key => OrderId.ToString();
}
