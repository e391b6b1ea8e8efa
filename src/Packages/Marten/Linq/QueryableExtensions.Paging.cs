using Marten.Linq;
using Marten.Linq.Translation;

namespace Marten;

public static partial class QueryableExtensions
{
    /// <summary>How PostgreSQL would run the query.</summary>
    /// <param name="queryable">The query.</param>
    /// <param name="token">Cancels the request.</param>
    /// <param name="configureExplain">Asks for more than estimates; Analyze runs the query.</param>
    public static Task<QueryPlan> ExplainAsync<T>(this IQueryable<T> queryable, CancellationToken token = default, Action<IConfigureExplainExpressions>? configureExplain = null) where T : notnull =>
        Explanation.ExplainAsync(queryable, configureExplain, token);

    /// <summary>
    /// Writes one page of the results, without deserializing them, as an object with pageNumber, pageSize, totalItemCount,
    /// pageCount, hasNextPage, hasPreviousPage and items. Returns the number of items. Give the query an order.
    /// </summary>
    /// <param name="queryable">The query, without Skip and Take.</param>
    /// <param name="destination">Receives UTF-8.</param>
    /// <param name="pageNumber">The page, from 1.</param>
    /// <param name="pageSize">How many items a page has, from 1.</param>
    /// <param name="token">Cancels the request.</param>
    public static Task<int> StreamPagedJsonArray<T>(this IQueryable<T> queryable, Stream destination, int pageNumber, int pageSize, CancellationToken token = default) where T : notnull
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(pageNumber, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(pageSize, 1);
        return JsonStreaming.PageAsync(queryable.Skip(checked((pageNumber - 1) * pageSize)).Take(pageSize), destination, pageNumber, pageSize, token);
    }

    /// <summary>An SQL expression of the caller over the alias d. It is part of the statement: never build it from input. Only in queries.</summary>
    public static T? ExplicitSql<T>(this object target, string sql) => throw LinqProvider.OnlyInQueries();
}
