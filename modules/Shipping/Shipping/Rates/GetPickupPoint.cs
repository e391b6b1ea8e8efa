using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Http;

namespace ModularMonolith.Shipping.Rates;

internal sealed record GetPickupPoint(string Code) : IQuery<Versioned<PickupPointView>>;

internal sealed class GetPickupPointEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/pickup-points/{code}", static async (string code, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
            (await sender.Send(new GetPickupPoint(code), cancellationToken)).Answer(http))
        .AllowAnonymous()
        .WithName("GetPickupPoint")
        .WithSummary("A pickup point.")
        .Produces<PickupPointView>()
        .Produces(StatusCodes.Status304NotModified)
        .ProducesProblem(StatusCodes.Status404NotFound);
}

internal sealed class GetPickupPointHandler(TableDesk desk) : IRequestHandler<GetPickupPoint, Versioned<PickupPointView>>
{
    public Task<Versioned<PickupPointView>> Handle(GetPickupPoint request, CancellationToken cancellationToken) =>
        desk.GetAsync<PickupPoint, PickupPointContent, PickupPointView>(request.Code, cancellationToken);
}
