namespace ModularMonolith.Platform.Tests.Models;

public sealed class WatermarkModelTests
{
    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(2, 1, 0)]
    [InlineData(2, 2, 1)]
    [InlineData(1, 1, 1, 0)]
    public void No_interleaving_of_writers_and_reader_skips_an_event(params int[] draws)
    {
        var (visited, skipped) = Visit(WatermarkModel.Start(draws), WatermarkModel.Bounding.Drawn);

        Assert.Null(skipped);
        Assert.True(visited > 1_000, $"Only {visited} states were visited.");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_model_finds_the_event_that_a_simpler_reader_skips(bool usesSnapshotEnd) =>
        Assert.NotNull(Visit(WatermarkModel.Start(1, 1, 1), usesSnapshotEnd ? WatermarkModel.Bounding.SnapshotEnd : WatermarkModel.Bounding.None).Skipped);

    private static (int Visited, WatermarkModel? Skipped) Visit(WatermarkModel start, WatermarkModel.Bounding bounding)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal) { start.Key() };
        var open = new Stack<WatermarkModel>([start]);
        while (open.TryPop(out var state))
        {
            if (state.IsOver && bounding == WatermarkModel.Bounding.Drawn)
            {
                // Everything has ended: the reader needs few steps to have it all.
                var read = Enumerable.Range(0, 6).Aggregate(state, (current, _) => current.ReaderStep(bounding));
                Assert.Equal(state.Visible.DefaultIfEmpty((int)state.Reader.Settled).Max(), read.Reader.Settled);
            }

            foreach (var next in state.Next(bounding))
            {
                if (next.Visible.Except(state.Visible).Any(position => position <= state.Reader.Settled))
                {
                    return (seen.Count, next);
                }

                if (next.NextId <= MaximumIds(start) && seen.Add(next.Key()))
                {
                    open.Push(next);
                }
            }
        }

        return (seen.Count, null);
    }

    // The reader can draw an id whenever it meets a new gap, so the number of states is finite only with a bound; no run needs more than this.
    private static int MaximumIds(WatermarkModel start) => start.Writers.Length + 8;
}
