using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using ModularMonolith.Platform.Http;

namespace ModularMonolith.Platform.Security;

/// <summary>
/// A kind of credentials that a module (or the platform) can check: requests whose <c>Authorization</c> header begins with the word are given to the
/// authentication scheme. The scheme's handler answers with the claims of <see cref="CallerClaims"/>.
/// </summary>
/// <param name="Word">The first word of the header (RFC 9110, section 11.1): <c>Bearer</c>.</param>
/// <param name="Scheme">The name under which the handler is registered.</param>
public sealed record CredentialScheme(string Word, string Scheme);

/// <summary>Finds out who sends a request, before anything else is done for it.</summary>
internal static class CallerAuthentication
{
    private const string Selector = "modular-monolith";
    private const string Nobody = "nobody";

    // WebApplication puts a middleware of its own in front of all others unless this property says that there is one.
    private const string HasMiddleware = "__AuthenticationMiddlewareSet";

    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<OpenAccess>();
        services.AddScoped<Caller>();
        services.AddScoped<ICaller>(static provider => provider.GetRequiredService<Caller>());
        services.AddAuthentication(Selector)
            .AddPolicyScheme(Selector, null, static options => options.ForwardDefaultSelector = SchemeOf)
            .AddScheme<AuthenticationSchemeOptions, NobodyHandler>(Nobody, null);
    }

    public static void Use(WebApplication app)
    {
        // That one would check all credentials twice, and outside of what turns exceptions into problems.
        ((IApplicationBuilder)app).Properties[HasMiddleware] = true;
        app.Use(IdentifyAsync);
    }

    private static async Task IdentifyAsync(HttpContext http, RequestDelegate next)
    {
        if (EndpointCredentials.AreLeftToEndpoint(http))
        {
            await next(http);
            return;
        }

        var result = await http.AuthenticateAsync();
        if (result.Failure is not null)
        {
            // Also where nobody has to be known: whoever sends credentials believes to be somebody.
            // They count, or they could be tried out without end.
            throw http.RequestServices.GetRequiredService<RateLimits>().Count(http) ?? new ProblemException(ProblemTypes.InvalidCredentials, "The credentials in the Authorization header are not valid, not valid any more, or not meant for this API. Get new ones.");
        }

        if (result.Principal is { } principal)
        {
            http.User = principal;
            http.RequestServices.GetRequiredService<Caller>().Enter(principal);
        }

        await next(http);
    }

    private static string SchemeOf(HttpContext http)
    {
        var header = http.Request.Headers.Authorization.ToString();
        return http.RequestServices.GetServices<CredentialScheme>()
            .FirstOrDefault(scheme => header.Length > scheme.Word.Length && header[scheme.Word.Length] == ' ' && header.StartsWith(scheme.Word, StringComparison.OrdinalIgnoreCase))?.Scheme ?? Nobody;
    }

    // Of a request without credentials nothing is known; credentials of an unknown kind are refused.
    private sealed class NobodyHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() =>
            Task.FromResult(Request.Headers.Authorization.Count == 0 ? AuthenticateResult.NoResult() : AuthenticateResult.Fail("No handler for this kind of credentials is installed."));
    }
}
