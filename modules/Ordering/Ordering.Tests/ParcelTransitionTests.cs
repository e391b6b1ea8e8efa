using ModularMonolith.Ordering.Shipments;
using ModularMonolith.Platform.Testing;

namespace ModularMonolith.Ordering.Tests;

public sealed class ParcelTransitionTests
{
    private static readonly TransitionTable Table = new("""
                          Release   Refuse   Dispatch    Arrive          EndPickup     Leave       Deliver    Lose  Find        Return
        Packed            Released  Refused  -           -               -             -           -          -     -           -
        Released          -         -        Dispatched  ReadyForPickup  -             -           Delivered  Lost  -           ReturnedToSender
        Refused           -         -        -           -               -             -           -          -     -           -
        Dispatched        -         -        -           ReadyForPickup  -             -           Delivered  Lost  -           ReturnedToSender
        ReadyForPickup    -         -        -           -               NotCollected  Dispatched  Delivered  Lost  -           ReturnedToSender
        NotCollected      -         -        -           ReadyForPickup  -             -           Delivered  Lost  -           ReturnedToSender
        Lost              -         -        -           ReadyForPickup  -             -           Delivered  -     Dispatched  ReturnedToSender
        Delivered         -         -        -           -               -             -           -          -     -           -
        ReturnedToSender  -         -        -           -               -             -           -          -     -           -
        """);

    [Fact]
    public void A_parcel_moves_only_as_the_table_says() => Assert.Empty(Table.Differences<ParcelState, ParcelAction>(ParcelTransitions.Allows, ParcelTransitions.Next));

    [Fact]
    public void The_page_shows_the_states_as_they_are() => StateDiagram
        .Of<ParcelState, ParcelAction>("the states of a parcel", ParcelState.Packed, "pack", ParcelTransitions.Next)
        .CheckShownOn("docs/modules/ordering.md");
}
