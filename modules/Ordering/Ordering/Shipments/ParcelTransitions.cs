using System.Collections.Frozen;
using ModularMonolith.Platform.Http;

namespace ModularMonolith.Ordering.Shipments;

internal enum ParcelAction
{
    Release,
    Refuse,
    Dispatch,
    Arrive,
    EndPickup,
    Leave,
    Deliver,
    Lose,
    Find,
    Return,
}

/// <summary>The parcel's state machine: what is not in the table is refused, and passed over when another module tells it.</summary>
internal static class ParcelTransitions
{
    private static readonly FrozenDictionary<(ParcelState From, ParcelAction Action), ParcelState> Table = Rows().ToFrozenDictionary();

    public static bool Allows(ParcelState from, ParcelAction action) => Table.ContainsKey((from, action));

    /// <summary>The state after an action.</summary>
    /// <exception cref="ProblemException">409 naming the state and what is possible in it.</exception>
    public static ParcelState Next(ParcelState from, ParcelAction action)
    {
        if (Table.TryGetValue((from, action), out var next))
        {
            return next;
        }

        var allowed = Enum.GetValues<ParcelAction>().Where(other => Allows(from, other)).ToList();
        var possible = allowed.Count == 0 ? "Nothing can change it any more." : $"Possible are: {string.Join(", ", allowed).ToLowerInvariant()}.";
        throw new ProblemException(ProblemTypes.IllegalState, $"The parcel is {from.ToString().ToLowerInvariant()}, so it cannot do '{action.ToString().ToLowerInvariant()}'. {possible}")
            .With("state", from)
            .With("allowed", allowed);
    }

    private static IEnumerable<KeyValuePair<(ParcelState From, ParcelAction Action), ParcelState>> Rows()
    {
        yield return Row(ParcelState.Packed, ParcelAction.Release, ParcelState.Released);
        yield return Row(ParcelState.Packed, ParcelAction.Refuse, ParcelState.Refused);
        yield return Row(ParcelState.Released, ParcelAction.Dispatch, ParcelState.Dispatched);
        yield return Row(ParcelState.ReadyForPickup, ParcelAction.EndPickup, ParcelState.NotCollected);
        yield return Row(ParcelState.ReadyForPickup, ParcelAction.Leave, ParcelState.Dispatched);
        yield return Row(ParcelState.Lost, ParcelAction.Find, ParcelState.Dispatched);

        // Carriers report what they like in the order they like, and a released parcel may have left without anybody having said so.
        ParcelState[] onItsWay = [ParcelState.Released, ParcelState.Dispatched, ParcelState.ReadyForPickup, ParcelState.NotCollected, ParcelState.Lost];
        foreach (var from in onItsWay)
        {
            yield return Row(from, ParcelAction.Deliver, ParcelState.Delivered);
            yield return Row(from, ParcelAction.Return, ParcelState.ReturnedToSender);
            if (from != ParcelState.Lost)
            {
                yield return Row(from, ParcelAction.Lose, ParcelState.Lost);
            }

            if (from != ParcelState.ReadyForPickup)
            {
                yield return Row(from, ParcelAction.Arrive, ParcelState.ReadyForPickup);
            }
        }
    }

    private static KeyValuePair<(ParcelState, ParcelAction), ParcelState> Row(ParcelState from, ParcelAction action, ParcelState to) => new((from, action), to);
}
