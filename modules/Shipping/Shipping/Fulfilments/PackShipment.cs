using System.Buffers.Text;
using System.Security.Cryptography;
using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;
using ModularMonolith.Shipping.Contracts;

namespace ModularMonolith.Shipping.Fulfilments;

[RetryOnConflict]
internal sealed record PackShipment(Guid OrderId, PackedGoods Goods) : ICommand<Versioned<ShipmentView>>;

/// <summary>What a packer says.</summary>
/// <param name="Lines">What is in it, each variant once; at most what is left.</param>
/// <param name="Parcels">Its parcels; may be left out when the customer fetches it.</param>
/// <param name="Location">The code of the location where it was packed.</param>
internal sealed record PackedGoods(IReadOnlyList<PackedLine> Lines, IReadOnlyList<Parcel>? Parcels = null, string? Location = null);

/// <summary>Goods of one variant in a shipment.</summary>
/// <param name="VariantId">The variant.</param>
/// <param name="Quantity">How many.</param>
internal sealed record PackedLine(Guid VariantId, int Quantity);

internal sealed class PackedGoodsValidator : AbstractValidator<PackedGoods>
{
    private const int MostLines = 500;
    private const int MostParcels = 50;
    private const int HighestQuantity = 1_000_000_000;
    private const int HighestWeight = 10_000_000;
    private const int LongestSide = 20_000;

    public PackedGoodsValidator()
    {
        RuleFor(goods => goods.Lines).Must(static lines => lines.Count is >= 1 and <= MostLines).WithMessage($"A shipment has 1 to {MostLines} lines.");
        RuleFor(goods => goods.Lines).Must(static lines => lines.Where(static line => line is not null).DistinctBy(static line => line.VariantId).Count() == lines.Count).WithMessage("Name each variant once.");
        RuleForEach(goods => goods.Lines).NotNull().ChildRules(static line =>
            line.RuleFor(packed => packed.Quantity).InclusiveBetween(1, HighestQuantity));
        RuleFor(goods => goods.Parcels).Must(static parcels => parcels is null or { Count: <= MostParcels }).WithMessage($"A shipment has at most {MostParcels} parcels.");
        RuleForEach(goods => goods.Parcels).NotNull().ChildRules(static parcel =>
        {
            parcel.RuleFor(box => box.WeightGrams).InclusiveBetween(1, HighestWeight);
            parcel.RuleFor(box => box.LengthMillimetres).InclusiveBetween(1, LongestSide);
            parcel.RuleFor(box => box.WidthMillimetres).InclusiveBetween(1, LongestSide);
            parcel.RuleFor(box => box.HeightMillimetres).InclusiveBetween(1, LongestSide);
        });
        RuleFor(goods => goods.Location).IsCode().When(static goods => goods.Location is not null);
    }
}

internal sealed class PackShipmentValidator : AbstractValidator<PackShipment>
{
    public PackShipmentValidator() => RuleFor(command => command.Goods).SetValidator(new PackedGoodsValidator()).OverridePropertyName(string.Empty);
}

internal sealed class PackShipmentEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/fulfilments/{orderId:guid}/shipments", static async (Guid orderId, PackedGoods body, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var packed = await sender.Send(new PackShipment(orderId, body), cancellationToken);
            return packed.Created(http, "/api/shipping/shipments/" + packed.View.Id);
        })
        .RequirePermission("shipping:fulfil")
        .RequireIdempotencyKey()
        .SupportsDryRun()
        .WithName("PackShipment")
        .WithSummary("Packs some of an order's goods, at most what is left. The shipment waits until it is paid and released.")
        .Produces<ShipmentView>(StatusCodes.Status201Created)
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
}

internal sealed class PackShipmentHandler(IModuleSession<IShippingStore> session, ShippingMetrics metrics, TimeProvider time) : IRequestHandler<PackShipment, Versioned<ShipmentView>>
{
    private const int TokenBytes = 16;

    public async Task<Versioned<ShipmentView>> Handle(PackShipment request, CancellationToken cancellationToken)
    {
        var stream = await session.Events.FetchForWriting<Fulfilment>(request.OrderId, cancellationToken);
        var fulfilment = stream.Aggregate is { IsOpened: true } found ? found.Copy() : throw ProblemException.NotFound("fulfilment of the order", request.OrderId);
        Refuse(fulfilment, request.Goods.Lines);
        if (!fulfilment.IsPickup && request.Goods.Parcels is null or [])
        {
            throw new ProblemException(ProblemTypes.Validation, "Say in parcels what the carrier gets: its weight at least.")
                .With("errors", new[] { new FieldError("#/parcels", "A shipment that a carrier brings has at least one parcel.") });
        }

        var now = time.GetUtcNow();
        var lines = request.Goods.Lines.Select(line => new ShipmentLine(line.VariantId, fulfilment.Requested.First(other => other.VariantId == line.VariantId).Sku, line.Quantity)).ToList();
        var packed = new Packed(
            Guid.CreateVersion7(now), request.Goods.Location, lines, request.Goods.Parcels ?? [], Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes)), now);
        stream.AppendOne(packed);
        fulfilment.Apply(packed);
        session.Documents.Insert(new ShipmentEntry { Id = packed.ShipmentId, OrderId = request.OrderId, Token = packed.TrackingToken });
        session.Publish(new ShipmentPacked(request.OrderId, packed.ShipmentId, lines, now));
        metrics.Shipment("packed");
        return new OpenShipment(stream, fulfilment, fulfilment.Find(packed.ShipmentId)!).View();
    }

    private static void Refuse(Fulfilment fulfilment, IReadOnlyList<PackedLine> lines)
    {
        var left = fulfilment.Balances.ToDictionary(static balance => balance.VariantId, static balance => balance.Left);
        var tooMany = lines.Where(line => line.Quantity > left.GetValueOrDefault(line.VariantId))
            .Select(line => new { line.VariantId, Requested = line.Quantity, Left = left.GetValueOrDefault(line.VariantId) }).ToList();
        if (tooMany.Count > 0)
        {
            throw new ProblemException(ShippingProblems.MoreThanLeft, $"{tooMany.Count} line(s) have more than is left to deliver. Read the fulfilment again and pack what is left.").With("lines", tooMany);
        }
    }
}
