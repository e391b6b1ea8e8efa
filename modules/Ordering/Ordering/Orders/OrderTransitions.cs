using System.Collections.Frozen;
using ModularMonolith.Platform.Http;

namespace ModularMonolith.Ordering.Orders;

internal enum OrderStatus
{
    Placed,
    Paid,
    Confirmed,
    Shipped,
    Cancelled,
    Rejected,
    Completed,
}

internal enum OrderAction
{
    Pay,
    Confirm,
    Ship,
    Cancel,
    Reject,
    Authorise,
    Decline,
    Pack,
    CancelLines,
    Edit,
    Return,
    Refund,
    Complete,
    Replace,
}

/// <summary>The order's state machine: what is not in the table is refused.</summary>
internal static class OrderTransitions
{
    private static readonly FrozenDictionary<(OrderStatus From, OrderAction Action), OrderStatus> Table =
        new Dictionary<(OrderStatus, OrderAction), OrderStatus>
        {
            [(OrderStatus.Placed, OrderAction.Pay)] = OrderStatus.Paid,
            [(OrderStatus.Placed, OrderAction.Authorise)] = OrderStatus.Placed,
            [(OrderStatus.Placed, OrderAction.Decline)] = OrderStatus.Cancelled,
            [(OrderStatus.Placed, OrderAction.Confirm)] = OrderStatus.Confirmed,
            [(OrderStatus.Placed, OrderAction.Cancel)] = OrderStatus.Cancelled,
            [(OrderStatus.Placed, OrderAction.CancelLines)] = OrderStatus.Placed,
            [(OrderStatus.Placed, OrderAction.Edit)] = OrderStatus.Placed,
            [(OrderStatus.Placed, OrderAction.Reject)] = OrderStatus.Rejected,
            [(OrderStatus.Paid, OrderAction.Confirm)] = OrderStatus.Confirmed,
            [(OrderStatus.Paid, OrderAction.Cancel)] = OrderStatus.Cancelled,
            [(OrderStatus.Paid, OrderAction.CancelLines)] = OrderStatus.Paid,
            [(OrderStatus.Paid, OrderAction.Edit)] = OrderStatus.Paid,
            [(OrderStatus.Paid, OrderAction.Reject)] = OrderStatus.Rejected,
            [(OrderStatus.Confirmed, OrderAction.Pack)] = OrderStatus.Confirmed,
            [(OrderStatus.Confirmed, OrderAction.Ship)] = OrderStatus.Shipped,
            [(OrderStatus.Confirmed, OrderAction.Cancel)] = OrderStatus.Cancelled,
            [(OrderStatus.Confirmed, OrderAction.CancelLines)] = OrderStatus.Confirmed,
            [(OrderStatus.Confirmed, OrderAction.Edit)] = OrderStatus.Confirmed,
            [(OrderStatus.Confirmed, OrderAction.Return)] = OrderStatus.Confirmed,
            [(OrderStatus.Confirmed, OrderAction.Refund)] = OrderStatus.Confirmed,
            [(OrderStatus.Confirmed, OrderAction.Replace)] = OrderStatus.Confirmed,
            [(OrderStatus.Shipped, OrderAction.Return)] = OrderStatus.Shipped,
            [(OrderStatus.Shipped, OrderAction.Refund)] = OrderStatus.Shipped,
            [(OrderStatus.Shipped, OrderAction.Replace)] = OrderStatus.Shipped,
            [(OrderStatus.Shipped, OrderAction.Complete)] = OrderStatus.Completed,
            [(OrderStatus.Completed, OrderAction.Return)] = OrderStatus.Completed,
            [(OrderStatus.Completed, OrderAction.Refund)] = OrderStatus.Completed,
            [(OrderStatus.Completed, OrderAction.Replace)] = OrderStatus.Completed,
        }.ToFrozenDictionary();

    public static bool Allows(OrderStatus from, OrderAction action) => Table.ContainsKey((from, action));

    /// <summary>The status after an action.</summary>
    /// <exception cref="ProblemException">409 naming the status and what is possible in it.</exception>
    public static OrderStatus Next(OrderStatus from, OrderAction action)
    {
        if (Table.TryGetValue((from, action), out var next))
        {
            return next;
        }

        var allowed = Enum.GetValues<OrderAction>().Where(other => Allows(from, other)).ToList();
        var possible = allowed.Count == 0 ? "Nothing can change it any more." : $"Possible are: {string.Join(", ", allowed.Select(Word))}.";
        throw new ProblemException(ProblemTypes.IllegalState, $"The order is {Word(from)}, so it cannot do '{Word(action)}'. {possible}")
            .With("state", from)
            .With("allowed", allowed);
    }

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
