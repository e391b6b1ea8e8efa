using MediatR;
using Microsoft.Extensions.Logging;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Timers;
using ModularMonolith.Shipping.Fulfilments;

namespace ModularMonolith.Shipping.Labels;

/// <summary>
/// Asks the carrier for the label that a shipment needs now. The carrier is asked while no transaction is open; what it answers is recorded afterwards, if the shipment still needs
/// that label. A host that dies in between leaves the timer, and the same key gets the same label.
/// </summary>
[Timer("make-label")]
[RetryOnConflict]
internal sealed record MakeLabel(Guid OrderId, Guid ShipmentId) : ICommand;

internal sealed partial class MakeLabelHandler(
    IModuleSession<IShippingStore> session, FulfilmentDesk desk, ILabelProvider labels, ShippingSettings settings, ShippingMetrics metrics, TimeProvider time, ILogger<MakeLabelHandler> logger)
    : IRequestHandler<MakeLabel, Unit>
{
    private const int Attempts = 10;
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(10);

    public async Task<Unit> Handle(MakeLabel request, CancellationToken cancellationToken)
    {
        if (await NeededAsync(request, cancellationToken) is not var (sequence, asked))
        {
            return Unit.Value;
        }

        var (label, failure) = await AskAsync(asked, cancellationToken);
        if (await desk.FindAsync(request.OrderId, request.ShipmentId, cancellationToken) is { Shipment.NeedsLabel: true } open && open.Shipment.LabelSequence == sequence)
        {
            Record(open, sequence, label, failure);
            await RememberAsync(open, label, cancellationToken);
        }

        return Unit.Value;
    }

    private async Task<(int Sequence, LabelRequest Asked)?> NeededAsync(MakeLabel request, CancellationToken cancellationToken)
    {
        await using var query = session.Store.QuerySession();
        var fulfilment = await query.LoadAsync<Fulfilment>(request.OrderId, cancellationToken);
        return fulfilment is { Address: { } address } && fulfilment.Find(request.ShipmentId) is { NeedsLabel: true } shipment
            ? (shipment.LabelSequence, new LabelRequest($"{shipment.Id:N}-{shipment.LabelSequence}", shipment.Id, fulfilment.Method, address, shipment.Parcels, fulfilment.PickupPoint))
            : null;
    }

    private async Task<(MadeLabel? Label, Exception? Failure)> AskAsync(LabelRequest asked, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(settings.LabelDeadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            return (await labels.MakeAsync(asked, either.Token).WaitAsync(either.Token), null);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            return (null, failure);
        }
    }

    private void Record(OpenShipment open, int sequence, MadeLabel? label, Exception? failure)
    {
        var (shipment, now) = (open.Shipment, time.GetUtcNow());
        if (label is not null)
        {
            var labelled = new Labelled(shipment.Id, sequence, label.Carrier, label.TrackingNumber, now);
            open.Stream.AppendOne(labelled);
            open.Fulfilment.Apply(labelled);
            return;
        }

        var isFinal = failure is LabelRefusedException || shipment.LabelFailures + 1 >= Attempts;
        var reason = failure switch
        {
            LabelRefusedException refused => refused.Message,
            OperationCanceledException => $"The carrier did not answer within {settings.LabelDeadline.TotalSeconds:0} seconds.",
            _ => "The carrier could not be asked.",
        };
        LogFailed(open.OrderId, shipment.Id, shipment.LabelFailures + 1, isFinal ? "nobody asks again until the staff does" : "it is asked again", failure);
        metrics.LabelFailed(isFinal);
        open.Stream.AppendOne(new LabelFailed(shipment.Id, sequence, reason, isFinal, now));
        if (!isFinal)
        {
            var pause = TimeSpan.FromSeconds(1L << shipment.LabelFailures);
            session.Schedule(shipment.Id, now + (pause < LongestPause ? pause : LongestPause), new MakeLabel(open.OrderId, shipment.Id));
        }
    }

    private async Task RememberAsync(OpenShipment open, MadeLabel? label, CancellationToken cancellationToken)
    {
        if (label is not null && await session.Documents.LoadAsync<ShipmentEntry>(open.Shipment.Id, cancellationToken) is { } entry)
        {
            entry.TrackingNumber = label.TrackingNumber;
            session.Documents.Store(entry);
            session.Documents.Store(new LabelDocument { Id = open.Shipment.Id, MediaType = label.MediaType, Content = label.Content });
        }
    }

    [LoggerMessage(LogLevel.Warning, "Order {OrderId}: the carrier made no label for shipment {ShipmentId} (attempt {Attempt}); {Next}.")]
    private partial void LogFailed(Guid orderId, Guid shipmentId, int attempt, string next, Exception? failure);
}
