using System.Collections.Immutable;
using ModularMonolith.Platform.IntegrationLog;

namespace ModularMonolith.Platform.Tests.Models;

/// <summary>
/// A few writers and one reader of the log, as a state machine whose every interleaving can be visited. It has what the argument rests on: ids
/// and positions are drawn in order and never returned, a commit makes a transaction's rows visible and ends it in one step, and a
/// snapshot shows both at one moment. The reader is the real one.
/// </summary>
internal sealed record WatermarkModel(
    ImmutableArray<WatermarkModel.Writer> Writers, int NextId, int NextPosition, int LatestCompleted, ImmutableArray<int> Visible, WatermarkState Reader, bool DrawsNext)
{
    /// <summary>How the reader finds the id that bounds a gap.</summary>
    public enum Bounding
    {
        /// <summary>As the product does: an id that is drawn after the gap was seen.</summary>
        Drawn,

        /// <summary>The first id that has not completed, which a snapshot has for nothing.</summary>
        SnapshotEnd,

        /// <summary>None: the reader follows the highest visible position.</summary>
        None,
    }

    public static WatermarkModel Start(params int[] draws) =>
        new([.. draws.Select(static count => new Writer(0, count, [], false))], 1, 1, 0, [], default, false);

    public bool IsOver => Writers.All(static writer => writer.IsOver);

    /// <summary>Every state that one step of a writer or of the reader leads to.</summary>
    public IEnumerable<WatermarkModel> Next(Bounding bounding)
    {
        for (var index = 0; index < Writers.Length; index++)
        {
            var writer = Writers[index];
            if (writer.IsOver)
            {
                continue;
            }

            if (writer.Id == 0)
            {
                yield return this with { Writers = Writers.SetItem(index, writer with { Id = NextId }), NextId = NextId + 1 };
                continue;
            }

            if (writer.ToDraw > 0)
            {
                yield return this with
                {
                    Writers = Writers.SetItem(index, writer with { ToDraw = writer.ToDraw - 1, Positions = writer.Positions.Add(NextPosition) }),
                    NextPosition = NextPosition + 1,
                };
            }

            var ended = this with { Writers = Writers.SetItem(index, writer with { IsOver = true }), LatestCompleted = Math.Max(LatestCompleted, writer.Id) };
            yield return ended;
            yield return ended with { Visible = [.. Visible.Concat(writer.Positions).Order()] };
        }

        yield return ReaderStep(bounding);
    }

    /// <summary>A look at the log, or the drawing of an id that follows one.</summary>
    public WatermarkModel ReaderStep(Bounding bounding)
    {
        if (DrawsNext)
        {
            return this with { Reader = Reader.Bound(NextId), NextId = NextId + 1, LatestCompleted = NextId, DrawsNext = false };
        }

        var positions = Visible.Where(position => position > Reader.Settled).Select(static position => (long)position).ToArray();
        if (bounding == Bounding.None)
        {
            return this with { Reader = new WatermarkState(positions.DefaultIfEmpty(Reader.Settled).Max()) };
        }

        var oldestRunning = Writers.Where(static writer => writer is { Id: > 0, IsOver: false }).Select(static writer => writer.Id).DefaultIfEmpty(NextId).Min();
        var looked = Reader.Settle(positions, oldestRunning, out _);
        return bounding == Bounding.SnapshotEnd && looked.NeedsHorizon
            ? this with { Reader = looked.Bound(LatestCompleted + 1) }
            : this with { Reader = looked, DrawsNext = looked.NeedsHorizon };
    }

    /// <summary>Equal states are visited once.</summary>
    public string Key() =>
        $"{string.Join('|', Writers.Select(static writer => $"{writer.Id},{writer.ToDraw},{string.Join('+', writer.Positions)},{writer.IsOver}"))};{NextId};{NextPosition};{LatestCompleted};{string.Join('+', Visible)};{Reader.Settled},{Reader.GapEnd},{Reader.Horizon};{DrawsNext}";

    internal sealed record Writer(int Id, int ToDraw, ImmutableArray<int> Positions, bool IsOver);
}
