using System.Net;
using ModularMonolith.Platform.Testing;
using ModularMonolith.Shipping.Contracts;
using ModularMonolith.Shipping.Fulfilments;
using ModularMonolith.Shipping.Labels;

namespace ModularMonolith.Shipping.Tests;

public sealed class ShipmentTransitionTests(ShippingHost shipping) : IClassFixture<ShippingHost>
{
    private static readonly TransitionTable Table = new("""
                         Release  Refuse   Label Relabel  Dispatch   HandOver  Move      GoOut          FailAttempt   Deliver   Return           Lose Arrive         Collect   EndPickup
        Packed           Released Unpacked -     -        -          -         -         -              -             -         -                -    -              -         -
        Released         -        -        Ready =        -          -         -         -              -             -         -                -    -              -         -
        Ready            -        -        -     Released Dispatched Collected InTransit OutForDelivery AttemptFailed Delivered ReturnedToSender Lost ReadyForPickup Collected -
        Dispatched       -        -        -     -        -          -         InTransit OutForDelivery AttemptFailed Delivered ReturnedToSender Lost ReadyForPickup Collected -
        InTransit        -        -        -     -        -          -         =         OutForDelivery AttemptFailed Delivered ReturnedToSender Lost ReadyForPickup Collected -
        OutForDelivery   -        -        -     -        -          -         InTransit =              AttemptFailed Delivered ReturnedToSender Lost ReadyForPickup Collected -
        AttemptFailed    -        -        -     -        -          -         InTransit OutForDelivery =             Delivered ReturnedToSender Lost ReadyForPickup Collected -
        Delivered        -        -        -     -        -          -         =         =              =             =         =                =    =              =         -
        ReturnedToSender -        -        -     -        -          -         =         =              =             =         =                =    =              =         -
        Lost             -        -        -     -        -          -         InTransit OutForDelivery AttemptFailed Delivered ReturnedToSender =    ReadyForPickup Collected -
        Unpacked         -        -        -     -        -          -         -         -              -             -         -                -    -              -         -
        ReadyForPickup   -        -        -     -        -          -         InTransit OutForDelivery AttemptFailed Delivered ReturnedToSender Lost =              Collected NotCollected
        Collected        -        -        -     -        -          -         =         =              =             =         =                =    =              =         -
        NotCollected     -        -        -     -        -          -         InTransit OutForDelivery AttemptFailed Delivered ReturnedToSender Lost ReadyForPickup Collected -
        """);

    private static readonly string[] Reports = ["inTransit", "outForDelivery", "attemptFailed", "delivered", "returnedToSender", "lost", "readyForPickup", "collected"];

    public static TheoryData<string> Statuses() => [.. Table.Statuses];

    [Fact]
    public void A_shipment_moves_only_as_the_table_says() => Assert.Empty(Table.Differences<ShipmentStatus, ShipmentAction>(ShipmentTransitions.Allows, ShipmentTransitions.Next));

    [Fact]
    public void The_page_shows_the_states_as_they_are() => StateDiagram
        .Of<ShipmentStatus, ShipmentAction>("the states of a shipment", ShipmentStatus.Packed, "pack", ShipmentTransitions.Next)
        .CheckShownOn("docs/modules/shipping.md");

    /// <summary>Every command that people and carriers have, and every word that is told to Shipping, at a real shipment in every status.</summary>
    [Theory]
    [MemberData(nameof(Statuses))]
    public async Task Every_command_answers_in_every_status_as_the_table_says(string status)
    {
        var order = await shipping.RequestedAsync(ShippingHost.Berlin, ShippingHost.Kiosk, 13);

        var dispatched = await shipping.DispatchAsync(await InAsync(order, status));
        AssertAnswer(dispatched, HasLeft(status) ? status : After(status, ShipmentAction.Dispatch), status);
        var relabelled = await shipping.PostAsync($"shipments/{await InAsync(order, status)}/label");
        AssertAnswer(relabelled, After(status, ShipmentAction.Relabel) is null ? null : status, status);
        foreach (var report in Reports)
        {
            var tracked = await shipping.TrackAsync(await InAsync(order, status), report);
            AssertAnswer(tracked, After(status, ShipmentTransitions.ActionOf(Enum.Parse<TrackingStatus>(report, true))), status);
        }

        var (released, refused, fence) = (await InAsync(order, status), await InAsync(order, status), await shipping.PackedAsync(order, (0, 1)));
        await shipping.ReleaseAsync(order, released);
        await shipping.Host.PublishAsync(new ShipmentRefused(order.Id, refused, "Not paid"));
        if (status != "Packed")
        {
            await shipping.ReleaseAsync(order, fence);
            await Eventually.TrueAsync(async () => (await shipping.GetAsync($"shipments/{fence}"))["status"] is not "packed");
        }

        await shipping.StatusAsync(released, status == "Packed" ? "ready" : Words.Of(Enum.Parse<ShipmentStatus>(status)));
        await shipping.StatusAsync(refused, status == "Packed" ? "unpacked" : Words.Of(Enum.Parse<ShipmentStatus>(status)));
    }

    private static bool HasLeft(string status) => After(status, ShipmentAction.Move) is not null && status != "Ready";

    private static string? After(string status, ShipmentAction action) => Table.After(status, action.ToString());

    private static void AssertAnswer(Answer answer, string? expected, string status)
    {
        if (expected is null)
        {
            Assert.Equal(Words.Of(Enum.Parse<ShipmentStatus>(status)), answer.Problem(HttpStatusCode.Conflict, "illegal-state").GetProperty("state").GetString());
        }
        else
        {
            Assert.Equal(Words.Of(Enum.Parse<ShipmentStatus>(expected)), answer.Expect(HttpStatusCode.OK)["status"]);
        }
    }

    private async Task<Guid> InAsync(Order order, string status)
    {
        var shipment = await shipping.PackedAsync(order, (0, 1));
        switch (status)
        {
            case "Packed":
                return shipment;
            case "Unpacked":
                await shipping.Host.PublishAsync(new ShipmentRefused(order.Id, shipment, "Not paid"));
                await shipping.StatusAsync(shipment, "unpacked");
                return shipment;
            case "Released":
                shipping.Labels.Scripts[ShippingHost.Berlin.Name] = static (_, _) => throw new LabelRefusedException("There is no such street.");
                break;
            default:
                break;
        }

        await shipping.ReleaseAsync(order, shipment);
        if (status == "Released")
        {
            await Eventually.Async(() => shipping.GetAsync($"shipments/{shipment}"), static answer => answer["labelProblem"] is { Length: > 0 });
            shipping.Labels.Scripts.TryRemove(ShippingHost.Berlin.Name, out _);
            return shipment;
        }

        await shipping.StatusAsync(shipment, "ready");
        if (status == "Dispatched")
        {
            (await shipping.DispatchAsync(shipment)).Expect(HttpStatusCode.OK);
        }
        else if (status == "NotCollected")
        {
            (await shipping.TrackAsync(shipment, "readyForPickup", 25 * 60)).Expect(HttpStatusCode.OK);
            await shipping.StatusAsync(shipment, "notCollected");
        }
        else if (status != "Ready")
        {
            (await shipping.TrackAsync(shipment, Words.Of(Enum.Parse<ShipmentStatus>(status)), 5)).Expect(HttpStatusCode.OK);
        }

        return shipment;
    }
}
