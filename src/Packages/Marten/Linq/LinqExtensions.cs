using Marten.Linq;

namespace Marten;

/// <summary>Conditions that exist only in queries.</summary>
public static class LinqExtensions
{
    /// <summary>Whether the member is one of these values. Only in queries.</summary>
    public static bool IsOneOf<T>(this T? variable, params T?[] matches) =>
        throw LinqProvider.OnlyInQueries();

    /// <summary>Whether the member is one of these values. Only in queries.</summary>
    public static bool IsOneOf<T>(this T? variable, IList<T?> matches) =>
        throw LinqProvider.OnlyInQueries();

    /// <summary>Whether the member is one of these values. Only in queries.</summary>
    public static bool In<T>(this T? variable, params T?[] matches) =>
        throw LinqProvider.OnlyInQueries();

    /// <summary>Whether the member is one of these values. Only in queries.</summary>
    public static bool In<T>(this T? variable, IList<T?> matches) =>
        throw LinqProvider.OnlyInQueries();

    /// <summary>Whether the collection has all of these values. Only in queries.</summary>
    public static bool IsSupersetOf<T>(this IEnumerable<T?> enumerable, params T?[] items) =>
        throw LinqProvider.OnlyInQueries();

    /// <summary>Whether the collection has all of these values. Only in queries.</summary>
    public static bool IsSupersetOf<T>(this IEnumerable<T?> enumerable, IEnumerable<T?> items) =>
        throw LinqProvider.OnlyInQueries();

    /// <summary>Whether the collection has no other values than these. Only in queries.</summary>
    public static bool IsSubsetOf<T>(this IEnumerable<T?> enumerable, params T?[] items) =>
        throw LinqProvider.OnlyInQueries();

    /// <summary>Whether the collection has no other values than these. Only in queries.</summary>
    public static bool IsSubsetOf<T>(this IEnumerable<T?> enumerable, IEnumerable<T?> items) =>
        throw LinqProvider.OnlyInQueries();

    /// <summary>Whether the collection has no element. Only in queries.</summary>
    public static bool IsEmpty<T>(this IEnumerable<T>? enumerable) =>
        throw LinqProvider.OnlyInQueries();

    /// <summary>Includes the rows of all tenants. Only in queries.</summary>
    public static bool AnyTenant<T>(this T? variable) =>
        throw LinqProvider.OnlyInQueries();

    /// <summary>Includes the rows of some tenants instead of those of the session's. Only in queries.</summary>
    public static bool TenantIsOneOf<T>(this T? variable, params string[] tenantIds) =>
        throw LinqProvider.OnlyInQueries();

    /// <summary>Full-text search with the operators of to_tsquery. Only in queries.</summary>
    public static bool Search<T>(this T? variable, string searchTerm) =>
        throw LinqProvider.OnlyInQueries();

    /// <summary>Full-text search with the operators of to_tsquery. Only in queries.</summary>
    public static bool Search<T>(this T? variable, string searchTerm, string regConfig) =>
        throw LinqProvider.OnlyInQueries();

    /// <summary>Full-text search for all words. Only in queries.</summary>
    public static bool PlainTextSearch<T>(this T? variable, string searchTerm) =>
        throw LinqProvider.OnlyInQueries();

    /// <summary>Full-text search for all words. Only in queries.</summary>
    public static bool PlainTextSearch<T>(this T? variable, string searchTerm, string regConfig) =>
        throw LinqProvider.OnlyInQueries();

    /// <summary>Full-text search for the words in this order. Only in queries.</summary>
    public static bool PhraseSearch<T>(this T? variable, string searchTerm) =>
        throw LinqProvider.OnlyInQueries();

    /// <summary>Full-text search for the words in this order. Only in queries.</summary>
    public static bool PhraseSearch<T>(this T? variable, string searchTerm, string regConfig) =>
        throw LinqProvider.OnlyInQueries();

    /// <summary>Full-text search with the syntax of web search engines. Only in queries.</summary>
    public static bool WebStyleSearch<T>(this T? variable, string searchTerm) =>
        throw LinqProvider.OnlyInQueries();

    /// <summary>Full-text search with the syntax of web search engines. Only in queries.</summary>
    public static bool WebStyleSearch<T>(this T? variable, string searchTerm, string regConfig) =>
        throw LinqProvider.OnlyInQueries();

    /// <summary>Whether a text has words with all parts, of one to three characters, of these words. Needs an n-gram index. Only in queries.</summary>
    public static bool NgramSearch<T>(this T? variable, string searchTerm) =>
        throw LinqProvider.OnlyInQueries();

    /// <summary>Full-text search for words that begin with these. Only in queries.</summary>
    public static bool PrefixSearch<T>(this T? variable, string searchTerm) =>
        throw LinqProvider.OnlyInQueries();

    /// <summary>Full-text search for words that begin with these. Only in queries.</summary>
    public static bool PrefixSearch<T>(this T? variable, string searchTerm, string regConfig) =>
        throw LinqProvider.OnlyInQueries();
}
