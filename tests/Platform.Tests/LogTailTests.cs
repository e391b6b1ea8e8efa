using ModularMonolith.Platform.IntegrationLog;

namespace ModularMonolith.Platform.Tests;

public sealed class LogTailTests
{
    private readonly LogTail _tail = new();

    public LogTailTests() => _tail.StartFrom(10);

    [Fact]
    public void Finds_the_events_of_the_names_between_the_positions_in_their_order()
    {
        _tail.Add([At(11, "a"), At(13, "b"), At(14, "a"), At(15, "c")], 15);
        _tail.Add([At(17, "a"), At(18, "a")], 18);

        Assert.Equal([14, 15, 17], Positions(_tail.Find(["a", "c"], 11, 17, false, 10)));
        Assert.Equal([11, 14], Positions(_tail.Find(["a"], 10, 18, false, 2)));
        Assert.Empty(_tail.Find(["d"], 10, 18, false, 10)!);
    }

    [Fact]
    public void Leaves_out_what_was_imported_for_those_who_carry_events_elsewhere()
    {
        _tail.Add([At(11, "a"), At(12, "a") with { IsImported = true }], 12);

        Assert.Equal([11], Positions(_tail.Find(["a"], 10, 12, true, 10)));
        Assert.Equal([11, 12], Positions(_tail.Find(["a"], 10, 12, false, 10)));
    }

    [Fact]
    public void Knows_nothing_of_what_came_before_it_or_is_not_settled_here_yet()
    {
        _tail.Add([At(11, "a")], 12);

        Assert.Null(_tail.Find(["a"], 9, 12, false, 10));
        Assert.Null(_tail.Find(["a"], 10, 13, false, 10));
        Assert.NotNull(_tail.Find(["a"], 10, 12, false, 10));
    }

    [Theory]
    [InlineData(10, 10_000)]
    [InlineData(100_000, 1_000)]
    public void Forgets_the_oldest_events_and_says_so(int characters, int count)
    {
        for (var position = 11; position < 11 + count; position++)
        {
            _tail.Add([At(position, "a", characters)], position);
        }

        var last = 10 + count;
        var oldest = Enumerable.Range(10, count).First(after => _tail.Find(["a"], after, last, false, int.MaxValue) is not null);
        Assert.InRange((long)(last - oldest) * characters, 1, 8_000_000);
        Assert.InRange(last - oldest, 1, 4_000);
        Assert.Equal(Enumerable.Range(oldest + 1, last - oldest).Select(static position => (long)position), Positions(_tail.Find(["a"], oldest, last, false, int.MaxValue)));
    }

    private static IEnumerable<long> Positions(List<LogMessage>? found) => found!.Select(static message => message.Position);

    private static TailMessage At(long position, string name, int characters = 2) =>
        new(new LogMessage(position, Guid.Empty, "tests", name, 1, "key", new string(' ', characters), "{}", default), false);
}
