using System.Linq.Expressions;
using Marten.Linq;
using Npgsql;

namespace Marten;

/// <summary>The operators that run a query. All are asynchronous; the synchronous ones of LINQ throw.</summary>
public static class QueryableExtensions
{
    /// <summary>All results.</summary>
    public static Task<IReadOnlyList<T>> ToListAsync<T>(this IQueryable<T> queryable, CancellationToken token = default) where T : notnull =>
        throw LinqProvider.NotYet();

    /// <summary>The command that the query would run.</summary>
    public static NpgsqlCommand ToCommand<T>(this IQueryable<T> queryable, FetchType fetchType = FetchType.FetchMany) where T : notnull =>
        throw LinqProvider.NotYet();

    /// <summary>The results one by one, on an open connection.</summary>
    public static IAsyncEnumerable<T> ToAsyncEnumerable<T>(this IQueryable<T> queryable, CancellationToken token = default) where T : notnull =>
        throw LinqProvider.NotYet();

    /// <summary>Writes the results as a JSON array and returns their number.</summary>
    public static Task<int> StreamJsonArray<T>(this IQueryable<T> queryable, Stream destination, CancellationToken token = default) where T : notnull =>
        throw LinqProvider.NotYet();

    /// <summary>The results as a JSON array.</summary>
    public static Task<string> ToJsonArray<T>(this IQueryable<T> queryable, CancellationToken token = default) where T : notnull =>
        throw LinqProvider.NotYet();

    /// <summary>Writes the first result as JSON; fails when there is none.</summary>
    public static Task StreamJsonFirst<T>(this IQueryable<T> queryable, Stream destination, CancellationToken token = default) where T : notnull =>
        throw LinqProvider.NotYet();

    /// <summary>Writes the first result as JSON and returns whether there was one.</summary>
    public static Task<bool> StreamJsonFirstOrDefault<T>(this IQueryable<T> queryable, Stream destination, CancellationToken token = default) where T : notnull =>
        throw LinqProvider.NotYet();

    /// <summary>Writes the only result as JSON; fails when there is not exactly one.</summary>
    public static Task StreamJsonSingle<T>(this IQueryable<T> queryable, Stream destination, CancellationToken token = default) where T : notnull =>
        throw LinqProvider.NotYet();

    /// <summary>Writes the only result as JSON; returns whether there was one, and fails when there are more.</summary>
    public static Task StreamJsonSingleOrDefault<T>(this IQueryable<T> queryable, Stream destination, CancellationToken token = default) where T : notnull =>
        throw LinqProvider.NotYet();

    /// <summary>The first result as JSON; fails when there is none.</summary>
    public static Task<string> ToJsonFirst<T>(this IQueryable<T> queryable, CancellationToken token = default) where T : notnull =>
        throw LinqProvider.NotYet();

    /// <summary>The first result as JSON, or null.</summary>
    public static Task<string?> ToJsonFirstOrDefault<T>(this IQueryable<T> queryable, CancellationToken token = default) where T : notnull =>
        throw LinqProvider.NotYet();

    /// <summary>The only result as JSON; fails when there is not exactly one.</summary>
    public static Task<string> ToJsonSingle<T>(this IQueryable<T> queryable, CancellationToken token = default) where T : notnull =>
        throw LinqProvider.NotYet();

    /// <summary>The only result as JSON, or null; fails when there are more.</summary>
    public static Task<string?> ToJsonSingleOrDefault<T>(this IQueryable<T> queryable, CancellationToken token = default) where T : notnull =>
        throw LinqProvider.NotYet();

    /// <summary>Whether there is a result.</summary>
    public static Task<bool> AnyAsync<TSource>(this IQueryable<TSource> source, CancellationToken token = default) where TSource : notnull =>
        throw LinqProvider.NotYet();

    /// <summary>Whether there is a result.</summary>
    public static Task<bool> AnyAsync<TSource>(this IQueryable<TSource> source, Expression<Func<TSource, bool>> predicate, CancellationToken token = default) where TSource : notnull =>
        throw LinqProvider.NotYet();

    /// <summary>The sum of a member.</summary>
    public static Task<TResult> SumAsync<TSource, TResult>(this IQueryable<TSource> source, Expression<Func<TSource, TResult>> expression, CancellationToken token = default) where TResult : notnull =>
        throw LinqProvider.NotYet();

    /// <summary>The greatest value of a member.</summary>
    public static Task<TResult> MaxAsync<TSource, TResult>(this IQueryable<TSource> source, Expression<Func<TSource, TResult>> expression, CancellationToken token = default) where TResult : notnull =>
        throw LinqProvider.NotYet();

