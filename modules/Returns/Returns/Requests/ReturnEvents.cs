using ModularMonolith.Ordering.Contracts;
using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Returns.Requests;

/// <summary>Somebody asks to return something.</summary>
internal sealed record ReturnRequested(Guid OrderId, string? Owner, string Currency, IReadOnlyList<RequestedReturnLine> Lines, DateTimeOffset RequestedAt);

/// <summary>What is to be returned of one variant.</summary>
/// <param name="VariantId">The variant.</param>
/// <param name="Sku">Its SKU.</param>
/// <param name="Title">Its title.</param>
/// <param name="Quantity">How many.</param>
/// <param name="Reason">Why.</param>
/// <param name="Note">In the customer's words.</param>
/// <param name="Exchange">What is wanted instead; null when it is the money.</param>
internal sealed record RequestedReturnLine(Guid VariantId, string Sku, string Title, int Quantity, ReturnReason Reason, string? Note, ExchangeGoods? Exchange = null);

/// <summary>Why something is returned.</summary>
internal enum ReturnReason
{
    ChangedMind,
    DoesNotFit,
    NotAsDescribed,
    WrongItem,
    Damaged,
    Faulty,
    TooLate,
    Other,
}

/// <summary>It may be sent, and is waited for until a time.</summary>
internal sealed record ReturnApproved(DateTimeOffset ApprovedAt, DateTimeOffset ReceiveUntil);

/// <summary>It may not be sent.</summary>
internal sealed record ReturnRejected(string Reason, DateTimeOffset RejectedAt);

/// <summary>The customer, or the staff for them, has thought better of it.</summary>
internal sealed record ReturnCancelled(DateTimeOffset CancelledAt);

/// <summary>It was not received in time.</summary>
internal sealed record ReturnExpired(DateTimeOffset ExpiredAt);

/// <summary>It is there.</summary>
internal sealed record ReturnReceived(DateTimeOffset ReceivedAt);

/// <summary>Somebody has looked at it and decided what becomes of the goods and of the money.</summary>
internal sealed record ReturnInspected(IReadOnlyList<InspectedLine> Lines, Money? Deduction, bool RefundsShipping, string? Location, DateTimeOffset InspectedAt);

/// <summary>Pieces of one variant in one condition.</summary>
/// <param name="VariantId">The variant.</param>
/// <param name="Quantity">How many.</param>
/// <param name="Condition">How they are.</param>
/// <param name="Disposition">What becomes of them.</param>
/// <param name="IsRefunded">Whether they are paid back.</param>
/// <param name="Note">What the inspector says; at most 500 characters.</param>
/// <param name="IsExchanged">Whether what was wanted instead is sent for them; they are not paid back then.</param>
internal sealed record InspectedLine(
    Guid VariantId, int Quantity, GoodsCondition Condition, GoodsDisposition Disposition, bool IsRefunded, string? Note = null, bool IsExchanged = false);

internal enum GoodsCondition
{
    AsNew,
    Opened,
    Used,
    Damaged,
    Faulty,
}

/// <summary>What becomes of goods that came back.</summary>
internal enum GoodsDisposition
{
    /// <summary>They can be sold again.</summary>
    Restock,

    /// <summary>They cannot.</summary>
    WriteOff,

    /// <summary>The customer gets them back, and no money.</summary>
    SendBack,
}

/// <summary>What was wanted instead is taken from stock, and will be sent.</summary>
internal sealed record ReturnExchanged(Guid VariantId, Guid ReplacementId, DateTimeOffset ExchangedAt);

/// <summary>Not all of what was wanted instead is there any more; what was paid for the pieces that are missing is given back.</summary>
internal sealed record ReturnExchangeReduced(Guid VariantId, int Quantity, string Reason, DateTimeOffset ReducedAt);

/// <summary>What was wanted instead is not there any more; what was paid is given back for it.</summary>
internal sealed record ReturnExchangeRefused(Guid VariantId, string Reason, DateTimeOffset RefusedAt);

/// <summary>The money could not be given back.</summary>
internal sealed record ReturnRefundFailed(string Reason, DateTimeOffset FailedAt);

/// <summary>It is tried once more to give it back.</summary>
internal sealed record ReturnRefundRetried(DateTimeOffset RetriedAt);

/// <summary>All is settled; without an amount when there was no money to give back.</summary>
internal sealed record ReturnSettled(Money? Refunded, DateTimeOffset CompletedAt);
