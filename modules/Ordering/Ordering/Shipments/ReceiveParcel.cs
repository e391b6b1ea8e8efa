using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Inventory.Contracts;
using ModularMonolith.Ordering.Orders;
using ModularMonolith.Ordering.Replacements;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Ordering.Shipments;

[RetryOnConflict]
internal sealed record ReceiveParcel(Guid OrderId, Guid ShipmentId, ReceiveParcelBody Goods) : ICommand<Versioned<OrderView>>;

/// <summary>What was in a parcel that came back, and what becomes of it.</summary>
/// <param name="Lines">What was in it; a variant may stand there once for each disposition.</param>
/// <param name="Location">The code of the location where the goods are now; the default location without it.</param>
internal sealed record ReceiveParcelBody(IReadOnlyList<ReceivedGoods> Lines, string? Location = null);

internal sealed class ReceiveParcelBodyValidator : AbstractValidator<ReceiveParcelBody>
{
    private const int MostLines = 1_000;
    private const int HighestQuantity = 1_000_000_000;

    public ReceiveParcelBodyValidator()
    {
        RuleFor(body => body.Lines).Must(static lines => lines.Count is >= 1 and <= MostLines).WithMessage($"1 to {MostLines} lines.");
        RuleForEach(body => body.Lines).NotNull().ChildRules(static line =>
        {
            line.RuleFor(received => received.Quantity).InclusiveBetween(1, HighestQuantity);
            line.RuleFor(received => received.Disposition).IsInEnum();
        });
        RuleFor(body => body.Location).Matches(@"\A[a-z0-9][a-z0-9-]{0,29}\z").WithMessage("A location's code is 1 to 30 lower-case letters, digits and hyphens and starts with a letter or digit.");
    }
}

internal sealed class ReceiveParcelValidator : AbstractValidator<ReceiveParcel>
{
    public ReceiveParcelValidator() => RuleFor(command => command.Goods).SetValidator(new ReceiveParcelBodyValidator()).OverridePropertyName(string.Empty);
}

internal sealed class ReceiveParcelEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/orders/{id:guid}/shipments/{shipmentId:guid}/receive", static async (Guid id, Guid shipmentId, ReceiveParcelBody body, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var order = await sender.Send(new ReceiveParcel(id, shipmentId, body), cancellationToken);
            EntityTags.Write(http, order.Version);
            return Results.Ok(order.View);
        })
        .RequirePermission("ordering:manage")
        .SupportsDryRun()
        .WithName("ReceiveOrderShipment")
        .WithSummary("Says that a shipment that came back is here: what can be sold again is put back into stock. Repeating it answers the same order.")
        .WithDescription("What the customer gets for it is another decision: send it again, or refund it.")
        .Produces<OrderView>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict);
}

internal sealed class ReceiveParcelHandler(OrderDesk desk) : IRequestHandler<ReceiveParcel, Versioned<OrderView>>
{
    public async Task<Versioned<OrderView>> Handle(ReceiveParcel request, CancellationToken cancellationToken)
    {
        var change = await desk.RequireAsync(request.OrderId, cancellationToken);
        var parcel = MissingParcels.Require(change.Order, request.ShipmentId);
        if (parcel.ReceivedAt is not null)
        {
            return change.Answer;
        }

        if (parcel.State != ParcelState.ReturnedToSender)
        {
            throw new ProblemException(ProblemTypes.IllegalState, "The carrier has not said that the shipment comes back. Report it in Shipping first.").With("state", parcel.State);
        }

        RefuseMoreThanSent(parcel, request.Goods.Lines);
        change.Append(new ParcelReceived(parcel.ShipmentId, request.Goods.Lines, request.Goods.Location, desk.Now));
        var restocked = request.Goods.Lines.Where(static line => line.Disposition == ReceivedDisposition.Restock)
            .Select(line => (Goods: change.Order.GoodsOf(line.VariantId)!, line.Quantity)).Where(static line => line.Goods.IsStocked)
            .GroupBy(static line => line.Goods.Sku, StringComparer.Ordinal).Select(static sku => new StockLine(sku.Key, sku.Sum(static line => line.Quantity))).ToList();
        if (restocked.Count > 0)
        {
            change.Publish(new GoodsRestocked(DerivedId.Of(parcel.ShipmentId, "received"), change.Order.Id.ToString(), request.Goods.Location, restocked));
        }

        return change.Answer;
    }

    private static void RefuseMoreThanSent(Parcel parcel, IReadOnlyList<ReceivedGoods> lines)
    {
        var tooMany = lines.GroupBy(static line => line.VariantId)
            .Select(group => new { VariantId = group.Key, Received = group.Sum(static line => (long)line.Quantity), Sent = parcel.Lines.Where(line => line.VariantId == group.Key).Sum(static line => line.Quantity) })
            .Where(static line => line.Received > line.Sent).ToList();
        if (tooMany.Count > 0)
        {
            throw new ProblemException(OrderingProblems.MoreThanSent, $"{tooMany.Count} line(s) have more than was in the shipment. Receive what belongs to it.").With("lines", tooMany);
        }
    }
}
