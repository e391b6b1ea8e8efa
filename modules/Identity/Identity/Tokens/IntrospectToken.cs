using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Identity.Clients;
using ModularMonolith.Identity.Keys;
using ModularMonolith.Identity.SignIns;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Data;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;
using ModularMonolith.Platform.Security.Tokens;

namespace ModularMonolith.Identity.Tokens;

/// <summary>What a token says and whether it is good at this moment, its session included (RFC 7662).</summary>
internal sealed record IntrospectToken(string ClientId, string Token) : IQuery<IReadOnlyDictionary<string, object>>;

internal sealed class IntrospectTokenEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/oauth/introspect", static (HttpContext http, ISender sender, ClientAuthentication clients, CancellationToken cancellationToken) =>
            OAuthErrors.AnswerAsync(http, async () =>
            {
                var form = await OAuthForm.ReadAsync(http, cancellationToken);
                var client = await clients.AuthenticateAsync(http, form, cancellationToken);
                return client.IsConfidential
                    ? Results.Json(await sender.Send(new IntrospectToken(client.Id, form.Required("token")), cancellationToken))
                    : throw new OAuthException(OAuthErrors.InvalidClient, "Only clients that prove who they are may ask about tokens.");
            }))
        .AllowAnonymous()
        .ChecksCredentialsItself()
        .NeverConflicts()
        .WithName("IntrospectToken")
        .WithSummary("Tells a confidential client whether a token is good now and what it says (RFC 7662): any access token, and the client's own refresh tokens.")
        .Accepts<IFormCollection>("application/x-www-form-urlencoded")
        .Produces<IReadOnlyDictionary<string, object>>()
        .Produces<OAuthError>(StatusCodes.Status400BadRequest)
        .Produces<OAuthError>(StatusCodes.Status401Unauthorized);
}

internal sealed class IntrospectTokenHandler(
    IModuleSession<IIdentityStore> session, Sessions sessions, IAccessTokens tokens, TokenIssuer issuer, TokenSettings settings) : IRequestHandler<IntrospectToken, IReadOnlyDictionary<string, object>>
{
    // RFC 7662, section 2.2: nothing more about a token that is not good.
    private static readonly IReadOnlyDictionary<string, object> Inactive = new Dictionary<string, object> { ["active"] = false };

    public async Task<IReadOnlyDictionary<string, object>> Handle(IntrospectToken request, CancellationToken cancellationToken) =>
        RefreshFamily.TryRead(request.Token, out var id, out var secret)
            ? await OfRefreshTokenAsync(id, secret, request.ClientId, cancellationToken)
            : await OfAccessTokenAsync(request.Token, cancellationToken);

    private async Task<IReadOnlyDictionary<string, object>> OfAccessTokenAsync(string token, CancellationToken cancellationToken)
    {
        if (await tokens.CheckAsync(token, cancellationToken) is not { } valid || valid.Issuer.Issuer != issuer.Issuer
            || (Guid.TryParse(valid.Identity.FindFirst(CallerClaims.Session)?.Value, out var sessionId) && !await sessions.IsActiveAsync(sessionId, cancellationToken)))
        {
            return Inactive;
        }

        var answer = valid.Payload.EnumerateObject().ToDictionary(static claim => claim.Name, static object (claim) => claim.Value, StringComparer.Ordinal);
        answer["active"] = true;
        answer["token_type"] = "Bearer";
        return answer;
    }

    private async Task<IReadOnlyDictionary<string, object>> OfRefreshTokenAsync(Guid id, string secret, string clientId, CancellationToken cancellationToken)
    {
        var family = await session.Documents.LoadAsync<RefreshFamily>(id, cancellationToken);
        return family is { RevokedAt: null } && family.ClientId == clientId && OpaqueSecret.Matches(secret, family.CurrentHash) && await sessions.IsActiveAsync(family.SessionId, cancellationToken)
            ? new Dictionary<string, object>
            {
                ["active"] = true,
                ["iss"] = settings.Issuer,
                ["sub"] = family.Subject,
                ["client_id"] = family.ClientId,
                ["scope"] = family.Scope,
                ["exp"] = family.ExpiresAt.ToUnixTimeSeconds(),
            }
            : Inactive;
    }
}
