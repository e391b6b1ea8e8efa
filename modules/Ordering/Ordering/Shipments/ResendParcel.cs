using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Ordering.Checkouts;
using ModularMonolith.Ordering.Orders;
using ModularMonolith.Ordering.Replacements;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;
using ModularMonolith.Shipping.Contracts;

namespace ModularMonolith.Ordering.Shipments;

[RetryOnConflict]
internal sealed record ResendParcel(Guid OrderId, Guid ShipmentId, PostalAddress? Address) : ICommand<Versioned<OrderView>>;

/// <summary>How a parcel that did not arrive is sent again.</summary>
/// <param name="Address">Another address, in the same country and region; from then on it is the order's.</param>
internal sealed record ResendParcelBody(PostalAddress? Address = null);

internal sealed class ResendParcelValidator : AbstractValidator<ResendParcel>
{
    public ResendParcelValidator() =>
        RuleFor(command => command.Address!).SetValidator(new PostalAddressValidator()).When(static command => command.Address is not null).OverridePropertyName("address");
}

internal sealed class ResendParcelEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/orders/{id:guid}/shipments/{shipmentId:guid}/resend", static async (Guid id, Guid shipmentId, ResendParcelBody body, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var order = await sender.Send(new ResendParcel(id, shipmentId, body.Address), cancellationToken);
            EntityTags.Write(http, order.Version);
            return Results.Ok(order.View);
        })
        .RequirePermission("ordering:manage")
        .SupportsDryRun()
        .WithName("ResendOrderShipment")
        .WithSummary("Sends the goods of a shipment again that was lost, was not fetched or came back, without having them paid again. Repeating it answers the same order.")
        .WithDescription("The stock is taken anew. When there is not enough of it, the order's replacement says so and the shipment waits for another decision.")
        .Produces<OrderView>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict);
}

internal sealed class ResendParcelHandler(OrderDesk desk, OrderReplacements replacements) : IRequestHandler<ResendParcel, Versioned<OrderView>>
{
    public async Task<Versioned<OrderView>> Handle(ResendParcel request, CancellationToken cancellationToken)
    {
        var change = await desk.RequireAsync(request.OrderId, cancellationToken);
        var parcel = MissingParcels.Require(change.Order, request.ShipmentId);
        if (parcel.Settlement == ParcelSettlement.Resent)
        {
            return change.Answer;
        }

        OrderTransitions.Next(change.Order.Status, OrderAction.Replace);
        MissingParcels.RefuseSettled(parcel);
        if (request.Address is { } address && change.Order.Delivery is { Kind: not Delivery.Pickup } && address != change.Order.ShippingAddress)
        {
            EditOrderHandler.RefuseOtherPrice(change.Order.ShippingAddress, address);
            change.Append(new Edited(change.Order.Email, address, change.Order.BillingAddress, desk.Now));
            change.Publish(new FulfilmentReaddressed(change.Order.Id, address));
        }

        // Each attempt is another reservation: one that found no stock is over.
        var attempt = change.Order.Replacements.Count(replacement => replacement.CauseId == parcel.ShipmentId);
        var lines = parcel.Lines.GroupBy(static line => line.VariantId).Select(group => LineOf(change.Order, [.. group])).ToList();
        replacements.Begin(change, ReplacementCause.Resend, parcel.ShipmentId, [new ReplacementPlan(DerivedId.Of(parcel.ShipmentId, "resend " + attempt), lines)]);
        return change.Answer;
    }

    private static ReplacementLine LineOf(Order order, IReadOnlyList<ParcelLine> lines)
    {
        var goods = order.GoodsOf(lines[0].VariantId)!;
        var share = lines.Select(static line => line.Share).Sum(order.Total.Currency);
        return new ReplacementLine(
            goods.VariantId, goods.Sku, goods.Title, lines.Sum(static line => line.Quantity), goods.WeightGrams, goods.IsStocked, goods.UnitPrice, share.Total, share.Tax, goods.VariantId);
    }
}

/// <summary>Parcels that did not arrive.</summary>
internal static class MissingParcels
{
    /// <exception cref="ProblemException">404.</exception>
    public static Parcel Require(Order order, Guid shipmentId) =>
        order.Parcels.FirstOrDefault(parcel => parcel.ShipmentId == shipmentId) ?? throw ProblemException.NotFound("shipment", shipmentId);

    /// <summary>Refuses what did not get lost, was not left at the pickup point and did not come back, and what the customer got something else for.</summary>
    /// <exception cref="ProblemException">409.</exception>
    public static void RefuseSettled(Parcel parcel)
    {
        if (parcel.Settlement is not ParcelSettlement.None and var settlement)
        {
            throw new ProblemException(OrderingProblems.ParcelSettled, settlement == ParcelSettlement.Refunded ? "What was paid for the shipment is given back." : "The goods of the shipment are sent again.")
                .With("settlement", settlement);
        }

        if (!parcel.IsMissing)
        {
            throw new ProblemException(ProblemTypes.IllegalState, "The shipment was neither lost, nor left at the pickup point, nor has it come back. Shipping says so when the carrier does, or the staff for it.").With("state", parcel.State);
        }
    }
}
