using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.DependencyInjection;
using ModularMonolith.Platform.Modules;
using ModularMonolith.Platform.Security;

namespace ModularMonolith.Platform.Http;

/// <summary>The named limits that an endpoint can ask for with <c>RequireRateLimiting</c>, on top of the one that holds everywhere.</summary>
public static class RateLimitPolicies
{
    /// <summary>For sign-in and everything else at which secrets can be tried out: by address, whoever one says to be. <c>RateLimits:SignIns</c>.</summary>
    public const string SignIn = "sign-in";

    internal const string Default = "default";
}

/// <summary>
/// Limits how many requests somebody sends: by subject where the sender is known, else by address. The answers say what is left
/// (IETF draft-ietf-httpapi-ratelimit-headers). Each host counts for itself.
/// </summary>
internal sealed class RateLimits : IDisposable
{
    // A client with IPv6 has at least the 64 bits of addresses below its network's (RFC 6177).
    private const int ClientPrefixBytes = 8;

    private readonly Limit _everywhere;
    private readonly Dictionary<string, Limit> _named;

    public RateLimits(HttpSettings settings)
    {
        _everywhere = Limit.Of(RateLimitPolicies.Default, settings.Requests, static http => http.RequestServices.GetRequiredService<ICaller>().Subject is { } subject ? "subject:" + subject : Address(http));
        _named = new Dictionary<string, Limit>(StringComparer.Ordinal) { [RateLimitPolicies.SignIn] = Limit.Of(RateLimitPolicies.SignIn, settings.SignIns, Address) };
    }

    public static void Use(IApplicationBuilder app) => app.Use(static (http, next) => http.RequestServices.GetRequiredService<RateLimits>().Count(http) is { } refused ? throw refused : next(http));

    /// <summary>Refuses to start with an endpoint that asks for a limit which does not exist.</summary>
    public void Verify(IEnumerable<Endpoint> endpoints)
    {
        foreach (var endpoint in endpoints)
        {
            if (endpoint.Metadata.GetMetadata<EnableRateLimitingAttribute>()?.PolicyName is { } name && !_named.ContainsKey(name))
            {
                throw new ModuleConfigurationException($"The endpoint {endpoint.DisplayName} asks for the rate limit '{name}', which does not exist. Known are {string.Join(", ", _named.Keys)}.");
            }
        }
    }

    /// <summary>Counts a request, and says in the answer's headers what is left.</summary>
    /// <returns>The refusal when nothing was left; null when it may go on.</returns>
    public ProblemException? Count(HttpContext http)
    {
        var metadata = http.GetEndpoint()?.Metadata;
        if (metadata?.GetMetadata<DisableRateLimitingAttribute>() is not null)
        {
            return null;
        }

        List<Limit> limits = metadata?.GetMetadata<EnableRateLimitingAttribute>()?.PolicyName is { } name ? [_named[name], _everywhere] : [_everywhere];
        var wait = TimeSpan.Zero;
        var left = new List<string>(limits.Count);
        foreach (var limit in limits)
        {
            using var lease = limit.Limiter.AttemptAcquire(http);
            var reset = string.Empty;
            if (!lease.IsAcquired)
            {
                var after = lease.TryGetMetadata(MetadataName.RetryAfter, out var known) ? known : limit.Quota.Window;
                wait = after > wait ? after : wait;
                reset = string.Create(CultureInfo.InvariantCulture, $";t={Seconds(after)}");
            }

            left.Add(string.Create(CultureInfo.InvariantCulture, $"\"{limit.Name}\";r={limit.Limiter.GetStatistics(http)?.CurrentAvailablePermits ?? 0}{reset}"));
        }

        // At the end, because a failure on the way takes all headers back.
        http.Response.OnStarting(() =>
        {
            http.Response.Headers["RateLimit-Policy"] = string.Join(", ", limits.Select(static limit => limit.Policy));
            http.Response.Headers["RateLimit"] = string.Join(", ", left);
            return Task.CompletedTask;
        });
        return wait == TimeSpan.Zero ? null : new ProblemException(
            ProblemTypes.TooManyRequests, $"So many requests are more than one caller may send. Wait {Seconds(wait)} seconds; Retry-After says so too.").With(ProblemWriter.RetryAfter, Seconds(wait));
    }

    public void Dispose()
    {
        _everywhere.Limiter.Dispose();
        foreach (var limit in _named.Values)
        {
            limit.Limiter.Dispose();
        }
    }

    private static int Seconds(TimeSpan time) => Math.Max(1, (int)Math.Ceiling(time.TotalSeconds));

    private static string Address(HttpContext http)
    {
        var address = http.Connection.RemoteIpAddress ?? IPAddress.None;
        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return "address:" + (address.AddressFamily == AddressFamily.InterNetworkV6 ? Convert.ToHexStringLower(address.GetAddressBytes().AsSpan(0, ClientPrefixBytes)) : address.ToString());
    }

    private sealed record Limit(string Name, Quota Quota, string Policy, PartitionedRateLimiter<HttpContext> Limiter)
    {
        public static Limit Of(string name, Quota quota, Func<HttpContext, string> partition) => new(
            name, quota, string.Create(CultureInfo.InvariantCulture, $"\"{name}\";q={quota.Requests};w={(int)quota.Window.TotalSeconds}"),
            PartitionedRateLimiter.Create<HttpContext, string>(http => RateLimitPartition.GetFixedWindowLimiter(
                partition(http), _ => new FixedWindowRateLimiterOptions { PermitLimit = quota.Requests, Window = quota.Window, QueueLimit = 0 })));
    }
}
