using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Catalog.Imports;

/// <summary>The report of an import.</summary>
/// <param name="ImportId">The import.</param>
internal sealed record GetImport(Guid ImportId) : IQuery<ImportReport>;

internal sealed class GetImportEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/imports/{importId:guid}", static async (Guid importId, ISender sender, CancellationToken cancellationToken) =>
            TypedResults.Ok(await sender.Send(new GetImport(importId), cancellationToken)))
        .RequirePermission("catalog:read")
        .WithName("GetImport")
        .WithSummary("Shows what an import did, or would have done; and of one that was only accepted, how far it is.")
        .Produces<ImportReport>()
        .ProducesProblem(StatusCodes.Status404NotFound);
}

internal sealed class GetImportHandler(IModuleSession<ICatalogStore> session) : IRequestHandler<GetImport, ImportReport>
{
    public async Task<ImportReport> Handle(GetImport request, CancellationToken cancellationToken)
    {
        await using var query = session.Store.QuerySession();
        return await query.LoadAsync<ImportReport>(request.ImportId, cancellationToken) ?? throw ProblemException.NotFound("import", request.ImportId);
    }
}
