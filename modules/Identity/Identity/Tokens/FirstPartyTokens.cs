using ModularMonolith.Identity.Clients;

namespace ModularMonolith.Identity.Tokens;

/// <summary>Tokens for the shop's own front ends, which take passwords and passkeys themselves. Part of the unit of work that started the session.</summary>
internal sealed class FirstPartyTokens(RefreshFamilies families, Entitlements entitlements, TimeProvider time)
{
    private const string Scope = "openid email";

    /// <summary>Grants what somebody may for a session that has just begun.</summary>
    /// <param name="subject">Who has signed in, or a guest.</param>
    /// <param name="sessionId">The session.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The grant, for <see cref="TokenWriter"/> after the commit.</returns>
    public async Task<TokenGrant> GrantAsync(string subject, Guid sessionId, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var (_, refreshToken) = families.Start(subject, Client.FirstParty.Id, sessionId, Scope, now);
        return new TokenGrant(
            subject, Client.FirstParty.Id, sessionId, Scope, now, await entitlements.OfAsync(subject, Client.FirstParty, Scope, cancellationToken), refreshToken,
            Email: await entitlements.EmailAsync(subject, Scope, cancellationToken));
    }
}
