using System.Text.Json.Serialization;
using ModularMonolith.Platform.Contracts;

namespace ModularMonolith.Ordering.Refunds;

internal enum RefundState
{
    Pending,
    Done,
    Failed,
}

/// <summary>Money that is given back.</summary>
internal sealed record OrderRefund(
    Guid RefundId, Money Items, Money Shipping, Money Tax, Money Total, string Reason, bool IsCredit, RefundState State, DateTimeOffset BegunAt)
{
    /// <summary>1 for the first time that Payments is asked for it.</summary>
    public int Attempt { get; init; } = 1;

    public string? Problem { get; init; }

    public DateTimeOffset? SettledAt { get; init; }

    /// <summary>Under which id Payments is asked: it gives each id back once, so another attempt needs another.</summary>
    [JsonIgnore]
    public Guid PaymentRefundId => Attempt == 1 ? RefundId : DerivedId.Of(RefundId, "attempt " + Attempt);

    public RefundView ToView() => new(RefundId, State, Total, Reason, Problem, BegunAt, SettledAt);
}

/// <summary>A refund as clients see it.</summary>
/// <param name="Id">The refund; a return's id when it is for one.</param>
/// <param name="Status">Whether the money is back.</param>
/// <param name="Amount">How much.</param>
/// <param name="Reason">Why.</param>
/// <param name="Problem">Why it failed.</param>
/// <param name="RequestedAt">When it was decided.</param>
/// <param name="SettledAt">When it was given back, or failed.</param>
internal sealed record RefundView(Guid Id, RefundState Status, Money Amount, string Reason, string? Problem, DateTimeOffset RequestedAt, DateTimeOffset? SettledAt);
