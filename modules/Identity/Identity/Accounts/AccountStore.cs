using Marten;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using ModularMonolith.Platform.Data;

namespace ModularMonolith.Identity.Accounts;

/// <summary>
/// The accounts as ASP.NET Core Identity asks for them. Where its managers say save, this queues into the module's session, which the pipeline saves once: what an
/// operation changes, tells the other modules and records for the audit is one transaction.
/// </summary>
internal sealed partial class AccountStore(IModuleSession<IIdentityStore> session, IDataProtectionProvider protection) :
    IUserPasswordStore<Account>, IUserEmailStore<Account>, IUserLockoutStore<Account>, IUserSecurityStampStore<Account>, IUserTwoFactorStore<Account>,
    IUserAuthenticatorKeyStore<Account>, IUserTwoFactorRecoveryCodeStore<Account>, IUserRoleStore<Account>
{
    private const int MembersAtMost = 1_000;

    public Task<IdentityResult> CreateAsync(Account user, CancellationToken cancellationToken) => Queue(user);

    public Task<IdentityResult> UpdateAsync(Account user, CancellationToken cancellationToken) => Queue(user);

    public Task<IdentityResult> DeleteAsync(Account user, CancellationToken cancellationToken)
    {
        session.Documents.Eject(user);
        session.Documents.Delete(user);
        return Task.FromResult(IdentityResult.Success);
    }

    public Task<Account?> FindByIdAsync(string userId, CancellationToken cancellationToken) =>
        Guid.TryParse(userId, out var id) ? session.Documents.LoadAsync<Account>(id, cancellationToken) : Task.FromResult<Account?>(null);

    public Task<Account?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) => FindByEmailAsync(normalizedUserName, cancellationToken);

    public Task<Account?> FindByEmailAsync(string normalizedEmail, CancellationToken cancellationToken) =>
        session.Documents.Query<Account>().Where(account => account.NormalizedEmail == normalizedEmail).FirstOrDefaultAsync(cancellationToken);

    public Task<string> GetUserIdAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(user.Id.ToString());

    public Task<string?> GetUserNameAsync(Account user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Email);

    public Task SetUserNameAsync(Account user, string? userName, CancellationToken cancellationToken) => SetEmailAsync(user, userName, cancellationToken);

    public Task<string?> GetNormalizedUserNameAsync(Account user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.NormalizedEmail);

    public Task SetNormalizedUserNameAsync(Account user, string? normalizedName, CancellationToken cancellationToken) =>
        SetNormalizedEmailAsync(user, normalizedName, cancellationToken);

    public Task<string?> GetEmailAsync(Account user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Email);

    public Task SetEmailAsync(Account user, string? email, CancellationToken cancellationToken)
    {
        user.Email = email ?? throw new ArgumentNullException(nameof(email));
        return Task.CompletedTask;
    }

    public Task<string?> GetNormalizedEmailAsync(Account user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.NormalizedEmail);

    public Task SetNormalizedEmailAsync(Account user, string? normalizedEmail, CancellationToken cancellationToken)
    {
        user.NormalizedEmail = normalizedEmail ?? throw new ArgumentNullException(nameof(normalizedEmail));
        return Task.CompletedTask;
    }

    // An account is opened, and gets another address, by a link that was sent to the address.
    public Task<bool> GetEmailConfirmedAsync(Account user, CancellationToken cancellationToken) => Task.FromResult(true);

    public Task SetEmailConfirmedAsync(Account user, bool confirmed, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task AddToRoleAsync(Account user, string roleName, CancellationToken cancellationToken)
    {
        user.Roles.Add(RoleOf(roleName));
        return Task.CompletedTask;
    }

    public Task RemoveFromRoleAsync(Account user, string roleName, CancellationToken cancellationToken)
    {
        user.Roles.Remove(RoleOf(roleName));
        return Task.CompletedTask;
    }

    public Task<IList<string>> GetRolesAsync(Account user, CancellationToken cancellationToken) => Task.FromResult<IList<string>>([.. user.Roles]);

    public Task<bool> IsInRoleAsync(Account user, string roleName, CancellationToken cancellationToken) => Task.FromResult(user.Roles.Contains(RoleOf(roleName)));

    public async Task<IList<Account>> GetUsersInRoleAsync(string roleName, CancellationToken cancellationToken)
    {
        var role = RoleOf(roleName);
        return [.. await session.Documents.Query<Account>().Where(account => account.Roles.Contains(role)).OrderBy(static account => account.Id).Take(MembersAtMost).ToListAsync(cancellationToken)];
    }

    public void Dispose()
    {
        // The session belongs to the scope.
    }

    private Task<IdentityResult> Queue(Account account)
    {
        // Managers save after each step; an operation that takes several is one write all the same.
        session.Documents.Eject(account);
        if (account.Version == 0)
        {
            session.Documents.Insert(account);
        }
        else
        {
            session.Documents.UpdateRevision(account, account.Version + 1);
        }

        return Task.FromResult(IdentityResult.Success);
    }

    // Managers normalise names to upper case; roles are named in lower case.
    private static string RoleOf(string normalizedName) => normalizedName.ToLowerInvariant();
}
