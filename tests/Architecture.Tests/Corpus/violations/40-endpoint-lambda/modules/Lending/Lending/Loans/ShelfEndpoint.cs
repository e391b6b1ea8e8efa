using Carter;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Security;
using ModularMonolith.Shelves.Copies;

namespace ModularMonolith.Lending.Loans;

internal sealed class ShelfEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/lending/shelf", static async (Guid id, CancellationToken cancellationToken) =>
        {
            await Task.Yield();
            return new Copy { Id = id }; // finds: module-references "uses ModularMonolith.Shelves.Copies.Copy"; module-references "creates ModularMonolith.Shelves.Copies.Copy" → ModularMonolith.Shelves.Copies.Copy; module-references "uses ModularMonolith.Shelves.Copies.Copy.Id" → ModularMonolith.Shelves.Copies.Copy.Id
        })
        .RequirePermission("lending:manage")
        .WithName("ShelfOfLoan");
}
