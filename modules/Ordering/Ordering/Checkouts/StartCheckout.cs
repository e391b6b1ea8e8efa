using Carter;
using FluentValidation;
using Marten;
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

namespace ModularMonolith.Ordering.Checkouts;

// No command: the reservation is Inventory's transaction and the checkout is ours, so that each can be undone when the other fails.
internal sealed record StartCheckout(string BasketId) : IRequest<CheckoutView>;

internal sealed class StartCheckoutValidator : AbstractValidator<StartCheckout>
{
    public StartCheckoutValidator() => RuleFor(request => request.BasketId).NotEmpty().MaximumLength(100).NoNul();
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
        .WithDescription("The stock is kept until expiresAt. A new checkout of a basket takes the place of the one before.")
        .Produces<CheckoutView>(StatusCodes.Status201Created)
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict);
}

internal sealed partial class StartCheckoutHandler(
    ISender sender, IModuleSession<IOrderingStore> session, Ownership ownership, ReservationTime reservation, TimeProvider time, ILogger<StartCheckoutHandler> logger)
    : IRequestHandler<StartCheckout, CheckoutView>
{
    private static readonly TimeSpan ReleaseDeadline = TimeSpan.FromSeconds(5);

    public async Task<CheckoutView> Handle(StartCheckout request, CancellationToken cancellationToken)
    {
        var basket = await sender.Send(new GetBasket(request.BasketId), cancellationToken) ?? throw ProblemException.NotFound("basket", request.BasketId);
        var lines = OrderableLines(basket);
        await ReplaceEarlierAsync(basket.Id, cancellationToken);

        var now = time.GetUtcNow();
        var checkout = new Checkout { Id = Guid.CreateVersion7(now), Owner = ownership.Owner, BasketId = basket.Id, Lines = lines, ExpiresAt = now + reservation.Length };
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
            ? [.. basket.Lines.Select(static line => new PricedLine(line.VariantId, line.Sku, line.Title, line.Quantity, line.UnitPrice!.Value, line.TracksInventory))]
            : throw new ProblemException(OrderingProblems.BasketNotOrderable, $"{refused.Count} of the basket's lines cannot be ordered. Remove them first.")
                .With("lines", refused.Select(static line => new { line.Sku, line.Title, Problem = line.Problem ?? "It is not sold any more." }).ToList());
    }

    // The customer who goes back and checks out again would otherwise be short of the stock that the first checkout holds.
    private async Task ReplaceEarlierAsync(string basketId, CancellationToken cancellationToken)
    {
        var earlier = await session.Documents.Query<Checkout>()
            .Where(checkout => checkout.BasketId == basketId && checkout.Status != CheckoutStatus.Cancelled)
            .Take(20)
            .ToListAsync(cancellationToken);
        if (earlier.FirstOrDefault(static checkout => checkout.Status == CheckoutStatus.Ordered) is { } ordered)
        {
            throw new ProblemException(OrderingProblems.BasketOrdered, $"Order {ordered.OrderId} was made of this basket.").With("orderId", ordered.OrderId);
        }

        foreach (var checkout in earlier)
        {
            // Whoever knows the basket may: a guest who has signed in meanwhile, say.
            await sender.Send(new CancelCheckout(checkout.Id, null), cancellationToken);
        }
    }

    private async Task ReserveAsync(Checkout checkout, CancellationToken cancellationToken)
    {
        var stock = checkout.Lines.Reserved();
        if (stock.Count == 0)
        {
            return;
        }

        var answer = await sender.Send(new ReserveStock(checkout.Id, stock, checkout.ExpiresAt), cancellationToken);
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

    [LoggerMessage(LogLevel.Warning, "The stock of checkout {CheckoutId}, which could not be saved, was not released; it comes back by itself at {ExpiresAt:O}.")]
    private partial void LogNotReleased(Guid checkoutId, DateTimeOffset expiresAt, Exception exception);
}

internal sealed record SaveCheckout(Checkout Checkout) : ICommand<CheckoutView>;

internal sealed class SaveCheckoutHandler(IModuleSession<IOrderingStore> session, TimeProvider time) : IRequestHandler<SaveCheckout, CheckoutView>
{
    public Task<CheckoutView> Handle(SaveCheckout request, CancellationToken cancellationToken)
    {
        session.Documents.Insert(request.Checkout);
        return Task.FromResult(request.Checkout.ToView(time.GetUtcNow()));
    }
}
