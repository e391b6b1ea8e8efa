using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModularMonolith.Identity.Tokens;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Identity.ApiKeys;

/// <summary>Knows machines by <c>Authorization: ApiKey {id}.{secret}</c>.</summary>
internal sealed class ApiKeyHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, ApiKeyCache keys)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string Word = "ApiKey";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var text = Request.Headers.Authorization.ToString()[Word.Length..].Trim();
        if (text.Split('.') is not [var name, var secret] || !Guid.TryParseExact(name, "N", out var id) || !OpaqueSecret.HasForm(secret)
            || await keys.FindAsync(id, Context.RequestAborted) is not { } key || !OpaqueSecret.Matches(secret, key.SecretHash))
        {
            return AuthenticateResult.Fail("The API key does not hold.");
        }

        await keys.NoteUseAsync(key, Context.RequestAborted);
        var identity = new ClaimsIdentity(
            [new Claim(CallerClaims.Subject, ApiKey.SubjectPrefix + key.Id), .. key.Permissions.Select(static permission => new Claim(CallerClaims.Permission, permission))], Word);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Word));
    }
}
