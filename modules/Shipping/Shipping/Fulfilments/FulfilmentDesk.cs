using JasperFx.Events;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Shipping.Contracts;
using ModularMonolith.Shipping.Labels;
using ModularMonolith.Shipping.Tracking;

namespace ModularMonolith.Shipping.Fulfilments;

/// <summary>A shipment in the stream of its fulfilment, to be changed.</summary>
/// <param name="Stream">The stream, to which events are appended.</param>
/// <param name="Fulfilment">A copy that follows the events, so that what is answered is what will be stored; the stream's own is for its projection.</param>
/// <param name="Shipment">The shipment in the copy.</param>
internal sealed record OpenShipment(IEventStream<Fulfilment> Stream, Fulfilment Fulfilment, Shipment Shipment)
{
    public Guid OrderId => Fulfilment.Id;

    /// <summary>The shipment with what was done to it, and the version that it will have.</summary>
    public Versioned<ShipmentView> View() => new(ShipmentView.Of(OrderId, Shipment), Fulfilment.Version + Stream.Events.Count);
}

/// <summary>Finds shipments, and does to them what more than one use case does.</summary>
internal sealed class FulfilmentDesk(IModuleSession<IShippingStore> session, ShippingMetrics metrics, TimeProvider time)
{
    /// <summary>The shipment, for a change.</summary>
    /// <exception cref="ProblemException">404.</exception>
    public async Task<OpenShipment> RequireAsync(Guid shipmentId, CancellationToken cancellationToken)
    {
        var entry = await session.Documents.LoadAsync<ShipmentEntry>(shipmentId, cancellationToken) ?? throw ProblemException.NotFound("shipment", shipmentId);
        return await FindAsync(entry.OrderId, shipmentId, cancellationToken) ?? throw ProblemException.NotFound("shipment", shipmentId);
    }

    /// <summary>The shipment of an order, for a change; null when there is none.</summary>
    public async Task<OpenShipment?> FindAsync(Guid orderId, Guid shipmentId, CancellationToken cancellationToken)
    {
        var stream = await session.Events.FetchForWriting<Fulfilment>(orderId, cancellationToken);
        return stream.Aggregate?.Copy() is { } fulfilment && fulfilment.Find(shipmentId) is { } shipment ? new OpenShipment(stream, fulfilment, shipment) : null;
    }

    /// <summary>The shipment was released: it needs a label, or is ready to be fetched.</summary>
    public void Release(OpenShipment open)
    {
        var before = open.Fulfilment.Discrepancy;
        var released = new Released(open.Shipment.Id, time.GetUtcNow());
        open.Stream.AppendOne(released);
        open.Fulfilment.Apply(released);
        metrics.Discrepancy(open.Fulfilment.Discrepancy - before);
        AskForLabel(open);
    }

    /// <summary>Has the carrier asked for a label once this unit of work is committed.</summary>
    public void AskForLabel(OpenShipment open)
    {
        if (open.Shipment.NeedsLabel)
        {
            session.Schedule(open.Shipment.Id, time.GetUtcNow(), new MakeLabel(open.OrderId, open.Shipment.Id));
        }
    }

    /// <summary>The label is not good any more, or was given up: another one is made.</summary>
    public void RequestLabel(OpenShipment open)
    {
        var requested = new LabelRequested(open.Shipment.Id, open.Shipment.LabelSequence + 1, time.GetUtcNow());
        open.Stream.AppendOne(requested);
        open.Fulfilment.Apply(requested);
        AskForLabel(open);
    }

    /// <summary>What has not left goes elsewhere: all labels are made anew.</summary>
    public void RelabelAll(IEventStream<Fulfilment> stream, Fulfilment fulfilment)
    {
        foreach (var shipment in fulfilment.Shipments.Where(static shipment => shipment.Status is ShipmentStatus.Released or ShipmentStatus.Ready))
        {
            RequestLabel(new OpenShipment(stream, fulfilment, shipment));
        }
    }

