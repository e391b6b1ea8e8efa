using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace ModularMonolith.Platform.Http;

/// <summary>Strong entity tags from version numbers (RFC 9110, section 8.8.3) and the conditions on them (section 13).</summary>
public static class EntityTags
{
    /// <summary>Sends the version of what is answered as its ETag.</summary>
    /// <param name="http">The request.</param>
    /// <param name="version">The version.</param>
    public static void Write(HttpContext http, long version) => http.Response.Headers.ETag = Format(version);

    /// <summary>Whether the client has this version already, so that 304 without a body is the answer.</summary>
    /// <param name="http">The request.</param>
    /// <param name="version">The current version.</param>
    /// <returns>True when <c>If-None-Match</c> names it.</returns>
    public static bool ClientHas(HttpContext http, long version)
    {
        var header = http.Request.Headers.IfNoneMatch;
        if (header.Count == 0 || !EntityTagHeaderValue.TryParseList(header, out var tags) || tags.FirstOrDefault(tag => tag.Tag == "*" || WithoutEncoding(tag.Tag.ToString()) == Format(version)) is not { } known)
        {
            return false;
        }

        // The tag of the very representation that the client has.
        http.Response.Headers.ETag = known.Tag == "*" ? Format(version) : known.Tag.ToString();
        return true;
    }

    /// <summary>The version that the client says it changes.</summary>
    /// <param name="http">The request.</param>
    /// <returns>The version in <c>If-Match</c>, or null for <c>*</c>.</returns>
    /// <exception cref="ProblemException">428 when the header is missing, 412 when it cannot be one of our tags.</exception>
    public static long? RequireIfMatch(HttpContext http)
    {
        if (http.Request.Headers.IfMatch.Count == 0)
        {
            throw new ProblemException(ProblemTypes.PreconditionRequired, "Read the resource first and send its ETag in an If-Match header.");
        }

        // An empty one is no tag of ours: whoever sends it has lost the one that was meant.
        var header = WithoutEncoding(http.Request.Headers.IfMatch.ToString());
        if (header == "*")
        {
            return null;
        }

        return header.Length > 3 && header.StartsWith("\"v", StringComparison.Ordinal) && header[^1] == '"' && long.TryParse(header.AsSpan(2, header.Length - 3), out var version)
            ? version
            : throw Stale();
    }

    /// <summary>Refuses a change to another version than the current one.</summary>
    /// <param name="expected">What the client named; null matches everything.</param>
    /// <param name="current">The current version.</param>
    /// <exception cref="ProblemException">412 when they differ.</exception>
    public static void Check(long? expected, long current)
    {
        if (expected is { } version && version != current)
        {
            throw Stale();
        }
    }

    /// <summary>Names the encoding in the tag of a compressed answer: a strong tag stands for one sequence of bytes (RFC 9110, section 8.8.3.3).</summary>
    internal static void NameEncoding(HttpResponse response)
    {
        if (response.Headers.ContentEncoding.ToString() is { Length: > 0 } encoding && response.Headers.ETag.ToString() is ['"', .., '"'] tag)
        {
            response.Headers.ETag = $"{tag[..^1]}-{encoding}\"";
        }
    }

    // A client may change what it has read compressed.
    private static string WithoutEncoding(string tag) => tag switch
    {
        ['"', .. var version, '-', 'b', 'r', '"'] => $"\"{version}\"",
        ['"', .. var version, '-', 'g', 'z', 'i', 'p', '"'] => $"\"{version}\"",
        _ => tag,
    };

    private static string Format(long version) => $"\"v{version}\"";

    private static ProblemException Stale() => new(ProblemTypes.PreconditionFailed, "The resource has another version than the one in If-Match. Read it again, apply your change, and send the new ETag.");
}
