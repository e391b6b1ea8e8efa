using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection;

namespace ModularMonolith.Platform.Http;

/// <summary>How requests come in: through proxies that are known, encrypted, and from web pages of origins that are named.</summary>
internal static class Transport
{
    private static readonly string[] RequestHeaders =
        ["Accept", "Authorization", "Content-Type", "If-Match", "If-None-Match", IdempotencyEndpoints.Header, "traceparent", "tracestate"];

    private static readonly string[] ResponseHeaders =
        ["Deprecation", DryRunEndpoints.Header, "ETag", IdempotencyEndpoints.ReplayedHeader, "Link", "Location", "RateLimit", "RateLimit-Policy", "Retry-After", "Sunset", "traceresponse"];

    public static void Add(IServiceCollection services, HttpSettings settings)
    {
        services.Configure<ForwardedHeadersOptions>(options =>
        {
            options.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            options.KnownProxies.Clear();
            options.KnownIPNetworks.Clear();
            foreach (var network in settings.KnownProxies)
            {
                options.KnownIPNetworks.Add(network);
            }

            // Each proxy adds itself; the walk back ends at the first that is not known.
            options.ForwardLimit = null;
        });
        services.AddCors(options => options.AddDefaultPolicy(policy => policy
            .WithOrigins([.. settings.CorsOrigins])
            .WithMethods("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
            .WithHeaders(RequestHeaders)
            .WithExposedHeaders(ResponseHeaders)
            .SetPreflightMaxAge(TimeSpan.FromMinutes(10))));
    }

    /// <summary>Before everything that asks where a request is from.</summary>
    public static void UseKnownProxies(IApplicationBuilder app, HttpSettings settings)
    {
        if (settings.KnownProxies.Count > 0)
        {
            app.UseForwardedHeaders();
        }
    }

    public static void UseAllowedOrigins(IApplicationBuilder app, HttpSettings settings)
    {
        if (settings.CorsOrigins.Count > 0)
        {
            app.UseCors();
        }
    }

    /// <summary>
    /// Refuses requests that were sent in the clear. They are not redirected: whatever secret they carry has been read by then, and a client that follows
    /// redirects would go on like that unnoticed. Health is asked for from inside, by what stands in front.
    /// </summary>
    public static void RefusePlain(IApplicationBuilder app, HttpSettings settings)
    {
        if (settings.RequireHttps)
        {
            app.Use(static (http, next) => http.Request.IsHttps || http.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal)
                ? next(http)
                : throw new ProblemException(ProblemTypes.HttpsRequired, "Send the request to the https address. Treat any token or password that it carried as read by others."));
        }
    }
}
