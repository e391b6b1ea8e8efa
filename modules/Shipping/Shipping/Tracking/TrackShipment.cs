using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;
using ModularMonolith.Shipping.Fulfilments;

namespace ModularMonolith.Shipping.Tracking;

[RetryOnConflict]
internal sealed record TrackShipment(Guid ShipmentId, TrackingStatus Status, DateTimeOffset OccurredAt, string? Place) : ICommand<Versioned<ShipmentView>>;

/// <param name="Status">Where the shipment is.</param>
/// <param name="OccurredAt">Since when; not in the future.</param>
/// <param name="Place">Where, in words; at most 200 characters.</param>
internal sealed record TrackShipmentBody(TrackingStatus Status, DateTimeOffset OccurredAt, string? Place = null);

internal sealed class TrackShipmentValidator : AbstractValidator<TrackShipment>
{
    public TrackShipmentValidator(TimeProvider time)
    {
        RuleFor(command => command.Status).IsInEnum();
        RuleFor(command => command.OccurredAt).HasHappened(time);
        RuleFor(command => command.Place).MaximumLength(TrackingRules.LongestPlace).NoNul();
    }
}

internal sealed class TrackShipmentEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/shipments/{id:guid}/tracking", static async (Guid id, TrackShipmentBody body, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
            (await sender.Send(new TrackShipment(id, body.Status, body.OccurredAt, body.Place), cancellationToken)).Changed(http))
        .RequirePermission("shipping:fulfil")
        .SupportsDryRun()
        .WithName("TrackShipment")
        .WithSummary("Says where a shipment is. The same report twice changes nothing; what happened before the last report is history only.")
        .Produces<ShipmentView>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict);
}

internal sealed class TrackShipmentHandler(FulfilmentDesk desk) : IRequestHandler<TrackShipment, Versioned<ShipmentView>>
{
    public async Task<Versioned<ShipmentView>> Handle(TrackShipment request, CancellationToken cancellationToken)
    {
        var open = await desk.RequireAsync(request.ShipmentId, cancellationToken);
        desk.Track(open, request.Status, request.OccurredAt.ToUniversalTime(), null, request.Place);
        return open.View();
    }
}
