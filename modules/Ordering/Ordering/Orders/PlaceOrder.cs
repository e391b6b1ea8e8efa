using System.Text.Json.Serialization;
using Carter;
using FluentValidation;
using Marten.Linq.MatchesSql;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Baskets.Contracts;
using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Ordering.Checkouts;
using ModularMonolith.Ordering.Contracts;
using ModularMonolith.Ordering.Payments;
using ModularMonolith.Payments.Contracts;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Ordering.Orders;

// A payment that is left out stays out of the request's fingerprint, so that requests of the time before there were payments can be repeated.
[RetryOnConflict]
[RepetitionIsRare]
internal sealed record PlaceOrder(
    Guid CheckoutId, Money ExpectedTotal, string? Email = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] WantedPayment? Payment = null) : ICommand<OrderView>;

internal sealed class PlaceOrderValidator : AbstractValidator<PlaceOrder>
{
    public PlaceOrderValidator()
    {
        RuleFor(command => command.CheckoutId).NotEmpty();
        RuleFor(command => command.ExpectedTotal.Amount).GreaterThanOrEqualTo(0);
        RuleFor(command => command.Email).EmailOfCustomer();
        RuleFor(command => command.Payment!).SetValidator(new WantedPaymentValidator()).When(static command => command.Payment is not null);
    }
}

internal sealed class PlaceOrderEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/orders", static async (PlaceOrder body, HttpContext http, OrderOutcomes outcomes, ISender sender, CancellationToken cancellationToken) =>
        {
            var order = await sender.Send(body, cancellationToken);
            var answer = Preferences.Wait(http) is { } wait && await outcomes.WaitAsync(order, wait, sender, cancellationToken) is { } later ? later : new Versioned<OrderView>(order, 1);
            EntityTags.Write(http, answer.Version);
            return Results.Created("/api/ordering/orders/" + order.Id, answer.View);
        })
        .RequireSubject()
        .RequireIdempotencyKey()
        .MayWait()
        .SupportsDryRun()
        .WithName("PlaceOrder")
        .WithSummary("Orders a checkout at the total that the customer has seen.")
        .WithDescription("With 'Prefer: wait=10' the answer comes when the order is confirmed, given up or waits for the customer, at the latest after that many seconds, and shows the order as it is then.")
        .Produces<OrderView>(StatusCodes.Status201Created)
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
}

