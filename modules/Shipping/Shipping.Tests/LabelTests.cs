using System.Net;
using ModularMonolith.Platform.Testing;
using ModularMonolith.Shipping.Contracts;
using ModularMonolith.Shipping.Labels;

namespace ModularMonolith.Shipping.Tests;

/// <summary>On a host of its own, because the clock is set forward.</summary>
public sealed class LabelTests(ShippingHost shipping) : IClassFixture<ShippingHost>
{
    [Fact]
    public async Task A_released_shipment_gets_a_label_with_its_address()
    {
        var order = await shipping.RequestedAsync(ShippingHost.Berlin with { Company = "<script>alert(1)</script>" }, 1);
        var shipment = await shipping.PackedAsync(order, (0, 1));
        (await shipping.GetAsync($"shipments/{shipment}/label")).Problem(HttpStatusCode.NotFound, "not-found");

        await shipping.ReleaseAsync(order, shipment);
        var ready = await shipping.StatusAsync(shipment, "ready");

        var label = (await shipping.GetAsync($"shipments/{shipment}/label")).Expect(HttpStatusCode.OK).Text;
        Assert.Contains("Hauptstraße 1", label, StringComparison.Ordinal);
        Assert.Contains(ready["trackingNumber"]!, label, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", label, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_carrier_that_fails_is_asked_again_under_the_same_key_until_it_makes_the_label()
    {
        var address = ShippingHost.Berlin with { Name = "Fails twice" };
        shipping.Labels.Scripts[address.Name] = static (attempt, _) => attempt <= 2 ? throw new HttpRequestException("No route to the carrier.") : Task.CompletedTask;
        var order = await shipping.RequestedAsync(address, 1);
        var shipment = await shipping.PackedAsync(order, (0, 1));

        await shipping.ReleaseAsync(order, shipment);
        var failed = await Eventually.Async(() => shipping.GetAsync($"shipments/{shipment}"), static answer => answer["labelProblem"] is { Length: > 0 });
        await Eventually.TrueAsync(async () =>
        {
            shipping.Host.Time.Advance(TimeSpan.FromSeconds(1));
            return (await shipping.GetAsync($"shipments/{shipment}"))["status"] == "ready";
        });

        Assert.Equal(("released", "False", "The carrier could not be asked."), (failed["status"], failed["isLabelGivenUp"], failed["labelProblem"]));
        Assert.Single(shipping.Labels.Asked.Where(asked => asked.ShipmentId == shipment).Select(static asked => asked.Key).Distinct());
        Assert.Equal(3, shipping.Labels.Asked.Count(asked => asked.ShipmentId == shipment));
    }

    [Fact]
    public async Task A_carrier_that_does_not_answer_is_not_waited_for()
    {
        var address = ShippingHost.Berlin with { Name = "Hangs" };
        shipping.Labels.Scripts[address.Name] = static (attempt, cancellationToken) => attempt == 1 ? Task.Delay(Timeout.Infinite, cancellationToken) : Task.CompletedTask;
        var order = await shipping.RequestedAsync(address, 1);
        var shipment = await shipping.PackedAsync(order, (0, 1));

        await shipping.ReleaseAsync(order, shipment);

        var failed = await Eventually.Async(() => shipping.GetAsync($"shipments/{shipment}"), static answer => answer["labelProblem"] is { Length: > 0 });
        Assert.Equal("The carrier did not answer within 1 seconds.", failed["labelProblem"]);
    }

    [Fact]
    public async Task A_label_that_the_carrier_refuses_is_made_when_the_staff_asks_again()
    {
        var address = ShippingHost.Berlin with { Name = "Refused once" };
        shipping.Labels.Scripts[address.Name] = static (attempt, _) => attempt == 1 ? throw new LabelRefusedException("There is no such street.") : Task.CompletedTask;
        var order = await shipping.RequestedAsync(address, 1);
        var shipment = await shipping.PackedAsync(order, (0, 1));

        await shipping.ReleaseAsync(order, shipment);
        var refused = await Eventually.Async(() => shipping.GetAsync($"shipments/{shipment}"), static answer => answer["isLabelGivenUp"] == "True");
        (await shipping.DispatchAsync(shipment)).Problem(HttpStatusCode.Conflict, "illegal-state");
        Assert.Contains("\"labelProblems\":1", (await shipping.GetAsync("fulfilments?status=packed&limit=100")).Text, StringComparison.Ordinal);
        (await shipping.PostAsync($"shipments/{shipment}/label")).Expect(HttpStatusCode.OK);

        Assert.Equal("There is no such street.", refused["labelProblem"]);
        await shipping.StatusAsync(shipment, "ready");
    }

    [Fact]
    public async Task A_label_of_a_former_address_is_made_anew()
    {
        var order = await shipping.RequestedAsync(ShippingHost.Berlin, 2);
        var (ready, packed) = (await shipping.ReadyAsync(order, (0, 1)), await shipping.PackedAsync(order, (0, 1)));
        var former = (await shipping.GetAsync($"shipments/{ready}"))["trackingNumber"]!;

        await shipping.Host.PublishAsync(new FulfilmentReaddressed(order.Id, ShippingHost.Berlin with { Line1 = "Nebenstraße 2" }));

        var relabelled = await Eventually.Async(() => shipping.GetAsync($"shipments/{ready}"), answer => answer["status"] == "ready" && answer["trackingNumber"] != former);
        Assert.Contains("Nebenstraße 2", (await shipping.GetAsync($"shipments/{ready}/label")).Text, StringComparison.Ordinal);
        Assert.Equal("packed", (await shipping.GetAsync($"shipments/{packed}"))["status"]);
        (await shipping.ReportAsync(new { eventId = Guid.NewGuid(), trackingNumber = former, status = "inTransit", occurredAt = shipping.Host.Time.GetUtcNow() })).Problem(HttpStatusCode.NotFound, "not-found");
        (await shipping.ReportAsync(new { eventId = Guid.NewGuid(), trackingNumber = relabelled["trackingNumber"], status = "inTransit", occurredAt = shipping.Host.Time.GetUtcNow() })).Expect(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task An_address_does_not_change_for_what_has_left()
    {
        var order = await shipping.RequestedAsync(ShippingHost.Berlin, 2);
        var gone = await shipping.ReadyAsync(order, (0, 1));
        (await shipping.DispatchAsync(gone)).Expect(HttpStatusCode.OK);

        await shipping.Host.PublishAsync(new FulfilmentReaddressed(order.Id, ShippingHost.Berlin with { Line1 = "Nebenstraße 2" }));
        await shipping.FulfilmentAsync(order, static view => view.GetProperty("address").GetProperty("line1").GetString() == "Nebenstraße 2");
        var later = await shipping.ReadyAsync(order, (0, 1));

        Assert.Equal("dispatched", (await shipping.GetAsync($"shipments/{gone}"))["status"]);
        Assert.Equal("Hauptstraße 1", Assert.Single(shipping.Labels.Asked, asked => asked.ShipmentId == gone).Address.Line1);
        Assert.Equal("Nebenstraße 2", Assert.Single(shipping.Labels.Asked, asked => asked.ShipmentId == later).Address.Line1);
    }
}
