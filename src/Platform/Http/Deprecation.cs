using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace ModularMonolith.Platform.Http;

internal sealed record DeprecatedEndpoint(DateTimeOffset Since, DateTimeOffset? Sunset, string Link);

/// <summary>Announces the end of endpoints in their answers (RFC 9745 and RFC 8594) and in the OpenAPI document.</summary>
public static class DeprecatedEndpoints
{
    /// <summary>Marks the endpoint as one that clients should leave. It goes on working.</summary>
    /// <param name="builder">The endpoint.</param>
    /// <param name="since">From when on it is deprecated; may lie ahead.</param>
    /// <param name="sunset">When it is expected to stop working; null while that is not known.</param>
    /// <param name="link">The address of a page that says what to use instead.</param>
    /// <returns>The same endpoint.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The end comes before the announcement (RFC 9745, section 4).</exception>
    public static RouteHandlerBuilder Deprecated(this RouteHandlerBuilder builder, DateTimeOffset since, DateTimeOffset? sunset, string link)
    {
        ArgumentException.ThrowIfNullOrEmpty(link);
        if (sunset < since)
        {
            throw new ArgumentOutOfRangeException(nameof(sunset), sunset, "An endpoint is deprecated before it stops working.");
        }

        return builder.WithMetadata(new DeprecatedEndpoint(since, sunset, link));
    }

    internal static void Use(IApplicationBuilder app) => app.Use(static (http, next) =>
    {
        if (http.GetEndpoint()?.Metadata.GetMetadata<DeprecatedEndpoint>() is { } deprecated)
        {
            http.Response.OnStarting(() =>
            {
                Write(http.Response.Headers, deprecated);
                return Task.CompletedTask;
            });
        }

        return next(http);
    });

    private static void Write(IHeaderDictionary headers, DeprecatedEndpoint deprecated)
    {
        headers["Deprecation"] = string.Create(CultureInfo.InvariantCulture, $"@{deprecated.Since.ToUnixTimeSeconds()}");
        headers.Append("Link", $"<{deprecated.Link}>; rel=\"deprecation\"; type=\"text/html\"");
        if (deprecated.Sunset is { } sunset)
        {
            headers["Sunset"] = sunset.UtcDateTime.ToString("R", CultureInfo.InvariantCulture);
        }
    }
}
