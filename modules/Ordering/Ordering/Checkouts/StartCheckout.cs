using Carter;
using FluentValidation;
using Marten.Linq.MatchesSql;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using ModularMonolith.Baskets.Contracts;
using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;
using ModularMonolith.Shipping.Contracts;

namespace ModularMonolith.Ordering.Checkouts;

// No command: the reservation is Inventory's transaction and the checkout is ours, so that each can be undone when the other fails.
internal sealed record StartCheckout(
    string BasketId, string? Currency = null, string? Email = null, PostalAddress? ShippingAddress = null, PostalAddress? BillingAddress = null, string? ShippingMethod = null,
    IReadOnlyList<string>? Coupons = null, string? PickupPoint = null) : IRequest<CheckoutView>;

internal sealed class StartCheckoutValidator : AbstractValidator<StartCheckout>
{
    public StartCheckoutValidator()
    {
        RuleFor(request => request.BasketId).NotEmpty().MaximumLength(100).NoNul();
        RuleFor(request => request.Currency).CurrencyCode();
        RuleFor(request => request.Email).EmailOfCustomer();
        RuleFor(request => request.ShippingAddress!).SetValidator(new PostalAddressValidator()).When(static request => request.ShippingAddress is not null);
        RuleFor(request => request.BillingAddress!).SetValidator(new PostalAddressValidator()).When(static request => request.BillingAddress is not null);
        RuleFor(request => request.ShippingMethod).MaximumLength(100).NoNul();
        RuleFor(request => request.PickupPoint).MaximumLength(100).NoNul();
        RuleFor(request => request.Coupons).CouponCodes();
    }
}

internal sealed class StartCheckoutEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/checkouts", static async (StartCheckout body, ISender sender, CancellationToken cancellationToken) =>
        {
            var checkout = await sender.Send(body, cancellationToken);
            return Results.Created("/api/ordering/checkouts/" + checkout.Id, checkout);
        })
        .RequireSubject()
        .SupportsDryRun()
        .WithName("StartCheckout")
        .WithSummary("Offers a basket at the prices of this moment and reserves its stock.")
        .WithDescription("The stock is kept until expiresAt. A new checkout of a basket takes the place of the one before. Addresses, shipping method, pickup point and coupons may be given now or changed later.")
        .Produces<CheckoutView>(StatusCodes.Status201Created)
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
}

