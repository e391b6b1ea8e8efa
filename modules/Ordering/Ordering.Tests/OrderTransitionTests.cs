using ModularMonolith.Ordering.Orders;
using ModularMonolith.Platform.Testing;

namespace ModularMonolith.Ordering.Tests;

public sealed class OrderTransitionTests
{
    private static readonly TransitionTable Table = new("""
                   Pay   Confirm    Ship     Cancel     Reject    Authorise  Decline    Pack       CancelLines  Edit       Return     Refund     Complete   Replace
        Placed     Paid  Confirmed  -        Cancelled  Rejected  =          Cancelled  -          =            =          -          -          -          -
        Paid       -     Confirmed  -        Cancelled  Rejected  -          -          -          =            =          -          -          -          -
        Confirmed  -     -          Shipped  Cancelled  -         -          -          =          =            =          =          =          -          =
        Shipped    -     -          -        -          -         -          -          -          -            -          =          =          Completed  =
        Cancelled  -     -          -        -          -         -          -          -          -            -          -          -          -          -
        Rejected   -     -          -        -          -         -          -          -          -            -          -          -          -          -
        Completed  -     -          -        -          -         -          -          -          -            -          =          =          -          =
        """);

    [Fact]
    public void An_order_moves_only_as_the_table_says() => Assert.Empty(Table.Differences<OrderStatus, OrderAction>(OrderTransitions.Allows, OrderTransitions.Next));

    [Fact]
    public void The_page_shows_the_states_as_they_are() => StateDiagram
        .Of<OrderStatus, OrderAction>("the states of an order", OrderStatus.Placed, "place", OrderTransitions.Next)
        .CheckShownOn("docs/modules/ordering.md");
}
