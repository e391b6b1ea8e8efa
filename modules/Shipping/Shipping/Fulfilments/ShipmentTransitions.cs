using System.Collections.Frozen;
using ModularMonolith.Platform.Http;

namespace ModularMonolith.Shipping.Fulfilments;

internal enum ShipmentStatus
{
    /// <summary>Packed; it waits for its release.</summary>
    Packed,

    /// <summary>It may leave as soon as it has a label.</summary>
    Released,

    /// <summary>It may leave, or be fetched.</summary>
    Ready,

    /// <summary>The carrier has it.</summary>
    Dispatched,

    /// <summary>On its way.</summary>
    InTransit,

    /// <summary>It arrives today.</summary>
    OutForDelivery,

    /// <summary>Nobody was there to take it.</summary>
    AttemptFailed,

    /// <summary>The customer has it.</summary>
    Delivered,

    /// <summary>It has come back.</summary>
    ReturnedToSender,

    /// <summary>The carrier does not know where it is.</summary>
    Lost,

    /// <summary>It was refused, and its goods are back on the shelf.</summary>
    Unpacked,

    /// <summary>It is at the pickup point, where the customer can fetch it.</summary>
    ReadyForPickup,

    /// <summary>The customer has fetched it.</summary>
    Collected,

    /// <summary>Nobody has fetched it in time, so it goes back.</summary>
    NotCollected,
}

internal enum ShipmentAction
{
    Release,
    Refuse,
    Label,
    Relabel,
    Dispatch,
    HandOver,
    Move,
    GoOut,
    FailAttempt,
    Deliver,
    Return,
    Lose,
    Arrive,
    Collect,
    EndPickup,
}

/// <summary>Where a carrier says that a shipment is.</summary>
internal enum TrackingStatus
{
    InTransit,
    OutForDelivery,
    AttemptFailed,
    Delivered,
    ReturnedToSender,
    Lost,
    ReadyForPickup,
    Collected,
}

/// <summary>The shipment's state machine: what is not in the table is refused.</summary>
internal static class ShipmentTransitions
{
    private static readonly FrozenDictionary<(ShipmentStatus From, ShipmentAction Action), ShipmentStatus> Table = Rows().ToFrozenDictionary();

    /// <summary>What a tracking status does.</summary>
    public static ShipmentAction ActionOf(TrackingStatus status) => status switch
    {
        TrackingStatus.InTransit => ShipmentAction.Move,
        TrackingStatus.OutForDelivery => ShipmentAction.GoOut,
        TrackingStatus.AttemptFailed => ShipmentAction.FailAttempt,
        TrackingStatus.Delivered => ShipmentAction.Deliver,
        TrackingStatus.ReturnedToSender => ShipmentAction.Return,
        TrackingStatus.ReadyForPickup => ShipmentAction.Arrive,
        TrackingStatus.Collected => ShipmentAction.Collect,
        _ => ShipmentAction.Lose,
    };

    public static bool Allows(ShipmentStatus from, ShipmentAction action) => Table.ContainsKey((from, action));

    /// <summary>The status after an action.</summary>
    /// <exception cref="ProblemException">409 naming the status and what is possible in it.</exception>
    public static ShipmentStatus Next(ShipmentStatus from, ShipmentAction action)
    {
        if (Table.TryGetValue((from, action), out var next))
        {
            return next;
        }

        var allowed = Enum.GetValues<ShipmentAction>().Where(other => Allows(from, other)).ToList();
        var possible = allowed.Count == 0 ? "Nothing can change it any more." : $"Possible are: {string.Join(", ", allowed.Select(Words.Of))}.";
        throw new ProblemException(ProblemTypes.IllegalState, $"The shipment is {Words.Of(from)}, so it cannot do '{Words.Of(action)}'. {possible}")
            .With("state", from)
            .With("allowed", allowed);
    }

    private static IEnumerable<KeyValuePair<(ShipmentStatus From, ShipmentAction Action), ShipmentStatus>> Rows()
    {
        yield return Row(ShipmentStatus.Packed, ShipmentAction.Release, ShipmentStatus.Released);
        yield return Row(ShipmentStatus.Packed, ShipmentAction.Refuse, ShipmentStatus.Unpacked);
        yield return Row(ShipmentStatus.Released, ShipmentAction.Label, ShipmentStatus.Ready);
        yield return Row(ShipmentStatus.Released, ShipmentAction.Relabel, ShipmentStatus.Released);
        yield return Row(ShipmentStatus.Ready, ShipmentAction.Relabel, ShipmentStatus.Released);
        yield return Row(ShipmentStatus.Ready, ShipmentAction.Dispatch, ShipmentStatus.Dispatched);
        yield return Row(ShipmentStatus.Ready, ShipmentAction.HandOver, ShipmentStatus.Collected);
        yield return Row(ShipmentStatus.ReadyForPickup, ShipmentAction.EndPickup, ShipmentStatus.NotCollected);

        // A carrier that has scanned a parcel has it, whether or not somebody said that it has left.
        ShipmentStatus[] moving =
        [
            ShipmentStatus.Ready, ShipmentStatus.Dispatched, ShipmentStatus.InTransit, ShipmentStatus.OutForDelivery, ShipmentStatus.AttemptFailed, ShipmentStatus.Lost,
            ShipmentStatus.ReadyForPickup, ShipmentStatus.NotCollected,
        ];
        foreach (var from in moving)
        {
            yield return Row(from, ShipmentAction.Move, ShipmentStatus.InTransit);
            yield return Row(from, ShipmentAction.GoOut, ShipmentStatus.OutForDelivery);
            yield return Row(from, ShipmentAction.FailAttempt, ShipmentStatus.AttemptFailed);
            yield return Row(from, ShipmentAction.Deliver, ShipmentStatus.Delivered);
            yield return Row(from, ShipmentAction.Return, ShipmentStatus.ReturnedToSender);
            yield return Row(from, ShipmentAction.Lose, ShipmentStatus.Lost);
            yield return Row(from, ShipmentAction.Arrive, ShipmentStatus.ReadyForPickup);
            yield return Row(from, ShipmentAction.Collect, ShipmentStatus.Collected);
        }

        // What carriers report late is kept in the history and changes nothing any more.
        foreach (var end in new[] { ShipmentStatus.Delivered, ShipmentStatus.Collected, ShipmentStatus.ReturnedToSender })
        {
            foreach (var late in Enum.GetValues<TrackingStatus>())
            {
                yield return Row(end, ActionOf(late), end);
            }
        }
    }

    private static KeyValuePair<(ShipmentStatus, ShipmentAction), ShipmentStatus> Row(ShipmentStatus from, ShipmentAction action, ShipmentStatus to) => new((from, action), to);
}
