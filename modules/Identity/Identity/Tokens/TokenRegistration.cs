using Marten;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Identity.ApiKeys;
using ModularMonolith.Identity.Clients;
using ModularMonolith.Identity.Keys;
using ModularMonolith.Platform.Modules;
using ModularMonolith.Platform.Security;
using ModularMonolith.Platform.Security.Tokens;

namespace ModularMonolith.Identity.Tokens;

/// <summary>The part of the module that issues tokens and knows machines by keys.</summary>
internal static class TokenRegistration
{
    public static void Add(ModuleBuilder module)
    {
        var services = module.Services;
        services.AddSingleton<TokenSettings>();
        services.AddHostedService<TokenSettingsCheck>();
        services.AddSingleton<KeyMaker>();
        services.AddSingleton<SigningKeys>();
        services.AddSingleton<TokenIssuer>();
        services.AddSingleton<ITokenIssuer>(static provider => provider.GetRequiredService<TokenIssuer>());
        services.AddSingleton<IWellKnownEndpoints, IssuerMetadata>();
        services.AddSingleton<TokenWriter>();
        services.AddSingleton<ClientSecrets>();
        services.AddSingleton<ClientAuthentication>();
        services.AddSingleton<BrowserSession>();
        services.AddSingleton<SignInPage>();
        services.AddScoped<RefreshFamilies>();
        services.AddScoped<Entitlements>();
        services.AddScoped<FirstPartyTokens>();
        services.AddAntiforgery(static antiforgery =>
        {
            antiforgery.FormFieldName = SignInPage.AntiforgeryField;
            antiforgery.HeaderName = null;
            antiforgery.Cookie.Name = "identity-form";
            antiforgery.Cookie.SameSite = SameSiteMode.Strict;
            antiforgery.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        });
        services.AddSingleton<ApiKeyCache>();
        services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, ApiKeyHandler>(ApiKeyHandler.Word, null);
        services.AddSingleton(new CredentialScheme(ApiKeyHandler.Word, ApiKeyHandler.Word));
        module.AddRecurring<RotateKeys>("rotate-keys", "17 * * * *");
        module.AddRecurring<RemoveExpiredTokens>("remove-expired-tokens", "23 * * * *");
    }

    public static void Configure(StoreOptions options)
    {
        options.Schema.For<SigningKey>();
        options.Schema.For<Client>();
        options.Schema.For<AuthorizationCode>().Index(code => code.ExpiresAt);
        options.Schema.For<RefreshFamily>().Index(family => family.ExpiresAt);
        options.Schema.For<ApiKey>().Index([key => key.AccountId, key => key.Id]);
    }
}
