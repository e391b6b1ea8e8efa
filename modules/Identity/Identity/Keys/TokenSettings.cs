using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ModularMonolith.Platform.Modules;

namespace ModularMonolith.Identity.Keys;

/// <summary>What the module's tokens say about where they come from and whom they are for; see docs/configuration.md.</summary>
internal sealed class TokenSettings
{
    private const string DevelopmentIssuer = "http://localhost:5080";
    private const int DefaultKeyDays = 30;
    private const int MaximumKeyDays = 365;

    public TokenSettings(IConfiguration configuration, IHostEnvironment environment)
    {
        var section = configuration.GetSection("identity");
        var issuer = section.GetValue<string>("Issuer") ?? (environment.IsDevelopment() ? DevelopmentIssuer : string.Empty);
        if (!Uri.TryCreate(issuer, UriKind.Absolute, out var address) || address.GetLeftPart(UriPartial.Authority) != issuer)
        {
            throw new ModuleConfigurationException($"identity:Issuer is '{issuer}'. Outside Development it has to be set to the address at which clients reach this API, without a path: https://shop.example.");
        }

        if (address.Scheme != Uri.UriSchemeHttps && !address.IsLoopback)
        {
            throw new ModuleConfigurationException($"identity:Issuer is {issuer}. Passwords and tokens need https, except on this machine itself.");
        }

        var days = section.GetValue("KeyDays", DefaultKeyDays);
        KeyLength = days is >= 1 and <= MaximumKeyDays
            ? TimeSpan.FromDays(days)
            : throw new ModuleConfigurationException($"identity:KeyDays is {days}; it must be between 1 and {MaximumKeyDays}.");
        Issuer = issuer;
        Audience = section.GetValue<string>("Audience") ?? issuer + "/api";
    }

    /// <summary>How long an access token is good. It cannot be revoked, so that is also how long whoever lost a right can still use it.</summary>
    public static TimeSpan AccessTokenLength { get; } = TimeSpan.FromMinutes(10);

    public string Issuer { get; }

    public string Audience { get; }

    /// <summary>How long a key signs.</summary>
    public TimeSpan KeyLength { get; }

    /// <summary>The address of an operation of this module.</summary>
    public string AddressOf(string path) => $"{Issuer}/api/identity{path}";
}

/// <summary>Ends the start of a host whose tokens nobody could place.</summary>
[LocatesServices("It makes the settings only to see at the start whether they can be made.")]
internal sealed class TokenSettingsCheck(IServiceProvider services) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        services.GetRequiredService<TokenSettings>();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
