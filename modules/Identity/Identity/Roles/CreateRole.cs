using Carter;
using FluentValidation;
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

internal sealed record CreateRole(string Name, IReadOnlyList<string> Permissions) : ICommand<RoleView>
{
    /// <summary>How many roles there can be beside those of the product.</summary>
    public const int AtMost = 200;
}

internal sealed class CreateRoleValidator : AbstractValidator<CreateRole>
{
    public CreateRoleValidator(PermissionCatalog catalog)
    {
        RuleFor(command => command.Name).Must(Role.IsName).WithMessage("A role's name has 2 to 40 lower-case letters, digits and hyphens and starts with a letter.");
        RuleForEach(command => command.Permissions).MustBeDeclared(catalog);
    }
}

internal sealed class CreateRoleEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/roles", static async (CreateRole body, HttpContext http, ISender sender, CancellationToken cancellationToken) =>
        {
            var role = await sender.Send(body, cancellationToken);
            EntityTags.Write(http, 1);
            return Results.Created("/api/identity/roles/" + role.Name, role);
        })
        .RequirePermission("identity:manage")
        .SupportsDryRun()
        .WithName("CreateRole")
        .WithSummary("Makes a role out of permissions that the caller holds.")
        .Produces<RoleView>(StatusCodes.Status201Created)
        .ProducesProblem(StatusCodes.Status400BadRequest)
        .ProducesProblem(StatusCodes.Status401Unauthorized)
        .ProducesProblem(StatusCodes.Status403Forbidden)
        .ProducesProblem(StatusCodes.Status409Conflict);
}

internal sealed class CreateRoleHandler(IModuleSession<IIdentityStore> session, PermissionCatalog catalog, RoleChanges changes) : IRequestHandler<CreateRole, RoleView>
{
    public async Task<RoleView> Handle(CreateRole request, CancellationToken cancellationToken)
    {
        changes.EnsureHolds(request.Permissions);
        await changes.TakeTurnAsync(cancellationToken);
        if (catalog.BuiltIn.ContainsKey(request.Name) || await session.Documents.LoadAsync<Role>(request.Name, cancellationToken) is not null)
        {
            throw new ProblemException(IdentityProblems.RoleExists, $"There is a role {request.Name} already. Change it, or choose another name.");
        }

        if (await session.Documents.Query<Role>().CountAsync(cancellationToken) >= CreateRole.AtMost)
        {
            throw new ProblemException(ProblemTypes.IllegalState, $"There are {CreateRole.AtMost} roles already. Remove one that is not used.");
        }

        var role = new Role { Id = request.Name, Permissions = [.. request.Permissions.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)] };
        session.Documents.Insert(role);
        return RoleView.Of(role);
    }
}