    /// <summary>A released and labelled shipment leaves with the carrier, or with the customer.</summary>
    public void Dispatch(OpenShipment open)
    {
        var (shipment, now) = (open.Shipment, time.GetUtcNow());
        if (shipment.IsPickup)
        {
            var handedOver = new HandedOver(shipment.Id, now);
            open.Stream.AppendOne(handedOver);
            open.Fulfilment.Apply(handedOver);
            session.Publish(new ShipmentDispatched(open.OrderId, shipment.Id, null, null, now, shipment.TrackingToken));
            session.Publish(new ShipmentDelivered(open.OrderId, shipment.Id, now));
            metrics.Shipment("handed-over");
            return;
        }

        var dispatched = new Dispatched(shipment.Id, now);
        open.Stream.AppendOne(dispatched);
        open.Fulfilment.Apply(dispatched);
        session.Publish(new ShipmentDispatched(open.OrderId, shipment.Id, shipment.Carrier, shipment.TrackingNumber, now, shipment.TrackingToken));
        metrics.Shipment("dispatched");
    }

    /// <summary>The carrier says where the shipment is. What was said before changes nothing.</summary>
    /// <exception cref="ProblemException">409 when it cannot have left.</exception>
    public void Track(OpenShipment open, TrackingStatus status, DateTimeOffset occurredAt, string? eventId, string? place)
    {
        var shipment = open.Shipment;
        if (shipment.IsPickup)
        {
            throw new ProblemException(ProblemTypes.IllegalState, "The customer fetches this shipment, so no carrier has it.").With("state", shipment.Status);
        }

        if (shipment.Knows(status, occurredAt, eventId))
        {
            return;
        }

        ShipmentTransitions.Next(shipment.Status, ShipmentTransitions.ActionOf(status));
        if (shipment.Status == ShipmentStatus.Ready)
        {
            Dispatch(open);
        }

        var before = shipment.Status;
        var tracked = new Tracked(shipment.Id, status, occurredAt, eventId, place, time.GetUtcNow());
        open.Stream.AppendOne(tracked);
        open.Fulfilment.Apply(tracked);
        if (shipment.Status == before)
        {
            return;
        }

        metrics.Shipment(Words.Of(shipment.Status));
        if (Told(open, before, occurredAt) is { } told)
        {
            session.Publish(told);
        }

        Keep(open, before, occurredAt);
    }

    /// <summary>Nobody has fetched the shipment from the pickup point, and its time is over.</summary>
    public void EndPickup(OpenShipment open)
    {
        var ended = new PickupEnded(open.Shipment.Id, time.GetUtcNow());
        open.Stream.AppendOne(ended);
        open.Fulfilment.Apply(ended);
        session.Publish(new ShipmentNotCollected(open.OrderId, ended.ShipmentId, ended.EndedAt));
        metrics.Shipment(Words.Of(open.Shipment.Status));
    }

    // The shipment's timer is free for this: its label was made before it left.
    private void Keep(OpenShipment open, ShipmentStatus before, DateTimeOffset occurredAt)
    {
        var shipment = open.Shipment;
        if (shipment.Status == ShipmentStatus.ReadyForPickup)
        {
            session.Publish(new ShipmentReadyForPickup(open.OrderId, shipment.Id, occurredAt, shipment.CollectBy));
            if (shipment.CollectBy is { } end)
            {
                session.Schedule(shipment.Id, end, new EndPickup(open.OrderId, shipment.Id));
            }
        }
        else if (before == ShipmentStatus.ReadyForPickup)
        {
            session.Unschedule(shipment.Id);
        }
    }

    private static IIntegrationEvent? Told(OpenShipment open, ShipmentStatus before, DateTimeOffset at) => open.Shipment.Status switch
    {
        ShipmentStatus.Delivered or ShipmentStatus.Collected => new ShipmentDelivered(open.OrderId, open.Shipment.Id, at),
        ShipmentStatus.ReturnedToSender => new ShipmentReturnedToSender(open.OrderId, open.Shipment.Id, at),
        ShipmentStatus.Lost => new ShipmentLost(open.OrderId, open.Shipment.Id, at),
        ShipmentStatus.InTransit or ShipmentStatus.OutForDelivery or ShipmentStatus.AttemptFailed when before == ShipmentStatus.ReadyForPickup => new ShipmentLeftPickupPoint(open.OrderId, open.Shipment.Id, at),
        _ => before == ShipmentStatus.Lost ? new ShipmentFound(open.OrderId, open.Shipment.Id, at) : null,
    };
}
