using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Ordering.Contracts;

/// <summary>A part of an order is owed: goods that have left, or are about to, with their share of shipping and tax.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="InvoiceId">One invoice for each.</param>
/// <param name="Items">The goods after discounts, without tax.</param>
/// <param name="Shipping">The shipping after discounts, without tax.</param>
/// <param name="Tax">The tax of both.</param>
/// <param name="Total">What the customer owes: the sum of the three.</param>
/// <param name="InvoicedAt">When.</param>
[EventName("ordering.order-invoiced")]
public sealed record OrderInvoiced(Guid OrderId, Guid InvoiceId, Money Items, Money Shipping, Money Tax, Money Total, DateTimeOffset InvoicedAt) : IIntegrationEvent
{
    string IIntegrationEvent.Key => OrderId.ToString();
}

/// <summary>A part of what was invoiced is not owed after all: goods that came back, or an allowance.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="CreditId">One credit for each; also the id of the refund that pays it out.</param>
/// <param name="Items">The goods, without tax.</param>
/// <param name="Shipping">The shipping, without tax.</param>
/// <param name="Tax">The tax of both.</param>
/// <param name="Total">What the customer gets: the sum of the three.</param>
/// <param name="CreditedAt">When.</param>
[EventName("ordering.order-credited")]
public sealed record OrderCredited(Guid OrderId, Guid CreditId, Money Items, Money Shipping, Money Tax, Money Total, DateTimeOffset CreditedAt) : IIntegrationEvent
{
    string IIntegrationEvent.Key => OrderId.ToString();
}

/// <summary>Somebody has said that an order was paid outside of Payments, by a transfer or at the counter.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Amount">How much.</param>
/// <param name="PaidAt">When it was said.</param>
[EventName("ordering.order-paid-manually")]
public sealed record OrderPaidManually(Guid OrderId, Money Amount, DateTimeOffset PaidAt) : IIntegrationEvent
{
    string IIntegrationEvent.Key => OrderId.ToString();
}

/// <summary>Money of an order that was paid outside of Payments is given back outside of it too, by the staff.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="RefundId">The refund; the return's id when it is for one. The credit has the same id, where the money had been invoiced.</param>
/// <param name="Amount">How much.</param>
/// <param name="RefundedAt">When it was decided.</param>
[EventName("ordering.order-refunded-manually")]
public sealed record OrderRefundedManually(Guid OrderId, Guid RefundId, Money Amount, DateTimeOffset RefundedAt) : IIntegrationEvent
{
    string IIntegrationEvent.Key => OrderId.ToString();
}
