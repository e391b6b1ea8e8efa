using Carter;
using JasperFx.Events;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Ordering.Replacements;
using ModularMonolith.Ordering.Shipments;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Ordering.Orders;

internal sealed record GetOrderTimeline(Guid OrderId) : IQuery<OrderTimeline>;

/// <summary>What happened to an order, in words.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Entries">Oldest first; as many as the order has events that the caller may see.</param>
internal sealed record OrderTimeline(Guid OrderId, IReadOnlyList<OrderTimelineEntry> Entries);

/// <summary>One thing that happened.</summary>
/// <param name="At">When it was recorded.</param>
/// <param name="Kind">What, for programs: the name of the event.</param>
/// <param name="Text">What, in a sentence.</param>
internal sealed record OrderTimelineEntry(DateTimeOffset At, string Kind, string Text);

internal sealed class GetOrderTimelineEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/orders/{id:guid}/timeline", static async (Guid id, ISender sender, CancellationToken cancellationToken) =>
            Results.Ok(await sender.Send(new GetOrderTimeline(id), cancellationToken)))
        .RequireSubject()
        .WithName("GetOrderTimeline")
        .WithSummary("What happened to an order, in words, oldest first.")
        .Produces<OrderTimeline>()
        .ProducesProblem(StatusCodes.Status404NotFound);
}

internal sealed class GetOrderTimelineHandler(IModuleSession<IOrderingStore> session, Ownership ownership) : IRequestHandler<GetOrderTimeline, OrderTimeline>
{
    public async Task<OrderTimeline> Handle(GetOrderTimeline request, CancellationToken cancellationToken)
    {
        var events = await session.Events.FetchStreamAsync(request.OrderId, token: cancellationToken);
        var order = ownership.Require(OrderFold.Of(request.OrderId, events), request.OrderId, Ownership.ReadAll);
        var isStaff = ownership.SeesAll;
        return new OrderTimeline(request.OrderId, [.. events.Where(entry => isStaff || entry.Data is not NoteAdded { IsForCustomer: false }).Select(entry => EntryOf(order, entry))]);
    }

    private static OrderTimelineEntry EntryOf(Order order, IEvent entry) => new(entry.Timestamp, entry.EventTypeName, OrderWords.Of(order, entry.Data));
}

/// <summary>What events mean to people.</summary>
internal static class OrderWords
{
    public static string Of(Order order, object orderEvent) => orderEvent switch
    {
        Placed placed => $"The order was placed: {Pieces(placed.Lines.Sum(static line => line.Quantity))} for {placed.Total}.",
        Paid paid => $"{paid.Amount ?? order.Total} were paid.",
        Authorised authorised => $"The payment of {authorised.Amount} was authorised.",
        ActionRequired => "The customer has to allow the payment.",
        Declined declined => $"The payment was declined: {declined.Reason}",
        Voided => "What was authorised and not taken was given back.",
        Confirmed => "The order was confirmed: payment and stock are certain.",
        FulfilmentBegun => "The warehouse was told to pack.",
        Packed packed => $"A parcel was packed: {Pieces(packed.Lines.Sum(static line => line.Quantity))}.",
        Captured captured => $"{captured.Amount} were taken for a parcel.",
        Released => "A parcel may leave.",
        Refused refused => $"A parcel must not leave: {refused.Reason}",
        Dispatched { Carrier: null } => "A parcel was handed over.",
        Dispatched dispatched => $"A parcel has left with {dispatched.Carrier}{(dispatched.TrackingNumber is { } number ? ", number " + number : string.Empty)}.",
        Delivered => "A parcel was delivered.",
        Shipped => "All of the order has left.",
        Lost => "A parcel was lost.",
        Found => "A parcel that was lost has been found.",
        CameBack => "A parcel could not be delivered and comes back.",
        ReadyForPickup { CollectBy: { } end } => $"A parcel is at the pickup point and can be fetched there until {end:yyyy-MM-dd HH:mm} UTC.",
        ReadyForPickup => "A parcel is at the pickup point and can be fetched there.",
        LeftPickupPoint => "A parcel has left the pickup point and is on its way again.",
        NotCollected => "A parcel was not fetched from the pickup point in time and goes back.",
        ParcelReceived received => $"A parcel that came back is here: {Pieces(received.Lines.Sum(static line => line.Quantity))}.",
        ParcelRefunded => "What did not arrive is paid back.",
        ReplacementBegun { Cause: ReplacementCause.Exchange } begun => $"{Pieces(begun.Lines.Sum(static line => line.Quantity))} {(begun.Lines.Sum(static line => line.Quantity) == 1 ? "is" : "are")} to be sent in exchange.",
        ReplacementBegun begun => $"{Pieces(begun.Lines.Sum(static line => line.Quantity))} {(begun.Lines.Sum(static line => line.Quantity) == 1 ? "is" : "are")} to be sent again.",
        ReplacementStocked stocked when stocked.Sources.Any(static line => line.IsBackordered) => "What is sent instead has to arrive first.",
        ReplacementStocked => "What is sent instead is there.",
        ReplacementArrived => "What is sent instead has arrived.",
        ReplacementGivenUp { Lines: { } lines } givenUp => $"Not all is sent instead, {Pieces(lines.Sum(static line => line.Quantity))} less: {givenUp.Reason}",
        ReplacementGivenUp givenUp => $"Nothing is sent instead: {givenUp.Reason}",
        ReplacementCalledOff calledOff => $"Nothing is sent again after all: {calledOff.Reason}",
        RefundDeferred => "The refund waits for what is exchanged.",
        Completed => order.Parcels.Any(static parcel => parcel.Settlement == ParcelSettlement.Refunded) ? "All of the order was delivered or paid back." : "All of the order was delivered.",
        LinesCancelled cancelled => $"{Pieces(cancelled.Lines.Sum(static line => line.Quantity))} were cancelled: {cancelled.Reason}",
        Cancelled cancelled => $"The order was cancelled: {cancelled.Reason}",
        Rejected rejected => $"The order was rejected: {rejected.Reason}",
        Edited => "Addresses were changed.",
        NoteAdded note => $"Note: {note.Text}",
        GoodsBack back => $"{Pieces(back.Lines.Sum(static line => line.Quantity))} came back.",
        RefundBegun begun => $"{begun.Total} are to be given back: {begun.Reason}",
        RefundRepeated => "A refund is tried again.",
        Refunded refunded => $"{refunded.Amount} were given back.",
        RefundRefused refused => $"A refund has failed: {refused.Reason}",
        RefundCameBack back => $"{back.Amount} that had been given back have come back: {back.Reason}",
        RefundSettled settled => $"{settled.Amount} were given back in another way: {settled.Reason}",
        _ => throw new InvalidOperationException($"{orderEvent.GetType().Name} is no event of an order."),
    };

    private static string Pieces(int count) => count == 1 ? "1 piece" : $"{count} pieces";
}
