using ModularMonolith.Ordering.Orders;
using ModularMonolith.Platform.Http;

namespace ModularMonolith.Ordering.Tests;

public sealed class OrderTransitionTests
{
    // Rows are statuses, columns are actions: Pay, Confirm, Ship, Cancel, Reject; "-" is refused.
    private const string Table = """
        Placed     Paid  -          -        Cancelled  Rejected
        Paid       -     Confirmed  -        Cancelled  Rejected
        Confirmed  -     -          Shipped  Cancelled  -
        Shipped    -     -          -        -          -
        Cancelled  -     -          -        -          -
        Rejected   -     -          -        -          -
        """;

    public static TheoryData<string, string, string> Cells()
    {
        var cells = new TheoryData<string, string, string>();
        foreach (var row in Table.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)))
        {
            foreach (var (action, next) in Enum.GetNames<OrderAction>().Zip(row.Skip(1)))
            {
                cells.Add(row[0], action, next);
            }
        }

        return cells;
    }

    [Fact]
    public void The_table_has_every_status_and_every_action() =>
        Assert.Equal(Enum.GetValues<OrderStatus>().Length * Enum.GetValues<OrderAction>().Length, Cells().Count);

    [Theory]
    [MemberData(nameof(Cells))]
    public void An_order_moves_only_as_the_table_says(string status, string action, string next)
    {
        var from = Enum.Parse<OrderStatus>(status);
        var by = Enum.Parse<OrderAction>(action);

        if (next != "-")
        {
            Assert.True(OrderTransitions.Allows(from, by));
            Assert.Equal(Enum.Parse<OrderStatus>(next), OrderTransitions.Next(from, by));
            return;
        }

        Assert.False(OrderTransitions.Allows(from, by));
        var refused = Assert.Throws<ProblemException>(() => OrderTransitions.Next(from, by));
        Assert.Equal(ProblemTypes.IllegalState, refused.Type);
        Assert.Contains(status, refused.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(from, refused.Extensions["state"]);
        var allowed = Assert.IsType<List<OrderAction>>(refused.Extensions["allowed"]);
        Assert.Equal(Enum.GetValues<OrderAction>().Where(other => OrderTransitions.Allows(from, other)), allowed);
        Assert.All(allowed, other => Assert.Contains(other.ToString(), refused.Message, StringComparison.OrdinalIgnoreCase));
    }
}
