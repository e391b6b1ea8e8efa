using System.Buffers.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace ModularMonolith.Platform.Http;

/// <summary>One page of a list.</summary>
/// <typeparam name="T">What is listed.</typeparam>
/// <param name="Items">The items, in order.</param>
/// <param name="Next">The cursor of the next page; null on the last one.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>Opaque cursors: where the next page starts, as the sort key of the last item shown, so that inserts neither repeat nor hide anything.</summary>
public static class PageCursor
{
    /// <summary>Items on a page unless the client asks for another number.</summary>
    public const int DefaultSize = 20;

    /// <summary>Items on a page at most.</summary>
    public const int MaximumSize = 100;

    /// <summary>Makes a cursor.</summary>
    /// <typeparam name="TKey">The sort key's type; serialised to JSON.</typeparam>
    /// <param name="key">The sort key of the last item.</param>
    /// <returns>Text that is safe in a URL.</returns>
    public static string Encode<TKey>(TKey key) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(key));

    /// <summary>Reads a cursor.</summary>
    /// <typeparam name="TKey">The sort key's type.</typeparam>
    /// <param name="cursor">What the client sent; null or empty for the first page.</param>
    /// <returns>The sort key, or null for the first page.</returns>
    /// <exception cref="ProblemException">400 when it is not a cursor of this list.</exception>
    public static TKey? Decode<TKey>(string? cursor)
        where TKey : class
    {
        if (string.IsNullOrEmpty(cursor))
        {
            return null;
        }

        try
        {
            return cursor.Length <= 1_000 ? JsonSerializer.Deserialize<TKey>(Base64Url.DecodeFromChars(cursor)) ?? throw Invalid() : throw Invalid();
        }
        catch (Exception exception) when (exception is FormatException or JsonException)
        {
            throw Invalid();
        }
    }

    /// <summary>Checks a page size.</summary>
    /// <param name="size">What the client asked for.</param>
    /// <returns>The size, <see cref="DefaultSize"/> when none was asked for.</returns>
    /// <exception cref="ProblemException">400 when it is not 1 to <see cref="MaximumSize"/>.</exception>
    public static int Size(int? size) => size switch
    {
        null => DefaultSize,
        >= 1 and <= MaximumSize => size.Value,
        _ => throw new ProblemException(ProblemTypes.MalformedRequest, $"limit is {size}; it must be between 1 and {MaximumSize}."),
    };

    /// <summary>Adds the next page's address as a <c>Link</c> header (RFC 8288).</summary>
    /// <param name="http">The request.</param>
    /// <param name="next">The next cursor, or null.</param>
    public static void Link(HttpContext http, string? next)
    {
        if (next is null)
        {
            return;
        }

        var query = new QueryBuilder(http.Request.Query.Where(pair => pair.Key != "cursor").Select(pair => KeyValuePair.Create(pair.Key, pair.Value.ToString())))
        {
            { "cursor", next },
        };
        http.Response.Headers.Link = $"<{http.Request.PathBase}{http.Request.Path}{query}>; rel=\"next\"";
    }

    /// <summary>Refuses query parameters that the operation does not know.</summary>
    /// <param name="http">The request.</param>
    /// <param name="known">The parameters it knows.</param>
    /// <exception cref="ProblemException">400 naming the first unknown one.</exception>
    public static void RefuseUnknown(HttpContext http, params ReadOnlySpan<string> known)
    {
        foreach (var parameter in http.Request.Query.Keys)
        {
            if (!known.Contains(parameter))
            {
                throw new ProblemException(ProblemTypes.MalformedRequest, $"There is no query parameter '{parameter}' here. Known are {string.Join(", ", known.ToArray())}.");
            }
        }
    }

    private static ProblemException Invalid() => new(ProblemTypes.MalformedRequest, "The cursor is not one of this list. Start again without a cursor, and send next as you received it.");
}
