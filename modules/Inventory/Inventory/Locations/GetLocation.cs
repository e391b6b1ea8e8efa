using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Inventory.Locations;

internal sealed record GetLocation(string Code) : IQuery<Versioned<LocationView>>;

internal sealed class GetLocationEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/locations/{code}", static async (string code, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var location = await sender.Send(new GetLocation(code), cancellationToken);
            if (EntityTags.ClientHas(http, location.Version))
            {
                return Results.StatusCode(StatusCodes.Status304NotModified);
            }

            EntityTags.Write(http, location.Version);
            return Results.Ok(location.View);
        })
        .RequirePermission("inventory:read").WithName("GetLocation").WithSummary("Shows a location.")
        .Produces<LocationView>().Produces(304).ProducesProblem(404);
}

internal sealed class GetLocationHandler(IModuleSession<IInventoryStore> session) : IRequestHandler<GetLocation, Versioned<LocationView>>
{
    public async Task<Versioned<LocationView>> Handle(GetLocation request, CancellationToken cancellationToken)
    {
        var location = Location.IsCode(request.Code) ? await session.Documents.LoadAsync<Location>(request.Code, cancellationToken) : null;
        location ??= request.Code == Location.DefaultCode ? Location.Default : throw ProblemException.NotFound("location", request.Code);
        return new Versioned<LocationView>(LocationView.Of(location), location.Revision);
    }
}
