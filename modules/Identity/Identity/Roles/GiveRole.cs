using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Identity.Accounts;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Identity.Roles;

[RetryOnConflict]
internal sealed record GiveRole(Guid AccountId, string Role) : ICommand<AccountView>;

internal sealed class GiveRoleValidator : AbstractValidator<GiveRole>
{
    public GiveRoleValidator() => RuleFor(command => command.Role).NotEmpty();
}

internal sealed class GiveRoleEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPut("/accounts/{id:guid}/roles/{role}", static async (Guid id, string role, ISender sender, CancellationToken cancellationToken) =>
            Results.Ok(await sender.Send(new GiveRole(id, role), cancellationToken)))
        .RequirePermission("identity:manage")
        .SupportsDryRun()
        .WithName("GiveRole")
        .WithSummary("Gives a role to an account; the caller holds all its permissions. Giving it again makes no difference.")
        .Produces<AccountView>()
        .ProducesProblem(StatusCodes.Status401Unauthorized)
        .ProducesProblem(StatusCodes.Status403Forbidden)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict);
}

internal sealed class GiveRoleHandler(
    IModuleSession<IIdentityStore> session, IUserStore<Account> store, PermissionCatalog catalog, AccountPermissions permissions, RoleChanges changes) : IRequestHandler<GiveRole, AccountView>
{
    private const int RolesAtMost = 50;

    public async Task<AccountView> Handle(GiveRole request, CancellationToken cancellationToken)
    {
        await changes.TakeTurnAsync(cancellationToken);
        var account = await session.Documents.LoadAsync<Account>(request.AccountId, cancellationToken) ?? throw ProblemException.NotFound("account", request.AccountId);
        var role = catalog.BuiltIn.ContainsKey(request.Role) ? request.Role : (await changes.LoadMadeAsync(request.Role, catalog, cancellationToken)).Id;
        changes.EnsureHolds(await permissions.OfRolesAsync([role], cancellationToken));
        if (account.Roles.Contains(role))
        {
            return AccountView.Of(account);
        }

        if (account.Roles.Count >= RolesAtMost)
        {
            throw new ProblemException(ProblemTypes.IllegalState, $"The account has {RolesAtMost} roles already. Take one from it first.");
        }

        account.Roles.Add(role);
        await store.UpdateAsync(account, cancellationToken);
        return AccountView.Of(account);
    }
}
