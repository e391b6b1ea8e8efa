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
internal sealed record TakeRole(Guid AccountId, string Role) : ICommand<AccountView>;

internal sealed class TakeRoleValidator : AbstractValidator<TakeRole>
{
    public TakeRoleValidator() => RuleFor(command => command.Role).NotEmpty();
}

internal sealed class TakeRoleEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapDelete("/accounts/{id:guid}/roles/{role}", static async (Guid id, string role, ISender sender, CancellationToken cancellationToken) =>
            Results.Ok(await sender.Send(new TakeRole(id, role), cancellationToken)))
        .RequirePermission("identity:manage")
        .SupportsDryRun()
        .WithName("TakeRole")
        .WithSummary("Takes a role from an account; the caller holds all its permissions. Taking it again makes no difference.")
        .Produces<AccountView>()
        .ProducesProblem(StatusCodes.Status401Unauthorized)
        .ProducesProblem(StatusCodes.Status403Forbidden)
        .ProducesProblem(StatusCodes.Status404NotFound)
        .ProducesProblem(StatusCodes.Status409Conflict);
}

internal sealed class TakeRoleHandler(IModuleSession<IIdentityStore> session, IUserStore<Account> store, AccountPermissions permissions, RoleChanges changes)
    : IRequestHandler<TakeRole, AccountView>
{
    public async Task<AccountView> Handle(TakeRole request, CancellationToken cancellationToken)
    {
        await changes.TakeTurnAsync(cancellationToken);
        var account = await session.Documents.LoadAsync<Account>(request.AccountId, cancellationToken) ?? throw ProblemException.NotFound("account", request.AccountId);
        if (!account.Roles.Contains(request.Role))
        {
            return AccountView.Of(account);
        }

        changes.EnsureHolds(await permissions.OfRolesAsync([request.Role], cancellationToken));
        if (request.Role == Role.Admin)
        {
            await changes.EnsureAnotherAdminAsync(account, cancellationToken);
        }

        account.Roles.Remove(request.Role);
        await store.UpdateAsync(account, cancellationToken);
        return AccountView.Of(account);
    }
}
