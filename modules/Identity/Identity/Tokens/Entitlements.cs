using ModularMonolith.Identity.Accounts;
using ModularMonolith.Identity.Clients;
using ModularMonolith.Identity.Roles;
using ModularMonolith.Platform.Data;

namespace ModularMonolith.Identity.Tokens;

/// <summary>What a token entitles to: what its subject may, as far as the client may too, as far as the scope asks for it.</summary>
internal sealed class Entitlements(IModuleSession<IIdentityStore> session, AccountPermissions permissions)
{
    /// <summary>For somebody who uses a client. Guests may nothing that needs a permission.</summary>
    public async Task<IReadOnlyList<string>> OfAsync(string subject, Client client, string scope, CancellationToken cancellationToken) =>
        Guid.TryParse(subject, out var accountId) ? Within(await permissions.OfAsync(accountId, cancellationToken), scope).Where(client.Allows).ToList() : [];

    /// <summary>For a client by itself.</summary>
    public async Task<IReadOnlyList<string>> OfServiceAsync(Client client, string scope, CancellationToken cancellationToken) =>
        Within(await permissions.OfRolesAsync(client.Roles, cancellationToken), scope).ToList();

    /// <summary>The address of an account, when the scope asks for it.</summary>
    public async Task<string?> EmailAsync(string subject, string scope, CancellationToken cancellationToken) =>
        Scopes.Has(scope, Scopes.Email) && Guid.TryParse(subject, out var accountId) ? (await session.Documents.LoadAsync<Account>(accountId, cancellationToken))?.Email : null;

    private static IEnumerable<string> Within(IReadOnlySet<string> held, string scope)
    {
        var named = Scopes.NamesIn(scope).Except(Scopes.OfProtocol).ToList();
        return held.Where(permission => named.Count == 0 || named.Contains(permission)).Order(StringComparer.Ordinal);
    }
}
