using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ModularMonolith.Platform.Security.Tokens;

/// <summary>Knows callers by access tokens in the header <c>Authorization: Bearer</c> (RFC 6750, section 2.1).</summary>
internal sealed class BearerHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder, IAccessTokens tokens)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
{
    public const string Word = "Bearer";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        var token = Request.Headers.Authorization.ToString()[Word.Length..].Trim();
        return await tokens.CheckAsync(token, Context.RequestAborted) is { } valid
            ? AuthenticateResult.Success(new AuthenticationTicket(new System.Security.Claims.ClaimsPrincipal(valid.Identity), Word))
            : AuthenticateResult.Fail("The access token does not hold.");
    }
}

/// <summary>Turns bearer authentication on where somebody is registered who issues tokens.</summary>
internal static class BearerAuthentication
{
    /// <summary>Call it after the modules have registered what they have.</summary>
    public static void Add(IServiceCollection services, IConfiguration configuration)
    {
        var external = ExternalIssuerSettings.AllFrom(configuration);
        foreach (var settings in external)
        {
            services.AddSingleton<ITokenIssuer>(provider => ActivatorUtilities.CreateInstance<ExternalIssuer>(provider, settings));
        }

        services.AddSingleton<IAccessTokens, AccessTokens>();
        if (!services.Any(static service => service.ServiceType == typeof(ITokenIssuer)))
        {
            return;
        }

        services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, BearerHandler>(BearerHandler.Word, null);
        services.AddSingleton(new CredentialScheme(BearerHandler.Word, BearerHandler.Word));
        if (external.Count > 0)
        {
            services.AddHostedService<ExternalIssuerCheck>();
        }
    }
}