    /// <summary>The smallest value of a member.</summary>
    public static Task<TResult> MinAsync<TSource, TResult>(this IQueryable<TSource> source, Expression<Func<TSource, TResult>> expression, CancellationToken token = default) where TResult : notnull =>
        throw LinqProvider.NotYet();

    /// <summary>The mean of a member.</summary>
    public static Task<double> AverageAsync<TSource, TMember>(this IQueryable<TSource> source, Expression<Func<TSource, TMember>> expression, CancellationToken token = default) where TMember : notnull =>
        throw LinqProvider.NotYet();

    /// <summary>The number of results.</summary>
    public static Task<int> CountAsync<TSource>(this IQueryable<TSource> source, CancellationToken token = default) where TSource : notnull =>
        throw LinqProvider.NotYet();

    /// <summary>The number of results.</summary>
    public static Task<int> CountAsync<TSource>(this IQueryable<TSource> source, Expression<Func<TSource, bool>> predicate, CancellationToken token = default) where TSource : notnull =>
        throw LinqProvider.NotYet();

    /// <summary>The number of results.</summary>
    public static Task<long> LongCountAsync<TSource>(this IQueryable<TSource> source, CancellationToken token = default) where TSource : notnull =>
        throw LinqProvider.NotYet();

    /// <summary>The number of results.</summary>
    public static Task<long> LongCountAsync<TSource>(this IQueryable<TSource> source, Expression<Func<TSource, bool>> predicate, CancellationToken token = default) where TSource : notnull =>
        throw LinqProvider.NotYet();

    /// <summary>The first result; fails when there is none.</summary>
    public static Task<TSource> FirstAsync<TSource>(this IQueryable<TSource> source, CancellationToken token = default) where TSource : notnull =>
        throw LinqProvider.NotYet();

    /// <summary>The first result; fails when there is none.</summary>
    public static Task<TSource> FirstAsync<TSource>(this IQueryable<TSource> source, Expression<Func<TSource, bool>> predicate, CancellationToken token = default) where TSource : notnull =>
        throw LinqProvider.NotYet();

    /// <summary>The first result, or the default.</summary>
    public static Task<TSource> FirstOrDefaultAsync<TSource>(this IQueryable<TSource> source, CancellationToken token = default) where TSource : notnull =>
        throw LinqProvider.NotYet();

    /// <summary>The first result, or the default.</summary>
    public static Task<TSource> FirstOrDefaultAsync<TSource>(this IQueryable<TSource> source, Expression<Func<TSource, bool>> predicate, CancellationToken token = default) where TSource : notnull =>
        throw LinqProvider.NotYet();

    /// <summary>The only result; fails when there is not exactly one.</summary>
    public static Task<TSource> SingleAsync<TSource>(this IQueryable<TSource> source, CancellationToken token = default) where TSource : notnull =>
        throw LinqProvider.NotYet();

    /// <summary>The only result; fails when there is not exactly one.</summary>
    public static Task<TSource> SingleAsync<TSource>(this IQueryable<TSource> source, Expression<Func<TSource, bool>> predicate, CancellationToken token = default) where TSource : notnull =>
        throw LinqProvider.NotYet();

    /// <summary>The only result, or the default; fails when there are more.</summary>
    public static Task<TSource> SingleOrDefaultAsync<TSource>(this IQueryable<TSource> source, CancellationToken token = default) where TSource : notnull =>
        throw LinqProvider.NotYet();

    /// <summary>The only result, or the default; fails when there are more.</summary>
    public static Task<TSource> SingleOrDefaultAsync<TSource>(this IQueryable<TSource> source, Expression<Func<TSource, bool>> predicate, CancellationToken token = default) where TSource : notnull =>
        throw LinqProvider.NotYet();

    /// <summary>Orders by an SQL expression of the caller, which must not contain values.</summary>
    public static IQueryable<T> OrderBySql<T>(this IQueryable<T> queryable, string sql) =>
        throw LinqProvider.NotYet();

    /// <summary>Orders further by an SQL expression of the caller, which must not contain values.</summary>
    public static IQueryable<T> ThenBySql<T>(this IQueryable<T> queryable, string sql) =>
        throw LinqProvider.NotYet();

    /// <summary>Also counts the results without regard to Skip and Take; the total is set when the query has run.</summary>
    public static IMartenQueryable<T> Stats<T>(this IQueryable<T> queryable, out QueryStatistics stats) where T : notnull =>
        throw LinqProvider.NotYet();
}
