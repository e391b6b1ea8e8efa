using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.IdentityModel.Tokens;
using ModularMonolith.Platform.Modules;

namespace ModularMonolith.Platform.Security.Tokens;

/// <summary>An issuer outside of this process whose access tokens are accepted.</summary>
/// <param name="Issuer">Its identifier, an absolute address without a slash at the end.</param>
/// <param name="Audience">The audience of tokens for this API.</param>
/// <param name="PermissionsClaim">The claim with the permissions.</param>
/// <param name="Prefix">What its subjects are told apart by.</param>
/// <param name="Algorithms">With what its tokens may be signed.</param>
/// <param name="TokenType">The header <c>typ</c> of its access tokens.</param>
/// <param name="Permissions">What its tokens can hold; empty for everything.</param>
internal sealed partial record ExternalIssuerSettings(
    string Issuer, string Audience, string PermissionsClaim, string Prefix, IReadOnlyCollection<string> Algorithms, string TokenType, IReadOnlySet<string> Permissions)
{
    private const string DefaultPermissionsClaim = "entitlements";
    private const string DefaultTokenType = "at+jwt";

    // Signatures that somebody else can check and only the issuer can make; SHA-256 each.
    private static readonly string[] KnownAlgorithms = [SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSsaPssSha256];
    private static readonly string[] KnownTokenTypes = [DefaultTokenType, "JWT"];

    /// <summary>The address of the issuer's metadata (OpenID Connect Discovery 1.0, section 4).</summary>
    public Uri MetadataAddress => new(Issuer + "/.well-known/openid-configuration");

    public static IReadOnlyList<ExternalIssuerSettings> AllFrom(IConfiguration configuration)
    {
        var all = configuration.GetSection("Security:Issuers").GetChildren().Select(From).ToList();
        foreach (var same in all.GroupBy(static issuer => issuer.Prefix).Concat(all.GroupBy(static issuer => issuer.Issuer)).Where(static group => group.Count() > 1))
        {
            throw new ModuleConfigurationException($"Security:Issuers has '{same.Key}' more than once. Issuers and their prefixes have to differ, or subjects could not be told apart.");
        }

        return all;
    }

    /// <summary>Whether an address may be asked for keys: what comes over plain HTTP could come from anybody, except from this machine itself.</summary>
    public static bool IsSafe(Uri address, IHostEnvironment environment) =>
        address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && (address.IsLoopback || environment.IsDevelopment()));

    private static ExternalIssuerSettings From(IConfigurationSection section)
    {
        var issuer = section.GetValue("Issuer", string.Empty);
        var audience = section.GetValue("Audience", string.Empty);
        var prefix = section.GetValue("Prefix", string.Empty);
        if (!Uri.TryCreate(issuer, UriKind.Absolute, out var address) || issuer.EndsWith('/') || address.Query.Length > 0 || address.Fragment.Length > 0)
        {
            throw new ModuleConfigurationException($"{section.Path}:Issuer is '{issuer}'; it must be an absolute address without a slash at the end, a query or a fragment, exactly as the tokens have it.");
        }

        if (string.IsNullOrWhiteSpace(audience) || !PrefixForm().IsMatch(prefix))
        {
            throw new ModuleConfigurationException($"{section.Path} needs an Audience, and a Prefix of 1 to 20 lower-case letters, digits and hyphens, by which its subjects are told apart from others.");
        }

        var algorithms = Words(section.GetValue<string>("Algorithms") ?? SecurityAlgorithms.EcdsaSha256);
        if (algorithms.Count == 0 || algorithms.Except(KnownAlgorithms).Any())
        {
            throw new ModuleConfigurationException($"{section.Path}:Algorithms has to name some of {string.Join(", ", KnownAlgorithms)}, with commas in between.");
        }

        var type = section.GetValue<string>("TokenType") ?? DefaultTokenType;
        if (!KnownTokenTypes.Contains(type))
        {
            throw new ModuleConfigurationException($"{section.Path}:TokenType is '{type}'; it must be one of {string.Join(", ", KnownTokenTypes)}.");
        }

        return new ExternalIssuerSettings(
            issuer, audience, section.GetValue<string>("PermissionsClaim") ?? DefaultPermissionsClaim, prefix, algorithms, type, Words(section.GetValue("Permissions", string.Empty)));
    }

    private static HashSet<string> Words(string list) =>
        list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToHashSet(StringComparer.Ordinal);

    [GeneratedRegex("^[a-z][a-z0-9-]{0,19}$")]
    private static partial Regex PrefixForm();
}

/// <summary>Ends the start of a host that would ask for keys where anybody could answer.</summary>
internal sealed class ExternalIssuerCheck(IServiceProvider services, IHostEnvironment environment) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var issuer in services.GetServices<ITokenIssuer>().OfType<ExternalIssuer>())
        {
            if (!ExternalIssuerSettings.IsSafe(issuer.Settings.MetadataAddress, environment))
            {
                throw new ModuleConfigurationException($"The issuer {issuer.Issuer} of Security:Issuers has no https address. Its keys could be anybody's; use https outside of Development.");
            }
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
