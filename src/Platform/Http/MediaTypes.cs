using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Net.Http.Headers;

namespace ModularMonolith.Platform.Http;

/// <summary>
/// Answers 415 to bodies of a media type that the operation does not name (RFC 9110, section 15.5.16). The framework takes every type that ends with +json for JSON: what such a type means
/// beyond JSON would be passed over unseen.
/// </summary>
internal static class MediaTypes
{
    public static void Use(IApplicationBuilder app) => app.Use(static (http, next) =>
    {
        if (http.Request.ContentType is not { Length: > 0 } sent || http.GetEndpoint()?.Metadata.GetMetadata<IAcceptsMetadata>() is not { ContentTypes.Count: > 0 } read
            || !MediaTypeHeaderValue.TryParse(sent, out var type) || !type.Suffix.HasValue)
        {
            return next(http);
        }

        return read.ContentTypes.Any(known => type.MediaType.Equals(known, StringComparison.OrdinalIgnoreCase))
            ? next(http)
            : throw new ProblemException(ProblemTypes.UnsupportedMediaType, $"This operation reads {string.Join(" or ", read.ContentTypes)}. Set Content-Type to it.");
    });
}
