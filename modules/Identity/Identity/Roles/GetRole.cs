using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Identity.Roles;

internal sealed record GetRole(string Name) : IQuery<VersionedRole>;

/// <summary>A role and its version.</summary>
internal sealed record VersionedRole(RoleView View, int Version);

internal sealed class GetRoleEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/roles/{name}", static async (string name, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var role = await sender.Send(new GetRole(name), cancellationToken);
            EntityTags.Write(http, role.Version);
            return EntityTags.ClientHas(http, role.Version) ? Results.StatusCode(StatusCodes.Status304NotModified) : Results.Ok(role.View);
        })
        .RequirePermission("identity:manage")
        .WithName("GetRole")
        .WithSummary("One role.")
        .Produces<RoleView>()
        .Produces(StatusCodes.Status304NotModified)
        .ProducesProblem(StatusCodes.Status401Unauthorized)
        .ProducesProblem(StatusCodes.Status403Forbidden)
        .ProducesProblem(StatusCodes.Status404NotFound);
}

internal sealed class GetRoleHandler(IModuleSession<IIdentityStore> session, PermissionCatalog catalog) : IRequestHandler<GetRole, VersionedRole>
{
    public async Task<VersionedRole> Handle(GetRole request, CancellationToken cancellationToken)
    {
        if (catalog.BuiltIn.TryGetValue(request.Name, out var permissions))
        {
            return new VersionedRole(RoleView.Of(request.Name, permissions), 0);
        }

        var role = Role.IsName(request.Name) ? await session.Documents.LoadAsync<Role>(request.Name, cancellationToken) : null;
        return role is null ? throw ProblemException.NotFound("role", request.Name) : new VersionedRole(RoleView.Of(role), role.Version);
    }
}
