using Carter;
using FluentValidation;
using Marten;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Baskets.Contracts;
using ModularMonolith.Catalog.Contracts;
using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Ordering.Checkouts;
using ModularMonolith.Ordering.Contracts;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Ordering.Orders;

[RetryOnConflict]
internal sealed record PlaceOrder(Guid CheckoutId, Money ExpectedTotal, string? Email = null) : ICommand<OrderView>;

internal sealed class PlaceOrderValidator : AbstractValidator<PlaceOrder>
{
    public PlaceOrderValidator()
    {
        RuleFor(command => command.CheckoutId).NotEmpty();
        RuleFor(command => command.ExpectedTotal.Amount).GreaterThanOrEqualTo(0);
        RuleFor(command => command.Email).MaximumLength(254).EmailAddress()
            .Must(static email => email is null || !email.Any(static character => char.IsControl(character) || char.IsWhiteSpace(character)))
            .WithMessage("An e-mail address has neither spaces nor control characters.");
    }
}

internal sealed class PlaceOrderEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/orders", static async (PlaceOrder body, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var order = await sender.Send(body, cancellationToken);
            EntityTags.Write(http, 1);
            return Results.Created("/api/ordering/orders/" + order.Id, order);
        })
        .RequireSubject()
        .RequireIdempotencyKey()
        .SupportsDryRun()
        .WithName("PlaceOrder")
        .WithSummary("Orders a checkout at the total that the customer has seen.")
        .Produces<OrderView>(StatusCodes.Status201Created)
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
}

internal sealed class PlaceOrderHandler(IModuleSession<IOrderingStore> session, OrderFulfilment fulfilment, Ownership ownership, ISender sender, ReservationTime reservation, TimeProvider time)
    : IRequestHandler<PlaceOrder, OrderView>
{
    public async Task<OrderView> Handle(PlaceOrder request, CancellationToken cancellationToken)
    {
        var checkout = ownership.Require(await session.Documents.LoadAsync<Checkout>(request.CheckoutId, cancellationToken), request.CheckoutId);
        RefuseUnlessOpen(checkout);
        await RefuseOrderedBasketAsync(checkout, cancellationToken);
        var lines = await PricedNowAsync(checkout, cancellationToken);
        RefuseUnexpectedTotal(request.ExpectedTotal, checkout, lines);
        await KeepStockAsync(checkout, cancellationToken);

        var now = time.GetUtcNow();
        var placed = new Placed(checkout.Id, checkout.BasketId, lines, lines.Total(), request.Email, now, checkout.Owner);
        var orderId = Guid.CreateVersion7(now);
        session.Events.StartStream<Order>(orderId, placed);
        checkout.Status = CheckoutStatus.Ordered;
        checkout.OrderId = orderId;

        // The guard of the revision: of two requests with different keys only one finds the checkout as it was read.
        session.Documents.UpdateRevision(checkout, checkout.Version + 1);
        fulfilment.Begin(orderId, placed);
        Publish(orderId, placed);

        var order = Order.Create(placed);
        order.Id = orderId;
        return order.ToView();
    }

    private void RefuseUnlessOpen(Checkout checkout)
    {
        switch (checkout.StatusAt(time.GetUtcNow()))
        {
            case CheckoutStatus.Ordered:
                throw Ordered(checkout.OrderId!.Value);
            case CheckoutStatus.Cancelled:
                throw new ProblemException(ProblemTypes.IllegalState, "The checkout was given up. Start a new checkout from the basket.").With("state", checkout.Status);
            case CheckoutStatus.Expired:
                throw Expired(checkout);
            default:
                return;
        }
    }

    // Two checkouts that were started at the same moment can both be open; the unique index decides between two orders at the same moment.
    private async Task RefuseOrderedBasketAsync(Checkout checkout, CancellationToken cancellationToken)
    {
        var basketId = checkout.BasketId;
        if (await session.Documents.Query<Order>().FirstOrDefaultAsync(order => order.BasketId == basketId, cancellationToken) is { } order)
        {
            throw order.CheckoutId == checkout.Id ? Ordered(order.Id) : new ProblemException(OrderingProblems.BasketOrdered, $"Order {order.Id} was made of this basket.").With("orderId", order.Id);
        }
    }

    private async Task<IReadOnlyList<PricedLine>> PricedNowAsync(Checkout checkout, CancellationToken cancellationToken)
    {
        var ids = checkout.Lines.Select(static line => line.VariantId).Distinct().ToList();
        var variants = (await sender.Send(new GetVariants(ids), cancellationToken))
            .Where(static variant => variant.IsPublished)
            .ToDictionary(static variant => variant.VariantId);
        var gone = checkout.Lines
            .Where(line => !variants.TryGetValue(line.VariantId, out var variant) || variant.Price.Currency != line.UnitPrice.Currency)
            .ToList();
        return gone.Count == 0
            ? [.. checkout.Lines.Select(line => line with { UnitPrice = variants[line.VariantId].Price })]
            : throw new ProblemException(OrderingProblems.LinesUnavailable, $"{string.Join(", ", gone.Select(static line => line.Title))} cannot be ordered any more.")
                .With("lines", gone.Select(static line => new { line.Sku, line.Title }).ToList());
    }

    private static void RefuseUnexpectedTotal(Money expected, Checkout checkout, IReadOnlyList<PricedLine> lines)
    {
        var current = lines.Total();
        if (current == expected)
        {
            return;
        }

        var changed = checkout.Lines.Zip(lines)
            .Where(static pair => pair.First.UnitPrice != pair.Second.UnitPrice)
            .Select(static pair => new { pair.First.Sku, pair.First.Title, pair.First.Quantity, CheckoutPrice = pair.First.UnitPrice, CurrentPrice = pair.Second.UnitPrice })
            .ToList();
        throw new ProblemException(OrderingProblems.PriceChanged, $"The total is {current} now, not {expected}. Order again with the current total if the customer agrees.")
            .With("expectedTotal", expected)
            .With("currentTotal", current)
            .With("lines", changed);
    }

    // The reservation must outlive the time until Inventory reads of the order, however little of it was left.
    private async Task KeepStockAsync(Checkout checkout, CancellationToken cancellationToken)
    {
        if (checkout.Lines.Reserved().Count > 0
            && !await sender.Send(new ExtendReservation(checkout.Id, time.GetUtcNow() + reservation.Length), cancellationToken))
        {
            throw Expired(checkout);
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

    private static ProblemException Ordered(Guid orderId) =>
        new ProblemException(OrderingProblems.CheckoutOrdered, $"Order {orderId} was made of this checkout.").With("orderId", orderId);

    private static ProblemException Expired(Checkout checkout) =>
        new ProblemException(OrderingProblems.CheckoutExpired, "The stock of the checkout is not reserved any more. Start a new checkout from the basket.")
            .With("expiresAt", checkout.ExpiresAt);
}
