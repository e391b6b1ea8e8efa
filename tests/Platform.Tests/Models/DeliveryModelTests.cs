namespace ModularMonolith.Platform.Tests.Models;

public sealed class DeliveryModelTests
{
    [Fact]
    public void No_interleaving_of_two_workers_crashes_and_failures_doubles_an_effect_or_breaks_the_order()
    {
        var (visited, broken, done) = Visit(DeliveryModel.Without.Nothing);

        Assert.Null(broken);
        Assert.True(visited > 300, $"Only {visited} states were visited.");
        Assert.All(done, static state => Assert.Equal(DeliveryModel.Events, state.Effects.Length));
        Assert.NotEmpty(done);
    }

    [Theory]
    [InlineData(nameof(DeliveryModel.Without.ExpectedPosition))]
    [InlineData(nameof(DeliveryModel.Without.ExpectedState))]
    [InlineData(nameof(DeliveryModel.Without.OrderOfKey))]
    public void Each_safeguard_is_needed(string without) => Assert.NotNull(Visit(Enum.Parse<DeliveryModel.Without>(without)).Broken);

    private static (int Visited, DeliveryModel? Broken, List<DeliveryModel> Done) Visit(DeliveryModel.Without without)
    {
        var start = DeliveryModel.Start();
        var seen = new HashSet<string>(StringComparer.Ordinal) { start.Key() };
        var open = new Stack<DeliveryModel>([start]);
        var done = new List<DeliveryModel>();
        while (open.TryPop(out var state))
        {
            if (!state.IsSound)
            {
                return (seen.Count, state, done);
            }

            if (state.IsDone)
            {
                done.Add(state);
            }

            foreach (var next in state.Next(without).Where(next => seen.Add(next.Key())))
            {
                open.Push(next);
            }
        }

        return (seen.Count, null, done);
    }
}
