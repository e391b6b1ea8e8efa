using FluentValidation;
using Marten;
using ModularMonolith.Identity.Accounts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Identity.Roles;

/// <summary>What holds for every change of who may do what.</summary>
internal sealed class RoleChanges(IModuleSession<IIdentityStore> session, ICaller caller)
{
    /// <summary>
    /// Changes of roles come one after the other: two admins who take the role from each other at once, or a role that is removed while it is given, would each see
    /// the state before the other.
    /// </summary>
    public async Task TakeTurnAsync(CancellationToken cancellationToken)
    {
        await session.Documents.BeginTransactionAsync(cancellationToken);
        await session.Documents.QueryAsync<bool>("select pg_advisory_xact_lock(hashtextextended(current_schema() || '.roles', 0)) is null", cancellationToken);
    }

    /// <summary>A role that was made here.</summary>
    /// <exception cref="ProblemException">404 when there is none, 409 for a role of the product.</exception>
    public async Task<Role> LoadMadeAsync(string name, PermissionCatalog catalog, CancellationToken cancellationToken)
    {
        if (catalog.BuiltIn.ContainsKey(name))
        {
            throw new ProblemException(ProblemTypes.IllegalState, $"The role {name} is part of the product and stays as it is. Make a role of your own.");
        }

        return (Role.IsName(name) ? await session.Documents.LoadAsync<Role>(name, cancellationToken) : null) ?? throw ProblemException.NotFound("role", name);
    }

    /// <summary>Nobody gives what they do not have, nor takes it from somebody who has more.</summary>
    /// <exception cref="ProblemException">403 naming what the caller lacks.</exception>
    public void EnsureHolds(IEnumerable<string> permissions)
    {
        var lacking = permissions.Where(permission => !caller.Has(permission)).Order(StringComparer.Ordinal).ToList();
        if (lacking.Count > 0)
        {
            throw new ProblemException(ProblemTypes.Forbidden, $"Nobody can give or take permissions that they do not hold. You do not hold {string.Join(", ", lacking)}.").With("permissions", lacking);
        }
    }

    /// <summary>Somebody has to be left who can do everything. Needs the turn.</summary>
    /// <exception cref="ProblemException">409 when the account is the last admin.</exception>
    public async Task EnsureAnotherAdminAsync(Account account, CancellationToken cancellationToken)
    {
        var id = account.Id;
        if (account.Roles.Contains(Role.Admin)
            && !await session.Documents.Query<Account>().Where(other => other.Roles.Contains(Role.Admin) && other.Id != id).AnyAsync(cancellationToken))
        {
            throw new ProblemException(ProblemTypes.IllegalState, "This is the last account with the role admin. Give the role to another account first.");
        }
    }
}

/// <summary>Rules for permissions in requests.</summary>
internal static class PermissionRequests
{
    /// <summary>Refuses what no module of this host declares.</summary>
    public static IRuleBuilderOptions<T, string> MustBeDeclared<T>(this IRuleBuilder<T, string> rule, PermissionCatalog catalog) =>
        rule.Must(permission => permission is not null && catalog.Names.Contains(permission)).WithMessage("No module of this host declares this permission. They are listed at /api/identity/permissions.");
}