internal sealed class PlaceOrderHandler(
    IModuleSession<IOrderingStore> session, OrderFulfilment fulfilment, Ownership ownership, Quoting quoting, Tenders tenders, Discounts discounts, ISender sender,
    ReservationTime reservation, CardPaymentTime cardPayment, TimeProvider time) : IRequestHandler<PlaceOrder, OrderView>
{
    public async Task<OrderView> Handle(PlaceOrder request, CancellationToken cancellationToken)
    {
        var checkout = await FindAsync(request.CheckoutId, cancellationToken);
        if (checkout is { ShippingAddress: not null, ShippingMethod: null })
        {
            throw new ProblemException(OrderingProblems.ShippingMethodRequired, "The checkout has an address and no shipping method. Choose one of its shipping options.");
        }

        checkout.Email = request.Email ?? checkout.Email;
        var offer = await quoting.OfferAsync(checkout, cancellationToken);
        if (offer is { LacksPickupPoint: true, Delivery.Method: var method })
        {
            throw new ProblemException(OrderingProblems.PickupPointRequired, $"'{method}' brings the goods to a pickup point. Choose one of the checkout's pickup points first.");
        }

        RefuseUnexpectedTotal(request.ExpectedTotal, checkout, offer);
        var wanted = await tenders.ResolveAsync(request.Payment, offer.Quote.Total, cancellationToken);
        await KeepStockAsync(checkout, cancellationToken);
        var redemptions = await discounts.ReserveAsync(checkout, offer.Quote, reservation.Length, cancellationToken);
        return Place(checkout, offer, wanted, redemptions);
    }

    private OrderView Place(Checkout checkout, Offer offer, ResolvedPayment? payment, ReservedDiscounts? redemptions)
    {
        var now = time.GetUtcNow();
        var orderId = Guid.CreateVersion7(now);
        var requested = payment is { Tenders.Count: > 0 }
            ? new PaymentRequested(checkout.Id, orderId.ToString(), offer.Quote.Total, payment.Tenders, now + cardPayment.Length)
            : null;
        var placed = new Placed(
            checkout.Id, checkout.BasketId, offer.Lines, offer.Quote.Total, checkout.Email, now, checkout.Owner, offer.Quote, offer.Delivery, checkout.ShippingAddress, checkout.BillingAddress,
            requested is null ? null : new PlannedPayment(checkout.Id, payment!.Planned, requested.ExpiresAt));
        // What costs nothing is paid.
        object[] events = [placed, .. fulfilment.Begin(orderId, placed, requested, redemptions?.ConsumedBy(orderId), isPaid: payment is not null && requested is null)];
        session.Events.StartStream<Order>(orderId, events);
        checkout.Status = CheckoutStatus.Ordered;
        checkout.OrderId = orderId;
        checkout.Take(offer);

        // The guard of the revision: of two requests with different keys only one finds the checkout as it was read.
        session.Documents.UpdateRevision(checkout, checkout.Version + 1);
        session.Keep(checkout.Id, checkout);
        Publish(orderId, placed);
        return OrderView.Of(events.Skip(1).Aggregate(Order.Create(placed), OrderFold.After) with { Id = orderId, Version = events.Length });
    }

    // Two checkouts of one basket that were started at the same moment can both be open; the unique index decides between two orders at the same moment.
    private async Task<Checkout> FindAsync(Guid checkoutId, CancellationToken cancellationToken)
    {
        if (session.Borrow<Checkout>(checkoutId) is { } borrowed)
        {
            ownership.Require(borrowed, checkoutId).RefuseUnlessOpen(time.GetUtcNow());
            return borrowed;
        }

        var batch = session.Documents.CreateBatchQuery();
        var found = batch.Load<Checkout>(checkoutId);
        var ordered = batch.Query<Order>()
            .Where(order => order.MatchesSql("d.data ->> 'basketId' = (select c.data ->> 'basketId' from mt_doc_checkout c where c.id = ?)", checkoutId))
            .Select(order => new OrderOfBasket(order.Id, order.CheckoutId)).FirstOrDefault();
        await batch.Execute(cancellationToken);
        var checkout = ownership.Require(await found, checkoutId);
        checkout.RefuseUnlessOpen(time.GetUtcNow());
        return await ordered is not { } order ? checkout
            : throw (order.CheckoutId == checkout.Id
                ? OpenCheckouts.Ordered(order.Id)
                : new ProblemException(OrderingProblems.BasketOrdered, $"Order {order.Id} was made of this basket.").With("orderId", order.Id));
    }

    private static void RefuseUnexpectedTotal(Money expected, Checkout checkout, Offer offer)
    {
        var current = offer.Quote.Total;
        if (current == expected)
        {
            return;
        }

        if (Discounts.Lost(checkout.Quote, offer.Quote) is { Count: > 0 } lost)
        {
            throw new ProblemException(OrderingProblems.DiscountsUnavailable, $"{string.Join(", ", lost.Select(static coupon => coupon.Coupon))} cannot be used any more, so the total is {current} now.")
                .With("expectedTotal", expected)
                .With("currentTotal", current)
                .With("coupons", lost);
        }

        var changed = checkout.Lines.Zip(offer.Lines)
            .Where(static pair => pair.First.UnitPrice != pair.Second.UnitPrice)
            .Select(static pair => new { pair.First.Sku, pair.First.Title, pair.First.Quantity, CheckoutPrice = pair.First.UnitPrice, CurrentPrice = pair.Second.UnitPrice })
            .ToList();
        throw new ProblemException(OrderingProblems.PriceChanged, $"The total is {current} now, not {expected}. Order again with the current total if the customer agrees.")
            .With("expectedTotal", expected)
            .With("currentTotal", current)
            .With("lines", changed);
    }

    // The reservation must outlive the time until Inventory reads of the order. While half of it is left it does, and Inventory is spared a transaction.
    private async Task KeepStockAsync(Checkout checkout, CancellationToken cancellationToken)
    {
        if (checkout.Lines.Reserved().Count > 0 && checkout.ExpiresAt - time.GetUtcNow() < reservation.Length / 2
            && !await sender.Send(new ExtendReservation(checkout.Id, time.GetUtcNow() + reservation.Length), cancellationToken))
        {
            throw OpenCheckouts.Expired(checkout);
        }
    }

    private void Publish(Guid orderId, Placed placed)
    {
        session.Publish(new BasketOrdered(placed.BasketId, orderId));
        session.Publish(new OrderPlaced(
            orderId,
            [.. placed.Lines.Select(static line => new OrderedLine(line.VariantId, line.Sku, line.Title, line.Quantity, line.UnitPrice))],
            placed.Total,
            placed.PlacedAt));
    }

    private sealed record OrderOfBasket(Guid Id, Guid CheckoutId);
}
