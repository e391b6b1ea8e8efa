using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Ordering.Orders;
using ModularMonolith.Ordering.Refunds;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Ordering.Shipments;

[RetryOnConflict]
internal sealed record RefundParcel(Guid OrderId, Guid ShipmentId, bool RefundsShipping, string? Reason) : ICommand<Versioned<OrderView>>;

/// <summary>How a parcel that did not arrive is paid back.</summary>
/// <param name="RefundsShipping">Whether the shipping is paid back too, once for an order.</param>
/// <param name="Reason">Why, in words for the customer; at most 500 characters.</param>
internal sealed record RefundParcelBody(bool RefundsShipping = false, string? Reason = null);

internal sealed class RefundParcelValidator : AbstractValidator<RefundParcel>
{
    public RefundParcelValidator() => RuleFor(command => command.Reason).MaximumLength(500).NoNul();
}

internal sealed class RefundParcelEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/orders/{id:guid}/shipments/{shipmentId:guid}/refund", static async (Guid id, Guid shipmentId, RefundParcelBody body, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var order = await sender.Send(new RefundParcel(id, shipmentId, body.RefundsShipping, body.Reason), cancellationToken);
            EntityTags.Write(http, order.Version);
            return Results.Ok(order.View);
        })
        .RequirePermission("ordering:manage")
        .SupportsDryRun()
        .WithName("RefundOrderShipment")
        .WithSummary("Gives back what was paid for a shipment that was lost, was not fetched or came back. Repeating it answers the same order.")
        .WithDescription("Should the shipment arrive after all, its goods are not refunded again when they are returned.")
        .Produces<OrderView>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict);
}

internal sealed class RefundParcelHandler(OrderDesk desk, OrderRefunds refunds, OrderShipments shipments) : IRequestHandler<RefundParcel, Versioned<OrderView>>
{
    public async Task<Versioned<OrderView>> Handle(RefundParcel request, CancellationToken cancellationToken)
    {
        var change = await desk.RequireAsync(request.OrderId, cancellationToken);
        var order = change.Order;
        var parcel = MissingParcels.Require(order, request.ShipmentId);
        if (parcel.Settlement == ParcelSettlement.Refunded)
        {
            return change.Answer;
        }

        OrderTransitions.Next(order.Status, OrderAction.Refund);
        MissingParcels.RefuseSettled(parcel);
        var refundId = DerivedId.Of(parcel.ShipmentId, "not delivered");
        var (items, shipping) = Refundable.AtMost(order, parcel.Value, request.RefundsShipping ? Refundable.ShippingOf(order) : Share.Zero(order.Total.Currency));
        change.Append(new ParcelRefunded(parcel.ShipmentId, refundId, desk.Now));
        refunds.Begin(change, refundId, items, shipping, request.Reason ?? (parcel.State == ParcelState.Lost ? "A parcel was lost." : "A parcel could not be delivered."), isCredit: true);
        shipments.Advance(change);
        return change.Answer;
    }
}
