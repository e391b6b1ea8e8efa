using System.Text.Json.Serialization;
using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Ordering.Checkouts;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;
using ModularMonolith.Shipping.Contracts;

namespace ModularMonolith.Ordering.Orders;

/// <summary>What is changed: members that are left out stay, null takes away (RFC 7396).</summary>
internal sealed class OrderChanges
{
    /// <summary>The customer's address.</summary>
    public string? Email { get; set => (field, HasEmail) = (value, true); }

    /// <summary>Where it is delivered to, in the same country and region; it cannot be taken away.</summary>
    public PostalAddress? ShippingAddress { get; set => (field, HasShippingAddress) = (value, true); }

    /// <summary>Who pays it.</summary>
    public PostalAddress? BillingAddress { get; set => (field, HasBillingAddress) = (value, true); }

    [JsonIgnore]
    public bool HasEmail { get; private set; }

    [JsonIgnore]
    public bool HasShippingAddress { get; private set; }

    [JsonIgnore]
    public bool HasBillingAddress { get; private set; }
}

[RetryOnConflict]
internal sealed record EditOrder(Guid OrderId, long? ExpectedVersion, OrderChanges Changes) : ICommand<Versioned<OrderView>>;

internal sealed class EditOrderValidator : AbstractValidator<EditOrder>
{
    public EditOrderValidator()
    {
        RuleFor(command => command.Changes.Email).EmailOfCustomer().OverridePropertyName("email");
        RuleFor(command => command.Changes.ShippingAddress!).SetValidator(new PostalAddressValidator()).When(static command => command.Changes.ShippingAddress is not null)
            .OverridePropertyName("shippingAddress");
        RuleFor(command => command.Changes.BillingAddress!).SetValidator(new PostalAddressValidator()).When(static command => command.Changes.BillingAddress is not null)
            .OverridePropertyName("billingAddress");
    }
}

internal sealed class EditOrderEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPatch("/orders/{id:guid}", static async (Guid id, OrderChanges body, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var order = await sender.Send(new EditOrder(id, EntityTags.RequireIfMatch(http), body), cancellationToken);
            EntityTags.Write(http, order.Version);
            return Results.Ok(order.View);
        })
        .RequireSubject()
        .Accepts<OrderChanges>("application/json", "application/merge-patch+json")
        .SupportsDryRun()
        .WithName("EditOrder")
        .WithSummary("Changes the addresses of an order of which nothing is packed.")
        .WithDescription("Members that are left out stay as they are; null takes a value away (RFC 7396). The price depends on the country and the region of the shipping address, so these stay. Quantities go down with a cancellation.")
        .Produces<OrderView>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status412PreconditionFailed)
        .ProducesProblem(StatusCodes.Status428PreconditionRequired);
}

internal sealed class EditOrderHandler(OrderDesk desk, Ownership ownership) : IRequestHandler<EditOrder, Versioned<OrderView>>
{
    public async Task<Versioned<OrderView>> Handle(EditOrder request, CancellationToken cancellationToken)
    {
        var change = await desk.RequireAsync(request.OrderId, cancellationToken);
        var order = ownership.Require(change.Order, request.OrderId, Ownership.ManageAll);
        EntityTags.Check(request.ExpectedVersion, order.Version);
        OrderTransitions.Next(order.Status, OrderAction.Edit);
        if (order.HasPackedParcels())
        {
            throw new ProblemException(ProblemTypes.IllegalState, "A part of the order is packed already.").With("state", order.Status);
        }

        var changes = request.Changes;
        var edited = new Edited(
            changes.HasEmail ? changes.Email : order.Email,
            changes.HasShippingAddress ? changes.ShippingAddress : order.ShippingAddress,
            changes.HasBillingAddress ? changes.BillingAddress : order.BillingAddress,
            desk.Now);
        RefuseOtherPrice(order.ShippingAddress, edited.ShippingAddress);
        if ((edited.Email, edited.ShippingAddress, edited.BillingAddress) == (order.Email, order.ShippingAddress, order.BillingAddress))
        {
            return change.Answer;
        }

        change.Append(edited);
        if (order is { IsFulfilmentBegun: true, Delivery: { Kind: not Delivery.Pickup } } && edited.ShippingAddress is { } address && address != order.ShippingAddress)
        {
            change.Publish(new FulfilmentReaddressed(order.Id, address));
        }

        return change.Answer;
    }

    /// <exception cref="ProblemException">409 when the address would change the price.</exception>
    public static void RefuseOtherPrice(PostalAddress? before, PostalAddress? after)
    {
        if ((before?.Country, before?.Region) != (after?.Country, after?.Region))
        {
            throw new ProblemException(OrderingProblems.AddressChangesPrice, "Tax and shipping depend on the country and the region. Cancel the order and order again to have it delivered elsewhere.");
        }
    }
}
