using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Inventory.Counts;

internal sealed record GetCount(Guid CountId) : IQuery<Versioned<CountView>>;

internal sealed class GetCountEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/counts/{id:guid}", static async (Guid id, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var count = await sender.Send(new GetCount(id), cancellationToken);
            if (EntityTags.ClientHas(http, count.Version))
            {
                return Results.StatusCode(StatusCodes.Status304NotModified);
            }

            EntityTags.Write(http, count.Version);
            return Results.Ok(count.View);
        })
        .RequirePermission("inventory:read").WithName("GetCount").WithSummary("Shows a count with all that was found.")
        .Produces<CountView>().Produces(304).ProducesProblem(404);
}

internal sealed class GetCountHandler(IModuleSession<IInventoryStore> session) : IRequestHandler<GetCount, Versioned<CountView>>
{
    public async Task<Versioned<CountView>> Handle(GetCount request, CancellationToken cancellationToken)
    {
        var count = await session.Documents.LoadAsync<StockCount>(request.CountId, cancellationToken) ?? throw ProblemException.NotFound("count", request.CountId);
        return CountView.Of(count, count.Version);
    }
}
