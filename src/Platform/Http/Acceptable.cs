using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.Net.Http.Headers;

namespace ModularMonolith.Platform.Http;

/// <summary>Answers 406 to those who accept nothing of what an operation answers (RFC 9110, section 15.5.7).</summary>
internal static class Acceptable
{
    public static void Use(IApplicationBuilder app) => app.Use(static (http, next) =>
    {
        var accept = http.Request.Headers.Accept;
        if (accept.Count == 0 || !ApiRequest.Is(http) || http.GetEndpoint() is not { } endpoint || !MediaTypeHeaderValue.TryParseList(accept, out var accepted))
        {
            return next(http);
        }

        var produced = endpoint.Metadata.OfType<IProducesResponseTypeMetadata>()
            .Where(static answer => answer.StatusCode is >= 200 and < 300).SelectMany(static answer => answer.ContentTypes).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        return produced.Count == 0 || produced.Exists(type => Quality(accepted, type) > 0)
            ? next(http)
            : throw new ProblemException(ProblemTypes.NotAcceptable, $"This operation answers {string.Join(" or ", produced)}, which the Accept header excludes.");
    });

    /// <summary>How much a media type is wanted: the most precise of the ranges that match it decides (RFC 9110, section 12.5.1).</summary>
    public static double Quality(IEnumerable<MediaTypeHeaderValue> accepted, string type)
    {
        var asked = new MediaTypeHeaderValue(type);
        return accepted.Where(range => Matches(range, asked))
            .OrderByDescending(static range => range.MatchesAllTypes ? 0 : range.MatchesAllSubTypes ? 1 : 2)
            .Select(static range => range.Quality ?? 1).FirstOrDefault();
    }

    // Parameters such as charset do not matter: there is one form of each type.
    private static bool Matches(MediaTypeHeaderValue range, MediaTypeHeaderValue type) =>
        range.MatchesAllTypes || (range.Type.Equals(type.Type, StringComparison.OrdinalIgnoreCase) && (range.MatchesAllSubTypes || range.SubType.Equals(type.SubType, StringComparison.OrdinalIgnoreCase)));
}
