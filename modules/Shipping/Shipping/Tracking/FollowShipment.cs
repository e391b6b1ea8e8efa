using Carter;
using FluentValidation;
using Marten;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Shipping.Contracts;
using ModularMonolith.Shipping.Fulfilments;

namespace ModularMonolith.Shipping.Tracking;

/// <summary>Where a shipment is, for whoever has its token: 128 random bits, which the customer is told.</summary>
internal sealed record FollowShipment(string Token) : IQuery<FollowedShipment>;

/// <summary>A shipment as whoever waits for it sees it; without the customer's name and address, because links are passed on.</summary>
/// <param name="Status">Where it stands.</param>
/// <param name="IsPickup">Whether it is fetched.</param>
/// <param name="Carrier">Who brings it.</param>
/// <param name="TrackingNumber">The carrier's number.</param>
/// <param name="DispatchedAt">When it left or was fetched.</param>
/// <param name="DeliveredAt">When it arrived or was fetched.</param>
/// <param name="Tracking">What the carrier reported, in the order of time.</param>
/// <param name="PickupPoint">Where it can be fetched, if it is brought to a pickup point.</param>
/// <param name="CollectBy">Until when it can be fetched there, while it can.</param>
internal sealed record FollowedShipment(
    ShipmentStatus Status, bool IsPickup, string? Carrier, string? TrackingNumber, DateTimeOffset? DispatchedAt, DateTimeOffset? DeliveredAt, IReadOnlyList<FollowedStep> Tracking,
    ChosenPickupPoint? PickupPoint, DateTimeOffset? CollectBy);

/// <summary>Something that the carrier reported.</summary>
/// <param name="Status">Where the shipment was.</param>
/// <param name="OccurredAt">When.</param>
/// <param name="Place">Where, in words.</param>
internal sealed record FollowedStep(TrackingStatus Status, DateTimeOffset OccurredAt, string? Place);

internal sealed class FollowShipmentValidator : AbstractValidator<FollowShipment>
{
    public FollowShipmentValidator() => RuleFor(query => query.Token).NotEmpty();
}

internal sealed class FollowShipmentEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/tracking/{follow}", static async (string follow, ISender sender, CancellationToken cancellationToken) =>
            Results.Ok(await sender.Send(new FollowShipment(follow), cancellationToken)))
        .AllowAnonymous()
        .WithName("FollowShipment")
        .WithSummary("Where a shipment is, for whoever has its token.")
        .Produces<FollowedShipment>()
        .ProducesProblem(StatusCodes.Status404NotFound);
}

internal sealed class FollowShipmentHandler(IModuleSession<IShippingStore> session) : IRequestHandler<FollowShipment, FollowedShipment>
{
    private const int TokenLength = 22;

    public async Task<FollowedShipment> Handle(FollowShipment request, CancellationToken cancellationToken)
    {
        var entry = request.Token.Length == TokenLength && request.Token.All(static character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_')
            ? await session.Documents.Query<ShipmentEntry>().FirstOrDefaultAsync(entry => entry.Token == request.Token, cancellationToken)
            : null;
        var fulfilment = entry is null ? null : await session.Documents.LoadAsync<Fulfilment>(entry.OrderId, cancellationToken);
        var shipment = fulfilment?.Find(entry!.Id);
        return shipment is null
            ? throw new ProblemException(ProblemTypes.NotFound, "There is no shipment with this token.")
            : new FollowedShipment(
                shipment.Status, shipment.IsPickup, shipment.Carrier, shipment.TrackingNumber, shipment.DispatchedAt, shipment.DeliveredAt,
                [.. shipment.Tracking.OrderBy(static entry => entry.OccurredAt).Select(static entry => new FollowedStep(entry.Status, entry.OccurredAt, entry.Place))],
                fulfilment!.PickupPoint, shipment.CollectBy);
    }
}
