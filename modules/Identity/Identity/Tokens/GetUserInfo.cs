using System.Text.Json.Serialization;
using Carter;
using MediatR;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using ModularMonolith.Identity.Clients;
using ModularMonolith.Platform.Contracts;
using ModularMonolith.Platform.Http;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Identity.Tokens;

/// <summary>Who somebody is, for a client that they have signed in to (OpenID Connect Core 1.0, section 5.3).</summary>
internal sealed record GetUserInfo(string Subject, string Scope) : IQuery<UserInfo>;

/// <summary>The claims about somebody.</summary>
/// <param name="Subject">Who it is; the same as in the id token.</param>
/// <param name="Email">The address, when the scope asks for it.</param>
/// <param name="EmailVerified">True where there is an address.</param>
internal sealed record UserInfo(
    [property: JsonPropertyName("sub")] string Subject,
    [property: JsonPropertyName("email"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Email,
    [property: JsonPropertyName("email_verified"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? EmailVerified);

internal sealed class GetUserInfoEndpoint : ICarterModule
{
    public void AddRoutes(IEndpointRouteBuilder app) => app
        .MapGet("/oauth/userinfo", static async (HttpContext http, ICaller caller, ISender sender, CancellationToken cancellationToken) =>
        {
            var scope = http.User.FindFirst(CallerClaims.Scope)?.Value ?? string.Empty;
            return Scopes.Has(scope, Scopes.OpenId)
                ? Results.Ok(await sender.Send(new GetUserInfo(caller.RequireSubject(), scope), cancellationToken))
                : throw new ProblemException(ProblemTypes.Forbidden, "The access token was not asked for with the scope openid.");
        })
        .RequireSubject()
        .WithName("GetUserInfo")
        .WithSummary("Who the access token speaks for, as far as its scope allows: openid for the subject, email for the address.")
        .Produces<UserInfo>()
        .ProducesProblem(StatusCodes.Status401Unauthorized)
        .ProducesProblem(StatusCodes.Status403Forbidden);
}

internal sealed class GetUserInfoHandler(Entitlements entitlements) : IRequestHandler<GetUserInfo, UserInfo>
{
    public async Task<UserInfo> Handle(GetUserInfo request, CancellationToken cancellationToken)
    {
        var email = await entitlements.EmailAsync(request.Subject, request.Scope, cancellationToken);
        return new UserInfo(request.Subject, email, email is null ? null : true);
    }
}
