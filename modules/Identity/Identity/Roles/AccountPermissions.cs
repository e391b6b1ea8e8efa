using ModularMonolith.Identity.Accounts;
using ModularMonolith.Platform.Data;

namespace ModularMonolith.Identity.Roles;

/// <summary>What somebody may do, through roles.</summary>
internal sealed class AccountPermissions(IModuleSession<IIdentityStore> session, PermissionCatalog catalog)
{
    /// <summary>The permissions of an account; none when there is no such account.</summary>
    public async Task<IReadOnlySet<string>> OfAsync(Guid accountId, CancellationToken cancellationToken) =>
        await session.Documents.LoadAsync<Account>(accountId, cancellationToken) is { } account ? await OfRolesAsync(account.Roles, cancellationToken) : new HashSet<string>();

    /// <summary>The permissions of roles together. Roles that do not exist and permissions that no module of this host declares give nothing.</summary>
    public async Task<IReadOnlySet<string>> OfRolesAsync(IReadOnlyCollection<string> roles, CancellationToken cancellationToken)
    {
        var permissions = new HashSet<string>(StringComparer.Ordinal);
        var made = new List<string>();
        foreach (var role in roles)
        {
            if (catalog.BuiltIn.TryGetValue(role, out var builtIn))
            {
                permissions.UnionWith(builtIn);
            }
            else
            {
                made.Add(role);
            }
        }

        if (made.Count > 0)
        {
            foreach (var role in await session.Documents.LoadManyAsync<Role>(cancellationToken, [.. made]))
            {
                permissions.UnionWith(role.Permissions);
            }
        }

        permissions.IntersectWith(catalog.Names);
        return permissions;
    }
}
