using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using ModularMonolith.Identity.Clients;

namespace ModularMonolith.Identity.Tokens;

/// <summary>An authorization request whose client and redirect URI are right, so that its errors can be told to the client (RFC 6749, section 4.1.2.1).</summary>
internal sealed class AuthorizationRequest
{
    /// <summary>The number of characters that a parameter has at most.</summary>
    public const int LongestValue = 1_000;

    private readonly IQueryCollection _query;

    public AuthorizationRequest(IQueryCollection query, Client client, string redirectUri) => (_query, Client, RedirectUri) = (query, client, redirectUri);

    public Client Client { get; }

    public string RedirectUri { get; }

    public string? State => this["state"];

    public string? Nonce => this["nonce"];

    public string Challenge => this["code_challenge"]!;

    public string? Prompt => this["prompt"];

    private string? this[string name] => _query[name] is [{ Length: > 0 } value] ? value : null;

    /// <summary>Checks everything but who is signed in.</summary>
    /// <returns>The granted scope.</returns>
    /// <exception cref="OAuthException">Something is missing or not possible.</exception>
    public string Check()
    {
        if (_query.FirstOrDefault(static pair => pair.Value.Count > 1 || pair.Value.ToString() is { Length: > LongestValue }).Key is { } wrong)
        {
            throw new OAuthException(OAuthErrors.InvalidRequest, $"A parameter stands there twice or is longer than {LongestValue} characters: {new string([.. wrong.Take(40).Where(char.IsAsciiLetterOrDigit)])}.");
        }

        if (this["request"] is not null || this["request_uri"] is not null)
        {
            throw new OAuthException(OAuthErrors.InvalidRequest, "Send the parameters themselves; request and request_uri are not read.");
        }

        if (this["response_type"] != "code")
        {
            throw new OAuthException(OAuthErrors.UnsupportedResponseType, "The only response_type is code.");
        }

        if (this["response_mode"] is not (null or "query"))
        {
            throw new OAuthException(OAuthErrors.InvalidRequest, "The only response_mode is query.");
        }

        if (!Client.Grants.Contains(Grants.AuthorizationCode))
        {
            throw new OAuthException(OAuthErrors.UnauthorizedClient, "The client may not use authorization codes.");
        }

        // RFC 9700, section 2.1.1: without exception, so that nobody can leave it out. The method plain is as good as none.
        if (this["code_challenge_method"] != "S256" || !OpaqueSecret.HasForm(this["code_challenge"]))
        {
            throw new OAuthException(OAuthErrors.InvalidRequest, "Send a code_challenge with the code_challenge_method S256 (RFC 7636).");
        }

        return Scopes.Grant(Client, this["scope"]) ?? throw new OAuthException(OAuthErrors.InvalidScope, "The client may not ask for this scope.");
    }

    /// <summary>Where the browser goes with an answer.</summary>
    /// <param name="issuer">So that the client knows whose answer it is (RFC 9207).</param>
    /// <param name="answer">The parameters.</param>
    public string Answer(string issuer, params IReadOnlyList<(string Name, string Value)> answer)
    {
        var parameters = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var (name, value) in answer)
        {
            parameters[name] = value;
        }

        if (State is { } state)
        {
            parameters["state"] = state;
        }

        parameters["iss"] = issuer;
        return QueryHelpers.AddQueryString(RedirectUri, parameters);
    }
}
