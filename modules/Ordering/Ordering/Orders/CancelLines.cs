using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Ordering.Refunds;
using ModularMonolith.Ordering.Shipments;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;
using ModularMonolith.Shipping.Contracts;

namespace ModularMonolith.Ordering.Orders;

[RetryOnConflict]
internal sealed record CancelLines(Guid OrderId, IReadOnlyList<CancelledQuantity> Lines, string Reason) : ICommand<Versioned<OrderView>>;

/// <summary>A quantity that is not wanted any more.</summary>
/// <param name="VariantId">The variant.</param>
/// <param name="Quantity">How many; at most as many as are neither packed nor cancelled.</param>
internal sealed record CancelledQuantity(Guid VariantId, int Quantity);

/// <summary>What is cancelled of an order.</summary>
/// <param name="Lines">1 to 200 lines, each variant once.</param>
/// <param name="Reason">Why.</param>
internal sealed record CancelLinesBody(IReadOnlyList<CancelledQuantity> Lines, string Reason);

internal sealed class CancelLinesValidator : AbstractValidator<CancelLines>
{
    public CancelLinesValidator()
    {
        RuleFor(command => command.Reason).NotEmpty().MaximumLength(500).NoNul();
        RuleFor(command => command.Lines).NotEmpty().Must(static lines => lines is null || lines.Count <= 200).WithMessage("At most 200 lines.")
            .Must(static lines => lines is null || lines.DistinctBy(static line => line?.VariantId).Count() == lines.Count).WithMessage("Each variant is named once.");
        RuleForEach(command => command.Lines).NotNull().ChildRules(static line => line.RuleFor(static each => each.Quantity).GreaterThan(0));
    }
}

internal sealed class CancelLinesEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/orders/{id:guid}/cancellations", static async (Guid id, CancelLinesBody body, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var order = await sender.Send(new CancelLines(id, body.Lines, body.Reason), cancellationToken);
            EntityTags.Write(http, order.Version);
            return Results.Ok(order.View);
        })
        .RequireSubject()
        .RequireIdempotencyKey()
        .SupportsDryRun()
        .WithName("CancelOrderLines")
        .WithSummary("Cancels a part of an order that is not packed; its stock comes back and its money is not taken, or given back.")
        .WithDescription("When nothing else is left of the order, the whole order is cancelled.")
        .Produces<OrderView>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
}

internal sealed class CancelLinesHandler(OrderDesk desk, OrderFulfilment fulfilment, OrderShipments shipments, OrderRefunds refunds, Ownership ownership)
    : IRequestHandler<CancelLines, Versioned<OrderView>>
{
    public async Task<Versioned<OrderView>> Handle(CancelLines request, CancellationToken cancellationToken)
    {
        var change = await desk.RequireAsync(request.OrderId, cancellationToken);
        var order = ownership.Require(change.Order, request.OrderId, Ownership.ManageAll);
        OrderTransitions.Next(order.Status, OrderAction.CancelLines);
        RefuseMoreThanOpen(order, request.Lines);
        var isRest = order.Lines.All(line => order.OpenOf(line.VariantId) == (request.Lines.FirstOrDefault(wanted => wanted.VariantId == line.VariantId)?.Quantity ?? 0));
        if (isRest && !order.HasPackedParcels())
        {
            fulfilment.Cancel(change, request.Reason);
            return change.Answer;
        }

        var changeId = Guid.CreateVersion7(desk.Now);
        PutBack(change, request.Lines);
        var lines = request.Lines.Select(line => order.ShareOf(line.VariantId, line.Quantity)).ToList();
        change.Append(new LinesCancelled(changeId, lines, request.Reason, desk.Now));
        if (order.IsFulfilmentBegun)
        {
            change.Publish(new FulfilmentReduced(order.Id, changeId, [.. lines.Select(static line => new ShipmentLine(line.VariantId, line.Sku, line.Quantity))]));
        }

        var amount = lines.Select(static line => line.Share).Sum(order.Total.Currency);
        if (order.Payment is null && order.PaidAt is not null)
        {
            // It was paid and is not invoiced yet, so there is nothing to be credited.
            refunds.Begin(change, changeId, amount, Share.Zero(order.Total.Currency), request.Reason, isCredit: false);
        }

        fulfilment.Reduced(change);
        OrderShipments.GiveUpRest(change);
        shipments.Advance(change);
        return change.Answer;
    }

    private static void RefuseMoreThanOpen(Order order, IReadOnlyList<CancelledQuantity> lines)
    {
        var refused = lines.Select(line => new { line.VariantId, line.Quantity, Open = order.Lines.Any(known => known.VariantId == line.VariantId) ? order.OpenOf(line.VariantId) : 0 })
            .Where(static line => line.Quantity > line.Open).ToList();
        if (refused.Count > 0)
        {
            throw new ProblemException(OrderingProblems.LinesNotOpen, "Some of it is not in the order, was cancelled before, or is packed. What is packed is being paid; it can be returned when it is there.")
                .With("lines", refused);
        }
    }

    // A return that came before the warehouse has taken the goods would end the reservation as a whole.
    private static void PutBack(OrderChange change, IReadOnlyList<CancelledQuantity> lines)
    {
        var reserved = change.Order.Lines.Where(static line => line.IsReserved)
            .Join(lines, static line => line.VariantId, static wanted => wanted.VariantId, static (line, wanted) => new StockLine(line.Sku, wanted.Quantity)).ToList();
        if (reserved.Count == 0)
        {
            return;
        }

        if (change.Process() is not { State.HasStock: true } process)
        {
            throw new ProblemException(OrderingProblems.StockNotTaken, "The warehouse has not got the goods for this order ready yet. Try again when it has, or cancel the whole order.");
        }

        process.State.GiveBack(reserved);
        change.Publish(new ReservationReturned(change.Order.CheckoutId, change.Order.Id.ToString(), reserved));
    }
}
