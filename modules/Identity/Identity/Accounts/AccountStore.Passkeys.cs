using Marten;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.WebUtilities;
using ModularMonolith.Identity.Passkeys;

namespace ModularMonolith.Identity.Accounts;

/// <summary>Passkeys, each a document of its own.</summary>
internal sealed partial class AccountStore : IUserPasskeyStore<Account>
{
    public const int PasskeysAtMost = 50;

    public async Task AddOrUpdatePasskeyAsync(Account user, UserPasskeyInfo passkey, CancellationToken cancellationToken)
    {
        var id = WebEncoders.Base64UrlEncode(passkey.CredentialId);
        if (await session.Documents.LoadAsync<Passkey>(id, cancellationToken) is { } known)
        {
            known.SignCount = passkey.SignCount;
            known.IsBackedUp = passkey.IsBackedUp;
            known.IsUserVerified = passkey.IsUserVerified;
            known.Name = passkey.Name;
            session.Documents.Store(known);
            return;
        }

        session.Documents.Insert(new Passkey
        {
            Id = id,
            AccountId = user.Id,
            Name = passkey.Name,
            PublicKey = passkey.PublicKey,
            CreatedAt = passkey.CreatedAt,
            SignCount = passkey.SignCount,
            Transports = passkey.Transports ?? [],
            IsUserVerified = passkey.IsUserVerified,
            IsBackupEligible = passkey.IsBackupEligible,
            IsBackedUp = passkey.IsBackedUp,
            AttestationObject = passkey.AttestationObject,
            ClientDataJson = passkey.ClientDataJson,
        });
    }

    public async Task<IList<UserPasskeyInfo>> GetPasskeysAsync(Account user, CancellationToken cancellationToken)
    {
        var accountId = user.Id;
        var passkeys = await session.Documents.Query<Passkey>().Where(passkey => passkey.AccountId == accountId).OrderBy(static passkey => passkey.Id).Take(PasskeysAtMost).ToListAsync(cancellationToken);
        return [.. passkeys.Select(static passkey => passkey.ToInfo(WebEncoders.Base64UrlDecode(passkey.Id)))];
    }

    public async Task<Account?> FindByPasskeyIdAsync(byte[] credentialId, CancellationToken cancellationToken) =>
        await session.Documents.LoadAsync<Passkey>(WebEncoders.Base64UrlEncode(credentialId), cancellationToken) is { } passkey
            ? await session.Documents.LoadAsync<Account>(passkey.AccountId, cancellationToken)
            : null;

    public async Task<UserPasskeyInfo?> FindPasskeyAsync(Account user, byte[] credentialId, CancellationToken cancellationToken) =>
        await session.Documents.LoadAsync<Passkey>(WebEncoders.Base64UrlEncode(credentialId), cancellationToken) is { } passkey && passkey.AccountId == user.Id
            ? passkey.ToInfo(credentialId)
            : null;

    public async Task RemovePasskeyAsync(Account user, byte[] credentialId, CancellationToken cancellationToken)
    {
        var id = WebEncoders.Base64UrlEncode(credentialId);
        if (await session.Documents.LoadAsync<Passkey>(id, cancellationToken) is { } passkey && passkey.AccountId == user.Id)
        {
            session.Documents.Delete(passkey);
        }
    }
}
