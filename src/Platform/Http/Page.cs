using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.Extensions.DependencyInjection;

namespace ModularMonolith.Platform.Http;

/// <summary>One page of a list.</summary>
/// <typeparam name="T">What is listed.</typeparam>
/// <param name="Items">The items, in order.</param>
/// <param name="Next">The cursor of the next page; null on the last one.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>Cuts what was found into pages.</summary>
public static class Page
{
    /// <summary>The page of what was found with one more than is shown, which tells whether there is a next page.</summary>
    /// <typeparam name="TFound">What was found.</typeparam>
    /// <typeparam name="TView">What is listed.</typeparam>
    /// <typeparam name="TKey">The sort key's type; serialised to JSON.</typeparam>
    /// <param name="found">At most one more than <paramref name="limit"/>, in order.</param>
    /// <param name="limit">Items on the page at most, 1 or more.</param>
    /// <param name="show">Makes what is found into what is listed.</param>
    /// <param name="key">The sort key of what is listed, where the next page goes on.</param>
    /// <returns>The page, whose <c>next</c> is a position: see <see cref="PageCursor.Linked"/>.</returns>
    public static Page<TView> Of<TFound, TView, TKey>(IReadOnlyList<TFound> found, int limit, Func<TFound, TView> show, Func<TView, TKey> key)
    {
        var items = found.Take(limit).Select(show).ToList();
        return new Page<TView>(items, found.Count > limit ? PageCursor.Encode(key(items[^1])) : null);
    }

    /// <inheritdoc cref="Of{TFound, TView, TKey}"/>
    public static Page<TView> Of<TView, TKey>(IReadOnlyList<TView> found, int limit, Func<TView, TKey> key) => Of(found, limit, static item => item, key);
}

/// <summary>The place in a list that is sorted by id.</summary>
/// <param name="Id">The id of the last item.</param>
public sealed record IdCursor(Guid Id);

/// <summary>Opaque cursors: where the next page starts, as the sort key of the last item shown, so that inserts neither repeat nor hide anything; sealed, so that nobody can make one.</summary>
public static class PageCursor
{
    /// <summary>Items on a page unless the client asks for another number.</summary>
    public const int DefaultSize = 20;

    /// <summary>Items on a page at most.</summary>
    public const int MaximumSize = 100;

    /// <summary>Writes down a position in a list. <see cref="Link"/> makes it into the cursor that a client gets.</summary>
    /// <typeparam name="TKey">The sort key's type; serialised to JSON.</typeparam>
    /// <param name="key">The sort key of the last item.</param>
    /// <returns>The position.</returns>
    public static string Encode<TKey>(TKey key) => JsonSerializer.Serialize(key);

    /// <summary>Reads the position in a cursor.</summary>
    /// <typeparam name="TKey">The sort key's type.</typeparam>
    /// <param name="http">The request.</param>
    /// <param name="cursor">What the client sent; null or empty for the first page.</param>
    /// <returns>The sort key, or null for the first page.</returns>
    /// <exception cref="ProblemException">400 when the cursor was not made here, or for another list or other filters.</exception>
    public static TKey? Decode<TKey>(HttpContext http, string? cursor)
        where TKey : class
    {
        if (string.IsNullOrEmpty(cursor))
        {
            return null;
        }

        try
        {
            return Seal(http).Open(http, cursor) is { } position ? JsonSerializer.Deserialize<TKey>(position) : throw Invalid();
        }
        catch (JsonException older)
        {
            throw Invalid(older);
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

    /// <summary>Makes the position at which the next page starts into a cursor, and sends the next page's address as a <c>Link</c> header (RFC 8288).</summary>
    /// <param name="http">The request.</param>
    /// <param name="next">The position from <see cref="Encode"/>, or null on the last page.</param>
    /// <returns>The cursor for the answer's <c>next</c>: opaque, and good for this list with these filters only. Null on the last page.</returns>
    public static string? Link(HttpContext http, string? next)
    {
        if (next is null)
        {
            return null;
        }

        var cursor = Seal(http).Seal(http, next);
        var query = new QueryBuilder(http.Request.Query.Where(static pair => pair.Key != "cursor")
            .SelectMany(static pair => pair.Value, static (pair, value) => KeyValuePair.Create(pair.Key, value ?? string.Empty)))
        {
            { "cursor", cursor },
        };
        http.Response.Headers.Append("Link", $"<{http.Request.PathBase}{http.Request.Path}{query}>; rel=\"next\"");
        return cursor;
    }

    /// <summary>Makes the page ready to be sent: see <see cref="Link"/>.</summary>
    /// <typeparam name="T">What is listed.</typeparam>
    /// <param name="http">The request.</param>
    /// <param name="page">The page, whose <c>next</c> is a position.</param>
    /// <returns>The page, whose <c>next</c> is a cursor.</returns>
    public static Page<T> Linked<T>(HttpContext http, Page<T> page) => page with { Next = Link(http, page.Next) };

    private static CursorSeal Seal(HttpContext http) => http.RequestServices.GetRequiredService<CursorSeal>();

    private static ProblemException Invalid(Exception? cause = null) =>
        new(ProblemTypes.MalformedRequest, "The cursor is not one of this list with these filters. Start again without a cursor, and send next as you received it, with the same filters.", cause);
}
