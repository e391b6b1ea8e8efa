using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Shipping.Rates;

internal sealed record GetZone(string Code) : IQuery<Versioned<ZoneView>>;

internal sealed class GetZoneEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/zones/{code}", static async (string code, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
            (await sender.Send(new GetZone(code), cancellationToken)).Answer(http))
        .RequirePermission("shipping:read")
        .WithName("GetZone")
        .WithSummary("A zone.")
        .Produces<ZoneView>()
        .Produces(StatusCodes.Status304NotModified)
        .ProducesProblem(StatusCodes.Status404NotFound);
}

internal sealed class GetZoneHandler(TableDesk desk) : IRequestHandler<GetZone, Versioned<ZoneView>>
{
    public Task<Versioned<ZoneView>> Handle(GetZone request, CancellationToken cancellationToken) =>
        desk.GetAsync<Zone, ZoneContent, ZoneView>(request.Code, cancellationToken);
}
