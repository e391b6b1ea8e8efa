using System.Collections.Frozen;
using ModularMonolith.Platform.Http;

namespace ModularMonolith.Returns.Requests;

internal enum ReturnStatus
{
    /// <summary>The customer asks to return something.</summary>
    Requested,

    /// <summary>It may be sent.</summary>
    Approved,

    /// <summary>It may not.</summary>
    Rejected,

    /// <summary>The customer keeps it after all.</summary>
    Cancelled,

    /// <summary>It was not received in time.</summary>
    Expired,

    /// <summary>It is there, and nobody has looked at it yet.</summary>
    Received,

    /// <summary>It was looked at; its refund, and what is sent in exchange, are on their way.</summary>
    Inspected,

    /// <summary>Its refund has failed and can be tried again.</summary>
    RefundFailed,

    /// <summary>All is settled.</summary>
    Completed,
}

internal enum ReturnAction
{
    Approve,
    Reject,
    Cancel,
    Expire,
    Receive,
    Inspect,
    FailRefund,
    RetryRefund,
    Complete,
    Exchange,
    RefuseExchange,
}

/// <summary>The return's state machine: what is not in the table is refused.</summary>
internal static class ReturnTransitions
{
    private static readonly FrozenDictionary<(ReturnStatus From, ReturnAction Action), ReturnStatus> Table =
        new Dictionary<(ReturnStatus, ReturnAction), ReturnStatus>
        {
            [(ReturnStatus.Requested, ReturnAction.Approve)] = ReturnStatus.Approved,
            [(ReturnStatus.Requested, ReturnAction.Reject)] = ReturnStatus.Rejected,
            [(ReturnStatus.Requested, ReturnAction.Cancel)] = ReturnStatus.Cancelled,
            [(ReturnStatus.Approved, ReturnAction.Cancel)] = ReturnStatus.Cancelled,
            [(ReturnStatus.Approved, ReturnAction.Expire)] = ReturnStatus.Expired,
            [(ReturnStatus.Approved, ReturnAction.Receive)] = ReturnStatus.Received,
            [(ReturnStatus.Received, ReturnAction.Inspect)] = ReturnStatus.Inspected,
            [(ReturnStatus.Inspected, ReturnAction.FailRefund)] = ReturnStatus.RefundFailed,
            [(ReturnStatus.Inspected, ReturnAction.Complete)] = ReturnStatus.Completed,
            [(ReturnStatus.RefundFailed, ReturnAction.RetryRefund)] = ReturnStatus.Inspected,
            [(ReturnStatus.RefundFailed, ReturnAction.Complete)] = ReturnStatus.Completed,

            // What becomes of an exchange and of the money is told by two events, which may come in either order.
            [(ReturnStatus.Inspected, ReturnAction.Exchange)] = ReturnStatus.Inspected,
            [(ReturnStatus.Inspected, ReturnAction.RefuseExchange)] = ReturnStatus.Inspected,
            [(ReturnStatus.RefundFailed, ReturnAction.Exchange)] = ReturnStatus.RefundFailed,
            [(ReturnStatus.RefundFailed, ReturnAction.RefuseExchange)] = ReturnStatus.RefundFailed,
            [(ReturnStatus.Completed, ReturnAction.Exchange)] = ReturnStatus.Completed,
            [(ReturnStatus.Completed, ReturnAction.RefuseExchange)] = ReturnStatus.Completed,
        }.ToFrozenDictionary();

    public static bool Allows(ReturnStatus from, ReturnAction action) => Table.ContainsKey((from, action));

    /// <summary>The status after an action.</summary>
    /// <exception cref="ProblemException">409 naming the status and what is possible in it.</exception>
    public static ReturnStatus Next(ReturnStatus from, ReturnAction action)
    {
        if (Table.TryGetValue((from, action), out var next))
        {
            return next;
        }

        var allowed = Enum.GetValues<ReturnAction>().Where(other => Allows(from, other)).ToList();
        var possible = allowed.Count == 0 ? "Nothing can change it any more." : $"Possible are: {string.Join(", ", allowed.Select(Words.Of))}.";
        throw new ProblemException(ProblemTypes.IllegalState, $"The return is {Words.Of(from)}, so it cannot do '{Words.Of(action)}'. {possible}")
            .With("state", from)
            .With("allowed", allowed);
    }
}
