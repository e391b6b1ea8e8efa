using ModularMonolith.Ordering.Contracts;
using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Returns.Requests;

/// <summary>A return as its events have made it.</summary>
internal sealed class Return
{
    public Guid Id { get; set; }

    public Guid OrderId { get; set; }

    /// <summary>The customer; null for orders of nobody known, which only the staff sees.</summary>
    public string? Owner { get; set; }

    public ReturnStatus Status { get; set; }

    public string Currency { get; set; } = string.Empty;

    public IReadOnlyList<RequestedReturnLine> Lines { get; set; } = [];

    public IReadOnlyList<InspectedLine> Inspected { get; set; } = [];

    /// <summary>What is sent instead of what came back.</summary>
    public IReadOnlyList<ReturnExchange> Exchanges { get; set; } = [];

    public Money? Deduction { get; set; }

    public bool RefundsShipping { get; set; }

    public Money? Refunded { get; set; }

    /// <summary>Why it was rejected, or why the refund failed.</summary>
    public string? Reason { get; set; }

    public DateTimeOffset RequestedAt { get; set; }

    public DateTimeOffset? ReceiveUntil { get; set; }

    public DateTimeOffset? ReceivedAt { get; set; }

    public DateTimeOffset? InspectedAt { get; set; }

    public DateTimeOffset? CompletedAt { get; set; }

    public int Version { get; set; }

    public static Return Create(ReturnRequested requested) => new()
    {
        OrderId = requested.OrderId,
        Owner = requested.Owner,
        Currency = requested.Currency,
        Lines = requested.Lines,
        Status = ReturnStatus.Requested,
        RequestedAt = requested.RequestedAt,
    };

    public Return Copy() => (Return)MemberwiseClone();

    /// <summary>What Ordering is told of it; null when nothing stays here.</summary>
    public GoodsReturned? ToGoodsReturned()
    {
        var lines = Inspected.Where(static line => line.Disposition != GoodsDisposition.SendBack)
            .GroupBy(static line => (line.VariantId, line.IsRefunded, line.IsExchanged))
            .Select(group => new ReturnedLine(
                group.Key.VariantId, group.Sum(static line => line.Quantity), group.Key.IsRefunded, group.Key.IsExchanged ? WantedFor(group.Key.VariantId) : null)).ToList();
        return lines.Count == 0 ? null : new GoodsReturned(Id, OrderId, lines, Deduction, RefundsShipping);
    }

    public void Apply(ReturnApproved approved)
    {
        Status = ReturnTransitions.Next(Status, ReturnAction.Approve);
        ReceiveUntil = approved.ReceiveUntil;
    }

    public void Apply(ReturnRejected rejected)
    {
        Status = ReturnTransitions.Next(Status, ReturnAction.Reject);
        Reason = rejected.Reason;
    }

    public void Apply(ReturnCancelled _) => Status = ReturnTransitions.Next(Status, ReturnAction.Cancel);

    public void Apply(ReturnExpired _) => Status = ReturnTransitions.Next(Status, ReturnAction.Expire);

    public void Apply(ReturnReceived received)
    {
        Status = ReturnTransitions.Next(Status, ReturnAction.Receive);
        ReceivedAt = received.ReceivedAt;
    }

    public void Apply(ReturnInspected inspected)
    {
        Status = ReturnTransitions.Next(Status, ReturnAction.Inspect);
        (Inspected, Deduction, RefundsShipping, InspectedAt) = (inspected.Lines, inspected.Deduction, inspected.RefundsShipping, inspected.InspectedAt);
        Exchanges =
        [
            .. inspected.Lines.Where(static line => line.IsExchanged).GroupBy(static line => line.VariantId)
                .Select(group => new ReturnExchange(group.Key, WantedFor(group.Key)!, group.Sum(static line => line.Quantity), ExchangeStatus.Pending)),
        ];
    }

    public void Apply(ReturnExchanged exchanged)
    {
        Status = ReturnTransitions.Next(Status, ReturnAction.Exchange);
        Decide(exchanged.VariantId, exchange => exchange with { Status = ExchangeStatus.Sent, ReplacementId = exchanged.ReplacementId });
    }

    public void Apply(ReturnExchangeReduced reduced)
    {
        Status = ReturnTransitions.Next(Status, ReturnAction.RefuseExchange);
        Exchanges =
        [
            .. Exchanges.SelectMany(exchange => exchange.VariantId == reduced.VariantId && exchange.Status != ExchangeStatus.Refunded && exchange.Quantity > reduced.Quantity
                ? new[] { exchange with { Quantity = exchange.Quantity - reduced.Quantity }, exchange with { Quantity = reduced.Quantity, Status = ExchangeStatus.Refunded, ReplacementId = null, Reason = reduced.Reason } }
                : [exchange]),
        ];
    }

