using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using ModularMonolith.Platform.Modules;

namespace ModularMonolith.Platform.Http;

/// <summary>How requests reach the host, and how many of them it takes.</summary>
internal sealed record HttpSettings(bool RequireHttps, IReadOnlyList<IPNetwork> KnownProxies, IReadOnlyList<string> CorsOrigins, Quota Requests, Quota SignIns)
{
    private const int DevelopmentRequests = 1_000_000;

    /// <summary>Reads the settings.</summary>
    /// <exception cref="ModuleConfigurationException">One of them cannot be meant; the message names it.</exception>
    public static HttpSettings From(IConfiguration configuration, IHostEnvironment environment)
    {
        var window = configuration.GetValue("RateLimits:WindowSeconds", 60);
        return new HttpSettings(
            configuration.GetValue("Http:RequireHttps", !environment.IsDevelopment()),
            [.. List(configuration.GetSection("Http:KnownProxies")).Select(Network)],
            [.. List(configuration.GetSection("Http:CorsOrigins")).Select(Origin)],
            QuotaOf("RateLimits:Requests", configuration.GetValue("RateLimits:Requests", environment.IsDevelopment() ? DevelopmentRequests : 1_200), window),
            QuotaOf("RateLimits:SignIns", configuration.GetValue("RateLimits:SignIns", environment.IsDevelopment() ? DevelopmentRequests : 10), window));
    }

    private static Quota QuotaOf(string key, int requests, int window) => (requests, window) switch
    {
        ( < 1, _) => throw new ModuleConfigurationException($"{key} is {requests}; it must be 1 or more."),
        (_, < 1 or > 3_600) => throw new ModuleConfigurationException($"RateLimits:WindowSeconds is {window}; it must be between 1 and 3600."),
        _ => new Quota(requests, TimeSpan.FromSeconds(window)),
    };

    // One line with commas, or an entry for each.
    private static IEnumerable<string> List(IConfigurationSection section) =>
        (section.Value is { } line ? line.Split(',') : section.GetChildren().Select(static entry => entry.Value ?? string.Empty))
        .Select(static entry => entry.Trim()).Where(static entry => entry.Length > 0);

    private static IPNetwork Network(string text)
    {
        if (IPAddress.TryParse(text, out var address))
        {
            return new IPNetwork(address, address.GetAddressBytes().Length * 8);
        }

        return IPNetwork.TryParse(text, out var network)
            ? network
            : throw new ModuleConfigurationException($"Http:KnownProxies holds '{text}', which is neither an address nor a network such as 10.0.0.0/8.");
    }

    private static string Origin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.GetLeftPart(UriPartial.Authority) == text
            ? text
            : throw new ModuleConfigurationException($"Http:CorsOrigins holds '{text}'. An origin is named in full, without a path and without wildcards: https://shop.example.");
}

/// <summary>So many requests in a window of time.</summary>
internal sealed record Quota(int Requests, TimeSpan Window);
