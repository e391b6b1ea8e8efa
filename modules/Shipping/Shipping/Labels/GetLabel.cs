using System.Text;
using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;
using ModularMonolith.Shipping.Fulfilments;

namespace ModularMonolith.Shipping.Labels;

internal sealed record GetLabel(Guid ShipmentId) : IQuery<MadeLabel>;

internal sealed class GetLabelEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/shipments/{id:guid}/label", static async (Guid id, ISender sender, CancellationToken cancellationToken) =>
        {
            var label = await sender.Send(new GetLabel(id), cancellationToken);
            // As a file, so that a browser does not run what a carrier has sent.
            return Results.File(Encoding.UTF8.GetBytes(label.Content), label.MediaType, $"label-{id:N}.svg");
        })
        .RequirePermission("shipping:read")
        .WithName("GetLabel")
        .WithSummary("The label of a shipment, to be printed.")
        .Produces<byte[]>(StatusCodes.Status200OK, "image/svg+xml")
        .ProducesProblem(StatusCodes.Status404NotFound);
}

internal sealed class GetLabelHandler(IModuleSession<IShippingStore> session) : IRequestHandler<GetLabel, MadeLabel>
{
    public async Task<MadeLabel> Handle(GetLabel request, CancellationToken cancellationToken)
    {
        var entry = await session.Documents.LoadAsync<ShipmentEntry>(request.ShipmentId, cancellationToken) ?? throw ProblemException.NotFound("shipment", request.ShipmentId);
        var shipment = (await session.Documents.LoadAsync<Fulfilment>(entry.OrderId, cancellationToken))?.Find(request.ShipmentId);

        // The label of a former address is none any more.
        return shipment is { Carrier: { } carrier, TrackingNumber: { } number } && await session.Documents.LoadAsync<LabelDocument>(request.ShipmentId, cancellationToken) is { } label
            ? new MadeLabel(carrier, number, label.MediaType, label.Content)
            : throw new ProblemException(ProblemTypes.NotFound, $"The shipment {request.ShipmentId} has no label. It gets one when it is released.");
    }
}
