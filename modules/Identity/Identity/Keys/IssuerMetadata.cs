using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Identity.Clients;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Identity.Keys;

/// <summary>What clients and other APIs ask about the issuer: its keys (RFC 7517) and where its operations are (RFC 8414, OpenID Connect Discovery 1.0).</summary>
internal sealed class IssuerMetadata : IWellKnownEndpoints
{
    public void AddRoutes(IEndpointRouteBuilder wellKnown)
    {
        wellKnown.MapGet("/jwks.json", static async (HttpContext http, SigningKeys keys, CancellationToken cancellationToken) =>
            {
                Keep(http);
                var published = await keys.PublishedAsync(cancellationToken);
                return Results.Json(new PublishedKeys([.. published.Select(static key => new PublishedKey("EC", "P-256", "ES256", "sig", key.Id, key.X, key.Y))]));
            })
            .WithTags("identity").AllowAnonymous()
            .WithName("GetSigningKeys")
            .WithSummary("The public keys that check the signatures of tokens (RFC 7517). A key is listed a day before the first token is signed with it.")
            .Produces<PublishedKeys>();
        MapMetadata(wellKnown, "/openid-configuration", "GetOpenIdConfiguration", "Where the operations of OpenID Connect are and what they can do (OpenID Connect Discovery 1.0).");
        MapMetadata(wellKnown, "/oauth-authorization-server", "GetAuthorizationServer", "Where the operations of OAuth 2 are and what they can do (RFC 8414).");
    }

    private static void MapMetadata(IEndpointRouteBuilder wellKnown, string path, string name, string summary) => wellKnown
        .MapGet(path, static (HttpContext http, TokenSettings settings) =>
        {
            Keep(http);
            return Results.Json(Describe(settings));
        })
        .WithTags("identity").AllowAnonymous()
        .WithName(name)
        .WithSummary(summary)
        .Produces<Dictionary<string, object>>();

    private static void Keep(HttpContext http) => http.Response.Headers.CacheControl = "public, max-age=3600";

    private static Dictionary<string, object> Describe(TokenSettings settings) => new(StringComparer.Ordinal)
    {
        ["issuer"] = settings.Issuer,
        ["authorization_endpoint"] = settings.AddressOf("/oauth/authorize"),
        ["token_endpoint"] = settings.AddressOf("/oauth/token"),
        ["revocation_endpoint"] = settings.AddressOf("/oauth/revoke"),
        ["introspection_endpoint"] = settings.AddressOf("/oauth/introspect"),
        ["userinfo_endpoint"] = settings.AddressOf("/oauth/userinfo"),
        ["jwks_uri"] = settings.Issuer + "/.well-known/jwks.json",
        ["response_types_supported"] = (string[])["code"],
        ["response_modes_supported"] = (string[])["query"],
        ["grant_types_supported"] = (string[])[Grants.AuthorizationCode, Grants.RefreshToken, Grants.ClientCredentials],
        ["code_challenge_methods_supported"] = (string[])["S256"],
        ["token_endpoint_auth_methods_supported"] = (string[])["client_secret_basic", "client_secret_post", "none"],
        ["revocation_endpoint_auth_methods_supported"] = (string[])["client_secret_basic", "client_secret_post", "none"],
        ["introspection_endpoint_auth_methods_supported"] = (string[])["client_secret_basic", "client_secret_post"],
        ["scopes_supported"] = Scopes.OfProtocol,
        ["subject_types_supported"] = (string[])["public"],
        ["id_token_signing_alg_values_supported"] = (string[])["ES256"],
        ["claims_supported"] = (string[])["sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "sid", "email", "email_verified"],
        ["prompt_values_supported"] = (string[])["none", "login"],
        ["authorization_response_iss_parameter_supported"] = true,
        ["request_parameter_supported"] = false,
        ["request_uri_parameter_supported"] = false,
    };
}

/// <summary>A set of keys (RFC 7517, section 5).</summary>
internal sealed record PublishedKeys(IReadOnlyList<PublishedKey> Keys);

/// <summary>The public part of a key of an elliptic curve (RFC 7518, section 6.2).</summary>
internal sealed record PublishedKey(string Kty, string Crv, string Alg, string Use, string Kid, string X, string Y);
