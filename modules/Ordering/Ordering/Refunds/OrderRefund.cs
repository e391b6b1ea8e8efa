using System.Text.Json.Serialization;
using ModularMonolith.Ordering.Orders;
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

    /// <summary>What was given back, by the id under which Payments was asked; by an id of its own what the staff has given back by hand.</summary>
    public IReadOnlyList<RefundPart> Given { get; init; } = [];

    /// <summary>What of it has come back since.</summary>
    public IReadOnlyList<RefundPart> CameBack { get; init; } = [];

    /// <summary>What the customer has got of it.</summary>
    [JsonIgnore]
    public Money Arrived => Parts.Aggregate(Money.Zero(Total.Currency), static (sum, part) => sum + part.Amount) - CameBack.Aggregate(Money.Zero(Total.Currency), static (sum, part) => sum + part.Amount);

    /// <summary>What has still to be given back, or is on its way.</summary>
    [JsonIgnore]
    public Money Outstanding => Total - Arrived;

    /// <summary>Under which id Payments is asked: it gives each id back once, so another attempt needs another.</summary>
    [JsonIgnore]
    public Guid PaymentRefundId => Attempt == 1 ? RefundId : DerivedId.Of(RefundId, "attempt " + Attempt);

    // Refunds of the time before parts were kept were given whole.
    private IReadOnlyList<RefundPart> Parts => Given.Count == 0 && State == RefundState.Done ? [new RefundPart(PaymentRefundId, Total, SettledAt ?? BegunAt)] : Given;

    /// <summary>What Payments has given back under an id and what of that has not come back.</summary>
    public Money ArrivedBy(Guid paymentRefundId) => Parts.Where(part => part.Id == paymentRefundId).Aggregate(Money.Zero(Total.Currency), static (sum, part) => sum + part.Amount)
        - CameBack.Where(part => part.Id == paymentRefundId).Aggregate(Money.Zero(Total.Currency), static (sum, part) => sum + part.Amount);

    /// <summary>Money is with the customer. What has come back meanwhile is not.</summary>
    public OrderRefund With(RefundPart given)
    {
        var next = this with { Given = [.. Parts, given] };
        return next with { State = next.Outstanding.Amount > 0 ? RefundState.Failed : RefundState.Done, Problem = next.Outstanding.Amount > 0 ? Problem : null, SettledAt = given.At };
    }

    /// <summary>Money that had been given back has come back. Another attempt that is under way goes on.</summary>
    public OrderRefund Without(RefundPart back, string reason) => this with
    {
        Given = Parts,
        CameBack = [.. CameBack, back],
        State = State == RefundState.Pending ? State : RefundState.Failed,
        Problem = reason,
        SettledAt = back.At,
    };

    /// <summary>Payments could not give it back. In the time before parts were kept that was said too when all of it had come back.</summary>
    public OrderRefund Refused(RefundRefused refused) => this with { Given = State == RefundState.Done ? [] : Given, State = RefundState.Failed, Problem = refused.Reason, SettledAt = refused.RefusedAt };

    public RefundView ToView() => new(RefundId, State, Total, Reason, Problem, BegunAt, SettledAt, Outstanding.Amount > 0 ? Outstanding : null);
}

/// <summary>A part of a refund that was given back, or has come back.</summary>
internal sealed record RefundPart(Guid Id, Money Amount, DateTimeOffset At);

/// <summary>A refund as clients see it.</summary>
/// <param name="Id">The refund; a return's id when it is for one.</param>
/// <param name="Status">Whether the money is back.</param>
/// <param name="Amount">How much.</param>
/// <param name="Reason">Why.</param>
/// <param name="Problem">Why it failed.</param>
/// <param name="RequestedAt">When it was decided.</param>
/// <param name="SettledAt">When it was given back, or failed.</param>
/// <param name="Outstanding">What of it has still to be given back; null when all of it is. A part of a refund can come back after it had arrived.</param>
internal sealed record RefundView(
    Guid Id, RefundState Status, Money Amount, string Reason, string? Problem, DateTimeOffset RequestedAt, DateTimeOffset? SettledAt, Money? Outstanding = null);
