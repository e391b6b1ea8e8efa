using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;
using ModularMonolith.Shipping.Fulfilments;

namespace ModularMonolith.Shipping.Labels;

[RetryOnConflict]
internal sealed record RequestLabel(Guid ShipmentId) : ICommand<Versioned<ShipmentView>>;

internal sealed class RequestLabelEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/shipments/{id:guid}/label", static async (Guid id, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
            (await sender.Send(new RequestLabel(id), cancellationToken)).Changed(http))
        .RequirePermission("shipping:fulfil")
        .SupportsDryRun()
        .WithName("RequestLabel")
        .WithSummary("Has the carrier asked once more for a label that was given up. While one is being made, or is there, nothing changes.")
        .Produces<ShipmentView>()
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict);
}

internal sealed class RequestLabelHandler(FulfilmentDesk desk) : IRequestHandler<RequestLabel, Versioned<ShipmentView>>
{
    public async Task<Versioned<ShipmentView>> Handle(RequestLabel request, CancellationToken cancellationToken)
    {
        var open = await desk.RequireAsync(request.ShipmentId, cancellationToken);
        ShipmentTransitions.Next(open.Shipment.Status, ShipmentAction.Relabel);
        if (open.Shipment.IsLabelGivenUp)
        {
            desk.RequestLabel(open);
        }

        return open.View();
    }
}
