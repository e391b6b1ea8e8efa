using Carter;
using FluentValidation;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Identity.Clients;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Identity.Tokens;

/// <summary>Ends a refresh token with its family and session (RFC 7009). Somebody else's and unknown ones make no difference.</summary>
internal sealed record RevokeToken(string ClientId, string Token) : ICommand;

internal sealed class RevokeTokenValidator : AbstractValidator<RevokeToken>
{
    public RevokeTokenValidator() => RuleFor(command => command.Token).MaximumLength(AuthorizationRequest.LongestValue);
}

internal sealed class RevokeTokenEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapPost("/oauth/revoke", static (HttpContext http, ISender sender, ClientAuthentication clients, CancellationToken cancellationToken) =>
            OAuthErrors.AnswerAsync(http, async () =>
            {
                var form = await OAuthForm.ReadAsync(http, cancellationToken);
                var client = await clients.AuthenticateAsync(http, form, cancellationToken);
                var token = form.Required("token");
                if (token.StartsWith("ey", StringComparison.Ordinal) && token.Count(static letter => letter == '.') == 2)
                {
                    throw new OAuthException(OAuthErrors.UnsupportedTokenType, "Access tokens expire within ten minutes and cannot be revoked. Revoke the refresh token, and no new ones are issued.");
                }

                await sender.Send(new RevokeToken(client.Id, token), cancellationToken);
                return Results.Ok();
            }))
        .AllowAnonymous()
        .ChecksCredentialsItself()
        .WithName("RevokeToken")
        .WithSummary("Revokes a refresh token with all that came from the same sign-in (RFC 7009). Answers 200 also for an unknown token.")
        .Accepts<IFormCollection>("application/x-www-form-urlencoded")
        .Produces(StatusCodes.Status200OK)
        .Produces<OAuthError>(StatusCodes.Status400BadRequest)
        .Produces<OAuthError>(StatusCodes.Status401Unauthorized);
}

internal sealed class RevokeTokenHandler(RefreshFamilies families) : IRequestHandler<RevokeToken, Unit>
{
    public async Task<Unit> Handle(RevokeToken request, CancellationToken cancellationToken)
    {
        if (RefreshFamily.TryRead(request.Token, out var id, out var secret) && await families.LockAsync(id, cancellationToken) is { } family && family.ClientId == request.ClientId
            && (OpaqueSecret.Matches(secret, family.CurrentHash) || OpaqueSecret.Matches(secret, family.PreviousHash)))
        {
            families.Revoke(family);
        }

        return Unit.Value;
    }
}