internal sealed partial class StartCheckoutHandler(
    ISender sender, IModuleSession<IOrderingStore> session, Ownership ownership, Quoting quoting, ReservationTime reservation, CheckoutLimit limit, TimeProvider time,
    ILogger<StartCheckoutHandler> logger) : IRequestHandler<StartCheckout, CheckoutView>
{
    private static readonly TimeSpan ReleaseDeadline = TimeSpan.FromSeconds(5);

    public async Task<CheckoutView> Handle(StartCheckout request, CancellationToken cancellationToken)
    {
        var basket = await sender.Send(new GetBasket(request.BasketId), cancellationToken) ?? throw ProblemException.NotFound("basket", request.BasketId);
        var lines = OrderableLines(basket);
        var owner = ownership.Owner;
        await MakeRoomAsync(basket.Id, owner, cancellationToken);

        var now = time.GetUtcNow();
        var checkout = new Checkout
        {
            Id = Guid.CreateVersion7(now),
            Owner = owner,
            BasketId = basket.Id,
            Lines = lines,
            ExpiresAt = now + reservation.Length,
            Currency = request.Currency ?? lines[0].UnitPrice.Currency,
            Email = request.Email,
            ShippingAddress = request.ShippingAddress,
            BillingAddress = request.BillingAddress,
            ShippingMethod = request.ShippingMethod,
            PickupPoint = request.PickupPoint,
            Coupons = request.Coupons ?? [],
        };
        checkout.Take(await quoting.OfferAsync(checkout, cancellationToken));
        await ReserveAsync(checkout, cancellationToken);
        try
        {
            return await sender.Send(new SaveCheckout(checkout), cancellationToken);
        }
        catch (Exception)
        {
            await ReleaseAsync(checkout);
            throw;
        }
    }

    private static IReadOnlyList<PricedLine> OrderableLines(BasketDetails basket)
    {
        if (basket.Lines.Count == 0)
        {
            throw new ProblemException(OrderingProblems.BasketNotOrderable, "The basket is empty. Add something to it first.").With("lines", Array.Empty<object>());
        }

        var refused = basket.Lines.Where(static line => line.Problem is not null || line.UnitPrice is null).ToList();
        return refused.Count == 0
            ? [.. basket.Lines.GroupBy(static line => line.VariantId).Select(static group => LineOf(group.First(), group.Sum(static line => line.Quantity)))]
            : throw new ProblemException(OrderingProblems.BasketNotOrderable, $"{refused.Count} of the basket's lines cannot be ordered. Remove them first.")
                .With("lines", refused.Select(static line => new { line.Sku, line.Title, Problem = line.Problem ?? "It is not sold any more." }).ToList());
    }

    private static PricedLine LineOf(BasketLineDetails line, int quantity) => new(line.VariantId, line.Sku, line.Title, quantity, line.UnitPrice!.Value, line.TracksInventory);

    // The customer who goes back and checks out again would otherwise be short of the stock that the first checkout holds; and whoever opens one after the other would hold all of it.
    private async Task MakeRoomAsync(string basketId, string owner, CancellationToken cancellationToken)
    {
        // The ids are UUIDv7 and begin with the time: what is older has expired.
        var firstOpen = Guid.CreateVersion7(time.GetUtcNow() - reservation.Length);
        var batch = session.Documents.CreateBatchQuery();
        var sameBasket = batch.Query<Checkout>()
            .Where(checkout => checkout.BasketId == basketId && checkout.Status != CheckoutStatus.Cancelled)
            .Take(20)
            .ToList();
        var sameOwner = batch.Query<Checkout>()
            .Where(checkout => checkout.Owner == owner && checkout.Status == CheckoutStatus.Open && checkout.MatchesSql("d.id > ?", firstOpen))
            .OrderByDescending(static checkout => checkout.Id)
            .Take(limit.PerSubject + 100)
            .Select(static checkout => checkout.Id)
            .ToList();
        await batch.Execute(cancellationToken);

        var earlier = await sameBasket;
        if (earlier.FirstOrDefault(static checkout => checkout.Status == CheckoutStatus.Ordered) is { } ordered)
        {
            throw new ProblemException(OrderingProblems.BasketOrdered, $"Order {ordered.OrderId} was made of this basket.").With("orderId", ordered.OrderId);
        }

        var replaced = earlier.Select(static checkout => checkout.Id).ToList();
        foreach (var id in replaced)
        {
            // Whoever knows the basket may: a guest who has signed in meanwhile, say.
            await sender.Send(new CancelCheckout(id, null), cancellationToken);
        }

        foreach (var id in (await sameOwner).Except(replaced).Skip(limit.PerSubject - 1))
        {
            await GiveUpAsync(id, cancellationToken);
        }
    }

    // One that is ordered at this moment does not hold stock any more.
    private async Task GiveUpAsync(Guid id, CancellationToken cancellationToken)
    {
        try
        {
            await sender.Send(new CancelCheckout(id, null), cancellationToken);
        }
        catch (ProblemException exception) when (exception.Type == ProblemTypes.IllegalState)
        {
            LogOrderedMeanwhile(id);
        }
    }

    private async Task ReserveAsync(Checkout checkout, CancellationToken cancellationToken)
    {
        var stock = checkout.Lines.Reserved();
        if (stock.Count == 0)
        {
            return;
        }

        var answer = await sender.Send(new ReserveStock(checkout.Id, stock, checkout.ExpiresAt, checkout.Destination()), cancellationToken);
        if (!answer.IsReserved)
        {
            var titles = checkout.Lines.DistinctBy(static line => line.Sku).ToDictionary(static line => line.Sku, static line => line.Title, StringComparer.Ordinal);
            var missing = answer.Short.Select(line => new { line.Sku, Title = titles.GetValueOrDefault(line.Sku), line.Requested, line.Available }).ToList();
            throw new ProblemException(OrderingProblems.StockShort, $"There is not enough stock of {string.Join(", ", missing.Select(static line => line.Title ?? line.Sku))}.")
                .With("lines", missing);
        }
    }

    // On a deadline of its own: the request's token may be why the checkout was not saved.
    private async Task ReleaseAsync(Checkout checkout)
    {
        try
        {
            using var deadline = new CancellationTokenSource(ReleaseDeadline, time);
            await sender.Send(new ReleaseReservation(checkout.Id), deadline.Token);
        }
        catch (Exception exception)
        {
            LogNotReleased(checkout.Id, checkout.ExpiresAt, exception);
        }
    }

    [LoggerMessage(LogLevel.Debug, "Checkout {CheckoutId} was ordered while it was to make room for another one.")]
    private partial void LogOrderedMeanwhile(Guid checkoutId);

    [LoggerMessage(LogLevel.Warning, "The stock of checkout {CheckoutId}, which could not be saved, was not released; it comes back by itself at {ExpiresAt:O}.")]
    private partial void LogNotReleased(Guid checkoutId, DateTimeOffset expiresAt, Exception exception);
}

internal sealed record SaveCheckout(Checkout Checkout) : ICommand<CheckoutView>;

internal sealed class SaveCheckoutHandler(IModuleSession<IOrderingStore> session, Ownership ownership, TimeProvider time) : IRequestHandler<SaveCheckout, CheckoutView>
{
    public Task<CheckoutView> Handle(SaveCheckout request, CancellationToken cancellationToken)
    {
        session.Documents.Insert(request.Checkout);
        session.Keep(request.Checkout.Id, request.Checkout);
        return Task.FromResult(request.Checkout.ToView(time.GetUtcNow(), ownership.SeesAll));
    }
}
