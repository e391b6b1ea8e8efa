using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Identity.Roles;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Identity.Accounts;

internal sealed record GetOwnAccount : IQuery<OwnAccount>;

/// <summary>An account as its owner sees it.</summary>
/// <param name="Id">The account.</param>
/// <param name="Email">The verified address.</param>
/// <param name="HasSecondFactor">Whether a code is asked for at the sign-in.</param>
/// <param name="RecoveryCodesLeft">How many recovery codes were not used yet.</param>
/// <param name="Roles">The roles.</param>
/// <param name="Permissions">What they allow together.</param>
/// <param name="CreatedAt">When it was opened.</param>
/// <param name="LastSignInAt">The last sign-in.</param>
internal sealed record OwnAccount(
    Guid Id, string Email, bool HasSecondFactor, int RecoveryCodesLeft, IReadOnlyList<string> Roles, IReadOnlyList<string> Permissions, DateTimeOffset CreatedAt,
    DateTimeOffset? LastSignInAt);

internal sealed class GetOwnAccountEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/account", static async (ISender sender, CancellationToken cancellationToken) => Results.Ok(await sender.Send(new GetOwnAccount(), cancellationToken)))
        .RequireSubject()
        .WithName("GetOwnAccount")
        .WithSummary("The caller's own account.")
        .Produces<OwnAccount>()
        .ProducesProblem(StatusCodes.Status401Unauthorized)
        .ProducesProblem(StatusCodes.Status403Forbidden);
}

internal sealed class GetOwnAccountHandler(CurrentAccount current, UserManager<Account> users, AccountPermissions permissions) : IRequestHandler<GetOwnAccount, OwnAccount>
{
    public async Task<OwnAccount> Handle(GetOwnAccount request, CancellationToken cancellationToken)
    {
        var account = await current.LoadAsync(cancellationToken);
        var allowed = await permissions.OfRolesAsync(account.Roles, cancellationToken);
        return new OwnAccount(
            account.Id, account.Email, account.HasSecondFactor, await users.CountRecoveryCodesAsync(account), account.Roles, [.. allowed.Order(StringComparer.Ordinal)], account.CreatedAt,
            account.LastSignInAt);
    }
}
