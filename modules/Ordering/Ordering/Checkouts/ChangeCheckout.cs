using System.Text.Json.Serialization;
using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;
using ModularMonolith.Shipping.Contracts;

namespace ModularMonolith.Ordering.Checkouts;

/// <summary>What is changed: members that are left out stay, null takes away (RFC 7396).</summary>
internal sealed class CheckoutChanges
{
    /// <summary>ISO 4217; it cannot be taken away.</summary>
    public string? Currency { get; set => (field, HasCurrency) = (value, true); }

    /// <summary>The customer's address.</summary>
    public string? Email { get; set => (field, HasEmail) = (value, true); }

    /// <summary>Where it is delivered to.</summary>
    public PostalAddress? ShippingAddress { get; set => (field, HasShippingAddress) = (value, true); }

    /// <summary>Who pays it.</summary>
    public PostalAddress? BillingAddress { get; set => (field, HasBillingAddress) = (value, true); }

    /// <summary>One of the shipping options.</summary>
    public string? ShippingMethod { get; set => (field, HasShippingMethod) = (value, true); }

    /// <summary>The code of one of the pickup points of the shipping method. Another method without another point takes it away.</summary>
    public string? PickupPoint { get; set => (field, HasPickupPoint) = (value, true); }

    /// <summary>All codes that count from now on.</summary>
    public IReadOnlyList<string>? Coupons { get; set => (field, HasCoupons) = (value, true); }

    [JsonIgnore]
    public bool HasCurrency { get; private set; }

    [JsonIgnore]
    public bool HasEmail { get; private set; }

    [JsonIgnore]
    public bool HasShippingAddress { get; private set; }

    [JsonIgnore]
    public bool HasBillingAddress { get; private set; }

    [JsonIgnore]
    public bool HasShippingMethod { get; private set; }

    [JsonIgnore]
    public bool HasPickupPoint { get; private set; }

    [JsonIgnore]
    public bool HasCoupons { get; private set; }

    public void ApplyTo(Checkout checkout)
    {
        checkout.Currency = HasCurrency ? Currency ?? checkout.Currency : checkout.Currency;
        checkout.Email = HasEmail ? Email : checkout.Email;
        checkout.ShippingAddress = HasShippingAddress ? ShippingAddress : checkout.ShippingAddress;
        checkout.BillingAddress = HasBillingAddress ? BillingAddress : checkout.BillingAddress;
        checkout.PickupPoint = HasPickupPoint ? PickupPoint : HasShippingMethod && ShippingMethod != checkout.ShippingMethod ? null : checkout.PickupPoint;
        checkout.ShippingMethod = HasShippingMethod ? ShippingMethod : checkout.ShippingMethod;
        checkout.Coupons = HasCoupons ? Coupons ?? [] : checkout.Coupons;
    }
}

[RetryOnConflict]
internal sealed record ChangeCheckout(Guid CheckoutId, long? ExpectedTag, CheckoutChanges Changes) : ICommand<Versioned<CheckoutView>>;

internal sealed class ChangeCheckoutValidator : AbstractValidator<ChangeCheckout>
{
    public ChangeCheckoutValidator()
    {
        RuleFor(command => command.Changes.Currency).CurrencyCode().OverridePropertyName("currency");
        RuleFor(command => command.Changes.Email).EmailOfCustomer().OverridePropertyName("email");
        RuleFor(command => command.Changes.ShippingAddress!).SetValidator(new PostalAddressValidator()).When(static command => command.Changes.ShippingAddress is not null)
            .OverridePropertyName("shippingAddress");
        RuleFor(command => command.Changes.BillingAddress!).SetValidator(new PostalAddressValidator()).When(static command => command.Changes.BillingAddress is not null)
            .OverridePropertyName("billingAddress");
        RuleFor(command => command.Changes.ShippingMethod).MaximumLength(100).NoNul().OverridePropertyName("shippingMethod");
        RuleFor(command => command.Changes.PickupPoint).MaximumLength(100).NoNul().OverridePropertyName("pickupPoint");
        RuleFor(command => command.Changes.Coupons).CouponCodes().OverridePropertyName("coupons");
    }
}

internal sealed class ChangeCheckoutEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPatch("/checkouts/{id:guid}", static async (Guid id, CheckoutChanges body, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            // A checkout is its customer's alone: whoever sends no tag means the checkout as it is.
            var expected = http.Request.Headers.IfMatch.Count == 0 ? null : EntityTags.RequireIfMatch(http);
            var checkout = await sender.Send(new ChangeCheckout(id, expected, body), cancellationToken);
            EntityTags.Write(http, checkout.Version);
            return Results.Ok(checkout.View);
        })
        .RequireSubject()
        .Accepts<CheckoutChanges>("application/json", "application/merge-patch+json")
        .SupportsDryRun()
        .WithName("ChangeCheckout")
        .WithSummary("Changes the addresses, the shipping method, the pickup point or the coupons of an open checkout and computes its total anew.")
        .WithDescription("Members that are left out stay as they are; null takes a value away (RFC 7396). If-Match is optional.")
        .Produces<CheckoutView>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status412PreconditionFailed)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
}

internal sealed class ChangeCheckoutHandler(IModuleSession<IOrderingStore> session, Ownership ownership, Quoting quoting, ISender sender, TimeProvider time) : IRequestHandler<ChangeCheckout, Versioned<CheckoutView>>
{
    public async Task<Versioned<CheckoutView>> Handle(ChangeCheckout request, CancellationToken cancellationToken)
    {
        var checkout = ownership.Require(
            session.Borrow<Checkout>(request.CheckoutId) ?? await session.Documents.LoadAsync<Checkout>(request.CheckoutId, cancellationToken), request.CheckoutId);
        var now = time.GetUtcNow();
        EntityTags.Check(request.ExpectedTag, checkout.TagAt(now));
        checkout.RefuseUnlessOpen(now);
        var former = checkout.Destination();
        request.Changes.ApplyTo(checkout);
        checkout.Take(await quoting.OfferAsync(checkout, cancellationToken));
        if (checkout.Destination() is { } destination && destination != former && checkout.Lines.Reserved().Count > 0)
        {
            // What is reserved stays reserved, wherever it is taken from.
            await sender.Send(new RedirectReservation(checkout.Id, former, destination), cancellationToken);
        }

        // The save raises the version by one.
        session.Documents.UpdateRevision(checkout, checkout.Version + 1);
        session.Keep(checkout.Id, checkout);
        return new Versioned<CheckoutView>(checkout.ToView(now, ownership.SeesAll), (checkout.Version + 1) * 2L);
    }
}
