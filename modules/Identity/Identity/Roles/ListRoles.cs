using Carter;
using Marten;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Identity.Roles;

internal sealed record ListRoles : IQuery<Page<RoleView>>;

/// <summary>A role.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Permissions">What its holders may do.</param>
/// <param name="IsBuiltIn">Whether it is part of the product and cannot be changed.</param>
internal sealed record RoleView(string Name, IReadOnlyList<string> Permissions, bool IsBuiltIn)
{
    public static RoleView Of(Role role) => new(role.Id, role.Permissions, false);

    public static RoleView Of(string name, IEnumerable<string> permissions) => new(name, [.. permissions.Order(StringComparer.Ordinal)], true);
}

internal sealed class ListRolesEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/roles", static async (ISender sender, CancellationToken cancellationToken) => Results.Ok(await sender.Send(new ListRoles(), cancellationToken)))
        .RequirePermission("identity:manage")
        .WithName("ListRoles")
        .WithSummary("The roles, those of the product first.")
        .Produces<Page<RoleView>>()
        .ProducesProblem(StatusCodes.Status401Unauthorized)
        .ProducesProblem(StatusCodes.Status403Forbidden);
}

internal sealed class ListRolesHandler(IModuleSession<IIdentityStore> session, PermissionCatalog catalog) : IRequestHandler<ListRoles, Page<RoleView>>
{
    public async Task<Page<RoleView>> Handle(ListRoles request, CancellationToken cancellationToken)
    {
        var made = await session.Documents.Query<Role>().OrderBy(static role => role.Id).Take(CreateRole.AtMost).ToListAsync(cancellationToken);
        return new Page<RoleView>(
            [.. catalog.BuiltIn.OrderBy(static role => role.Key, StringComparer.Ordinal).Select(static role => RoleView.Of(role.Key, role.Value)), .. made.Select(RoleView.Of)], null);
    }
}
