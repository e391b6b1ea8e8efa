using System.Net.Http.Headers;
using System.Security.Claims;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Platform.Testing;

/// <summary>Credentials of tests: whoever they say, with the permissions they say. The scheme exists in test hosts only.</summary>
public static class TestCredentials
{
    private const string Word = "Test";

    /// <summary>The <c>Authorization</c> header of a caller.</summary>
    /// <param name="subject">Who it is.</param>
    /// <param name="permissions">What it may.</param>
    /// <returns>The header.</returns>
    public static AuthenticationHeaderValue Of(string subject, params IReadOnlyList<string> permissions) =>
        Of(new Claimed(subject, permissions, null));

    /// <summary>The <c>Authorization</c> header of a caller in a session.</summary>
    /// <param name="subject">Who it is.</param>
    /// <param name="session">The session.</param>
    /// <param name="permissions">What it may.</param>
    /// <returns>The header.</returns>
    public static AuthenticationHeaderValue InSession(string subject, Guid session, params IReadOnlyList<string> permissions) => Of(new Claimed(subject, permissions, session));

    internal static void Add(IServiceCollection services)
    {
        services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, Handler>(Word, null);
        services.AddSingleton(new CredentialScheme(Word, Word));
    }

    private static AuthenticationHeaderValue Of(Claimed claimed) => new(Word, Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(claimed)));

    private sealed record Claimed(string Subject, IReadOnlyList<string> Permissions, Guid? Session);

    private sealed class Handler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            var text = Request.Headers.Authorization.ToString()[(Word.Length + 1)..];
            try
            {
                var claimed = JsonSerializer.Deserialize<Claimed>(Encoding.UTF8.GetString(Convert.FromBase64String(text)))!;
                var identity = new ClaimsIdentity(
                    [new Claim(CallerClaims.Subject, claimed.Subject), .. claimed.Permissions.Select(static permission => new Claim(CallerClaims.Permission, permission))], Word);
                if (claimed.Session is { } session)
                {
                    identity.AddClaim(new Claim(CallerClaims.Session, session.ToString()));
                }

                return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Word)));
            }
            catch (FormatException malformed)
            {
                return Task.FromResult(AuthenticateResult.Fail(malformed));
            }
        }
    }
}
