using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Inventory.Transits;

internal sealed record GetTransit(Guid TransitId) : IQuery<Versioned<TransitView>>;

internal sealed class GetTransitEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/transits/{id:guid}", static async (Guid id, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var transit = await sender.Send(new GetTransit(id), cancellationToken);
            if (EntityTags.ClientHas(http, transit.Version))
            {
                return Results.StatusCode(StatusCodes.Status304NotModified);
            }

            EntityTags.Write(http, transit.Version);
            return Results.Ok(transit.View);
        })
        .RequirePermission("inventory:read").WithName("GetTransit").WithSummary("Shows a transfer with what has arrived of it.")
        .Produces<TransitView>().Produces(304).ProducesProblem(404);
}

internal sealed class GetTransitHandler(IModuleSession<IInventoryStore> session) : IRequestHandler<GetTransit, Versioned<TransitView>>
{
    public async Task<Versioned<TransitView>> Handle(GetTransit request, CancellationToken cancellationToken)
    {
        var transit = await session.Documents.LoadAsync<StockTransit>(request.TransitId, cancellationToken) ?? throw ProblemException.NotFound("transfer", request.TransitId);
        return TransitView.Of(transit, transit.Version);
    }
}
