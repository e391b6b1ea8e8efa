using Carter;
using FluentValidation;
using Marten;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Identity.Accounts;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Identity.Roles;

internal sealed record DeleteRole(string Name, long? ExpectedVersion) : ICommand;

internal sealed class DeleteRoleValidator : AbstractValidator<DeleteRole>
{
    public DeleteRoleValidator() => RuleFor(command => command.Name).NotEmpty();
}

internal sealed class DeleteRoleEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapDelete("/roles/{name}", static async (string name, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            await sender.Send(new DeleteRole(name, EntityTags.RequireIfMatch(http)), cancellationToken);
            return Results.NoContent();
        })
        .RequirePermission("identity:manage")
        .SupportsDryRun()
        .WithName("DeleteRole")
        .WithSummary("Removes a role that no account has.")
        .Produces(StatusCodes.Status204NoContent)
        .ProducesProblem(StatusCodes.Status401Unauthorized)
        .ProducesProblem(StatusCodes.Status403Forbidden)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict)
        .ProducesProblem(StatusCodes.Status412PreconditionFailed)
        .ProducesProblem(StatusCodes.Status428PreconditionRequired);
}

internal sealed class DeleteRoleHandler(IModuleSession<IIdentityStore> session, PermissionCatalog catalog, RoleChanges changes) : IRequestHandler<DeleteRole, Unit>
{
    public async Task<Unit> Handle(DeleteRole request, CancellationToken cancellationToken)
    {
        await changes.TakeTurnAsync(cancellationToken);
        var role = await changes.LoadMadeAsync(request.Name, catalog, cancellationToken);
        EntityTags.Check(request.ExpectedVersion, role.Version);
        changes.EnsureHolds(role.Permissions.Where(catalog.Names.Contains));

        // A role of the same name that is made later would give them what nobody gave them.
        var name = role.Id;
        var holders = await session.Documents.Query<Account>().Where(account => account.Roles.Contains(name)).CountAsync(cancellationToken);
        if (holders > 0)
        {
            throw new ProblemException(IdentityProblems.RoleInUse, $"{holders} account(s) have the role {name}. Take it from them first.");
        }

        session.Documents.Delete(role);
        return Unit.Value;
    }
}