    public void Apply(ReturnExchangeRefused refused)
    {
        Status = ReturnTransitions.Next(Status, ReturnAction.RefuseExchange);
        Decide(refused.VariantId, exchange => exchange with { Status = ExchangeStatus.Refunded, Reason = refused.Reason });
    }

    public void Apply(ReturnRefundFailed failed)
    {
        Status = ReturnTransitions.Next(Status, ReturnAction.FailRefund);
        Reason = failed.Reason;
    }

    public void Apply(ReturnRefundRetried _)
    {
        Status = ReturnTransitions.Next(Status, ReturnAction.RetryRefund);
        Reason = null;
    }

    public void Apply(ReturnSettled settled)
    {
        Status = ReturnTransitions.Next(Status, ReturnAction.Complete);
        (Refunded, CompletedAt, Reason) = (settled.Refunded, settled.CompletedAt, null);
    }

    /// <summary>Whether nobody knows yet what becomes of the exchange of a variant.</summary>
    public bool IsPending(Guid variantId) => Exchanges.Any(exchange => exchange.VariantId == variantId && exchange.Status == ExchangeStatus.Pending);

    /// <summary>Whether some pieces of the exchange of a variant can turn out to be missing. That may be told before or after what becomes of the rest.</summary>
    public bool CanReduce(Guid variantId, int quantity) =>
        Exchanges.Any(exchange => exchange.VariantId == variantId && exchange.Status != ExchangeStatus.Refunded && exchange.Quantity > quantity);

    private ExchangeGoods? WantedFor(Guid variantId) => Lines.FirstOrDefault(line => line.VariantId == variantId)?.Exchange;

    private void Decide(Guid variantId, Func<ReturnExchange, ReturnExchange> decide) =>
        Exchanges = [.. Exchanges.Select(exchange => exchange.VariantId == variantId && exchange.Status == ExchangeStatus.Pending ? decide(exchange) : exchange)];
}

/// <summary>How an exchange stands.</summary>
internal enum ExchangeStatus
{
    /// <summary>Nobody knows yet whether there is stock.</summary>
    Pending,

    /// <summary>It is taken from stock, and the order sends it.</summary>
    Sent,

    /// <summary>There was no stock, or not enough: what was paid is given back for it.</summary>
    Refunded,
}

/// <summary>What is sent instead of what came back.</summary>
/// <param name="VariantId">The variant that came back.</param>
/// <param name="Goods">What is sent instead.</param>
/// <param name="Quantity">How many.</param>
/// <param name="Status">How it stands.</param>
/// <param name="ReplacementId">What is sent, at the order.</param>
/// <param name="Reason">Why the money is given back instead.</param>
internal sealed record ReturnExchange(Guid VariantId, ExchangeGoods Goods, int Quantity, ExchangeStatus Status, Guid? ReplacementId = null, string? Reason = null);

/// <summary>A return as clients see it.</summary>
/// <param name="Id">The return.</param>
/// <param name="OrderId">The order that the goods are of.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="Lines">What is returned, and why.</param>
/// <param name="Inspected">What came back, in which condition, and what becomes of it.</param>
/// <param name="Deduction">What is held back.</param>
/// <param name="RefundsShipping">Whether the shipping is paid back too.</param>
/// <param name="Refunded">What was paid back.</param>
/// <param name="Reason">Why it was rejected, or why the refund failed.</param>
/// <param name="RequestedAt">When it was asked for.</param>
/// <param name="ReceiveUntil">Until when it is waited for.</param>
/// <param name="ReceivedAt">When it came.</param>
/// <param name="InspectedAt">When it was looked at.</param>
/// <param name="CompletedAt">When all was settled.</param>
/// <param name="Exchanges">What is sent instead of what came back.</param>
internal sealed record ReturnView(
    Guid Id, Guid OrderId, ReturnStatus Status, IReadOnlyList<RequestedReturnLine> Lines, IReadOnlyList<InspectedLine> Inspected, Money? Deduction, bool RefundsShipping,
    Money? Refunded, string? Reason, DateTimeOffset RequestedAt, DateTimeOffset? ReceiveUntil, DateTimeOffset? ReceivedAt, DateTimeOffset? InspectedAt, DateTimeOffset? CompletedAt,
    IReadOnlyList<ReturnExchange>? Exchanges = null)
{
    public static ReturnView Of(Return found) => new(
        found.Id, found.OrderId, found.Status, found.Lines, found.Inspected, found.Deduction, found.RefundsShipping, found.Refunded, found.Reason, found.RequestedAt,
        found.ReceiveUntil, found.ReceivedAt, found.InspectedAt, found.CompletedAt, found.Exchanges);
}
