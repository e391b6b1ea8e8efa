using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Identity.Roles;

internal sealed record ChangeRole(string Name, IReadOnlyList<string> Permissions, long? ExpectedVersion) : ICommand<VersionedRole>;

internal sealed record ChangeRoleBody(IReadOnlyList<string> Permissions);

internal sealed class ChangeRoleValidator : AbstractValidator<ChangeRole>
{
    public ChangeRoleValidator(PermissionCatalog catalog) => RuleForEach(command => command.Permissions).MustBeDeclared(catalog);
}

internal sealed class ChangeRoleEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPut("/roles/{name}", static async (string name, ChangeRoleBody body, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var role = await sender.Send(new ChangeRole(name, body.Permissions, EntityTags.RequireIfMatch(http)), cancellationToken);
            EntityTags.Write(http, role.Version);
            return Results.Ok(role.View);
        })
        .RequirePermission("identity:manage")
        .SupportsDryRun()
        .WithName("ChangeRole")
        .WithSummary("Gives a role other permissions; the caller holds all that it has before and after.")
        .Produces<RoleView>()
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status401Unauthorized)
        .ProducesProblem(StatusCodes.Status403Forbidden)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status412PreconditionFailed)
        .ProducesProblem(StatusCodes.Status428PreconditionRequired);
}

internal sealed class ChangeRoleHandler(IModuleSession<IIdentityStore> session, PermissionCatalog catalog, RoleChanges changes) : IRequestHandler<ChangeRole, VersionedRole>
{
    public async Task<VersionedRole> Handle(ChangeRole request, CancellationToken cancellationToken)
    {
        await changes.TakeTurnAsync(cancellationToken);
        var role = await changes.LoadMadeAsync(request.Name, catalog, cancellationToken);
        EntityTags.Check(request.ExpectedVersion, role.Version);
        changes.EnsureHolds(role.Permissions.Where(catalog.Names.Contains).Union(request.Permissions));
        role.Permissions = [.. request.Permissions.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var next = role.Version + 1;
        session.Documents.UpdateRevision(role, next);
        return new VersionedRole(RoleView.Of(role), next);
    }
}
