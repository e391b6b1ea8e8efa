using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Http;
using ModularMonolith.Identity.Tokens;

namespace ModularMonolith.Identity.Clients;

/// <summary>Finds out which client sends a request to an operation of OAuth (RFC 6749, section 2.3): by its secret in the header or in the form, or by its name alone when it is public.</summary>
internal sealed class ClientAuthentication(IIdentityStore store, ClientSecrets secrets)
{
    private const int Longest = 200;

    public async Task<Client?> FindAsync(string? clientId, CancellationToken cancellationToken)
    {
        if (clientId is not { Length: > 0 and <= Longest } || clientId.Contains('\0', StringComparison.Ordinal))
        {
            return null;
        }

        if (clientId == Client.FirstParty.Id)
        {
            return Client.FirstParty;
        }

        await using var session = store.QuerySession();
        return await session.LoadAsync<Client>(clientId, cancellationToken);
    }

    /// <summary>The client that sends the request.</summary>
    /// <exception cref="OAuthException">It is none, or does not prove that it is.</exception>
    public async Task<Client> AuthenticateAsync(HttpContext http, OAuthForm form, CancellationToken cancellationToken)
    {
        var header = http.Request.Headers.Authorization.ToString();
        var (clientId, secret) = header.Length > 0 ? FromHeader(header) : (form["client_id"], form["client_secret"]);
        if (header.Length > 0 && (form["client_secret"] is not null || (form["client_id"] ?? clientId) != clientId))
        {
            throw new OAuthException(OAuthErrors.InvalidRequest, "Send the client's credentials in one place only (RFC 6749, section 2.3).");
        }

        var client = await FindAsync(clientId, cancellationToken);
        var isProven = client is { IsConfidential: true } ? secret is { Length: <= Longest } && secrets.IsRight(client, secret) : client is not null && secret is null;
        return isProven
            ? client!
            : throw new OAuthException(OAuthErrors.InvalidClient, "The client is unknown, or its credentials are not right.");
    }

    // RFC 6749, section 2.3.1: both parts are encoded as in a form before they are joined.
    private static (string? ClientId, string? Secret) FromHeader(string header)
    {
        if (!AuthenticationHeaderValue.TryParse(header, out var value) || !"Basic".Equals(value.Scheme, StringComparison.OrdinalIgnoreCase) || value.Parameter is not { Length: <= 1_000 } encoded)
        {
            return (null, null);
        }

        var bytes = new byte[encoded.Length];
        if (!Convert.TryFromBase64String(encoded, bytes, out var length) || Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2) is not [var clientId, var secret])
        {
            return (null, null);
        }

        return (Uri.UnescapeDataString(clientId.Replace('+', ' ')), Uri.UnescapeDataString(secret.Replace('+', ' ')));
    }
}
