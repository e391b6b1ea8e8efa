using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ModularMonolith.Platform.Http;

/// <summary>The answers of an endpoint are the same for everybody who may see them, and hold nothing personal and no secret.</summary>
internal sealed record PublicContent;

/// <summary>The headers that every answer has, errors included.</summary>
public static class ResponseHeaders
{
    private const string DocumentationPath = "/docs";

    // An API's answer is never a page; should a browser show one all the same, it can load and run nothing (OWASP REST Security Cheat Sheet).
    private const string NothingRuns = "default-src 'none'; frame-ancestors 'none'";
    private const string OwnScripts = "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    /// <summary>
    /// Says that the endpoint's answers hold nothing personal and no secret. They may then be kept, if they are asked for again each time, and are compressed.
    /// All other answers of the API are <c>no-store</c> unless they say otherwise, and are not compressed: how well something is compressed tells what it holds to those who can add to it (BREACH).
    /// </summary>
    /// <param name="builder">The endpoint.</param>
    /// <returns>The same endpoint.</returns>
    public static RouteHandlerBuilder HoldsNothingPersonal(this RouteHandlerBuilder builder) => builder.WithMetadata(new PublicContent());

    internal static void Use(IApplicationBuilder app) => app.Use(static (http, next) =>
    {
        var activity = http.Features.Get<IHttpActivityFeature>()?.Activity;
        http.Response.OnStarting(() =>
        {
            Write(http, activity);
            return Task.CompletedTask;
        });
        return next(http);
    });

    private static void Write(HttpContext http, Activity? activity)
    {
        var headers = http.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";

        // A page that knows what it needs says so itself.
        headers.TryAdd("Referrer-Policy", "no-referrer");
        headers.TryAdd("Content-Security-Policy", http.Request.Path.StartsWithSegments(DocumentationPath, StringComparison.Ordinal) ? OwnScripts : NothingRuns);
        if (http.Request.IsHttps)
        {
            // RFC 6797. What other hosts of the domain do is not this host's to decide.
            headers.StrictTransportSecurity = "max-age=31536000";
        }

        if (activity is not null)
        {
            // W3C Trace Context Level 2, section 4.2.
            headers["traceresponse"] = $"00-{activity.TraceId}-{activity.SpanId}-{(activity.Recorded ? "01" : "00")}";
        }

        if (http.Response.StatusCode >= 400)
        {
            headers.CacheControl = "no-store";
            headers.Pragma = default;
            headers.Expires = default;
        }
        else if (headers.CacheControl.Count == 0 && ApiRequest.Is(http))
        {
            headers.CacheControl = http.GetEndpoint()?.Metadata.GetMetadata<PublicContent>() is null ? "no-store" : "no-cache";
        }

        EntityTags.NameEncoding(http.Response);
    }
}

/// <summary>What belongs to the API, and not to its pages, its description or its health.</summary>
internal static class ApiRequest
{
    public static bool Is(HttpContext http) => http.Request.Path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase);
}
