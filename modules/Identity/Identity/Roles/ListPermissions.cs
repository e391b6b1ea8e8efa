using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Identity.Roles;

internal sealed record ListPermissions : IQuery<Page<DeclaredPermission>>;

internal sealed class ListPermissionsEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/permissions", static async (ISender sender, CancellationToken cancellationToken) => Results.Ok(await sender.Send(new ListPermissions(), cancellationToken)))
        .RequirePermission("identity:manage")
        .WithName("ListPermissions")
        .WithSummary("The permissions that the modules of this host declare.")
        .Produces<Page<DeclaredPermission>>()
        .ProducesProblem(StatusCodes.Status401Unauthorized)
        .ProducesProblem(StatusCodes.Status403Forbidden);
}

internal sealed class ListPermissionsHandler(PermissionCatalog catalog) : IRequestHandler<ListPermissions, Page<DeclaredPermission>>
{
    public Task<Page<DeclaredPermission>> Handle(ListPermissions request, CancellationToken cancellationToken) => Task.FromResult(new Page<DeclaredPermission>(catalog.All, null));
}
