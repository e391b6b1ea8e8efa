using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Identity.Clients;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Identity.Tokens;

/// <summary>A token for a client by itself (RFC 6749, section 4.4).</summary>
internal sealed record IssueTokens(Client Client, string Scope) : IQuery<TokenGrant>;

internal sealed class IssueTokensEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/oauth/token", static (HttpContext http, ISender sender, ClientAuthentication clients, TokenWriter tokens, CancellationToken cancellationToken) =>
            OAuthErrors.AnswerAsync(http, async () =>
            {
                var form = await OAuthForm.ReadAsync(http, cancellationToken);
                var client = await clients.AuthenticateAsync(http, form, cancellationToken);
                var grant = await GrantAsync(form, client, sender, cancellationToken);
                return Results.Ok(await tokens.WriteAsync(grant, cancellationToken));
            }))
        .AllowAnonymous()
        .ChecksCredentialsItself()
        .WithName("IssueTokens")
        .WithSummary("The token endpoint of OAuth 2 (RFC 6749, section 3.2) for the grants authorization_code with PKCE, refresh_token and client_credentials. Clients authenticate with their secret in the header or in the form; public ones send their client_id.")
        .Accepts<IFormCollection>("application/x-www-form-urlencoded")
        .Produces<TokenAnswer>()
        .Produces<OAuthError>(StatusCodes.Status400BadRequest)
        .Produces<OAuthError>(StatusCodes.Status401Unauthorized);

    private static async Task<TokenGrant> GrantAsync(OAuthForm form, Client client, ISender sender, CancellationToken cancellationToken)
    {
        var type = form.Required("grant_type");
        if (!Grants.All.Contains(type))
        {
            throw new OAuthException(OAuthErrors.UnsupportedGrantType, "Known are " + string.Join(", ", Grants.All) + ".");
        }

        if (!client.Grants.Contains(type))
        {
            throw new OAuthException(OAuthErrors.UnauthorizedClient, $"The client may not use {type}.");
        }

        if (type == Grants.ClientCredentials)
        {
            var scope = Scopes.NamesIn(form["scope"]);
            return await sender.Send(new IssueTokens(client, string.Join(' ', scope)), cancellationToken);
        }

        var outcome = type == Grants.AuthorizationCode
            ? await sender.Send(new ExchangeCode(client, form.Required("code"), form.Required("redirect_uri"), form.Required("code_verifier")), cancellationToken)
            : await sender.Send(new RefreshAccess(client, form.Required("refresh_token"), form["scope"]), cancellationToken);
        return outcome.Grant ?? throw new OAuthException(OAuthErrors.InvalidGrant, outcome.Refusal!);
    }
}

internal sealed class IssueTokensHandler(Entitlements entitlements, TimeProvider time) : IRequestHandler<IssueTokens, TokenGrant>
{
    public async Task<TokenGrant> Handle(IssueTokens request, CancellationToken cancellationToken)
    {
        var permissions = await entitlements.OfServiceAsync(request.Client, request.Scope, cancellationToken);
        return Scopes.NamesIn(request.Scope).Except(permissions).Any()
            ? throw new OAuthException(OAuthErrors.InvalidScope, "The service account does not hold all that the scope names.")
            : new TokenGrant(Client.SubjectPrefix + request.Client.Id, request.Client.Id, null, request.Scope, time.GetUtcNow(), permissions);
    }
}
