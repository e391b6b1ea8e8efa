using System.Linq.Expressions;
using Marten.Linq;
using Marten.Linq.Translation;
using Npgsql;

namespace Marten;

/// <summary>The operators that run a query. All are asynchronous; the synchronous ones of LINQ throw.</summary>
public static partial class QueryableExtensions
{
    /// <summary>All results.</summary>
    public static Task<IReadOnlyList<T>> ToListAsync<T>(this IQueryable<T> queryable, CancellationToken token = default) where T : notnull =>
        QueryRunner.ListAsync(queryable, null, token);

    /// <summary>The command that the query would run.</summary>
    public static NpgsqlCommand ToCommand<T>(this IQueryable<T> queryable, FetchType fetchType = FetchType.FetchMany) where T : notnull =>
        QueryRunner.ToCommand(queryable, fetchType);

    /// <summary>The results one by one, on an open connection.</summary>
    public static IAsyncEnumerable<T> ToAsyncEnumerable<T>(this IQueryable<T> queryable, CancellationToken token = default) where T : notnull =>
        QueryRunner.StreamAsync(queryable, token);

    /// <summary>Writes the results as a JSON array and returns their number.</summary>
    public static Task<int> StreamJsonArray<T>(this IQueryable<T> queryable, Stream destination, CancellationToken token = default) where T : notnull =>
        JsonStreaming.ArrayAsync(queryable, destination, token);

    /// <summary>The results as a JSON array.</summary>
    public static Task<string> ToJsonArray<T>(this IQueryable<T> queryable, CancellationToken token = default) where T : notnull =>
        JsonStreaming.ArrayAsync(queryable, token);

    /// <summary>Writes the first result as JSON; fails when there is none.</summary>
    public static Task StreamJsonFirst<T>(this IQueryable<T> queryable, Stream destination, CancellationToken token = default) where T : notnull =>
        JsonStreaming.OneAsync(queryable, destination, false, true, token);

    /// <summary>Writes the first result as JSON and returns whether there was one.</summary>
    public static Task<bool> StreamJsonFirstOrDefault<T>(this IQueryable<T> queryable, Stream destination, CancellationToken token = default) where T : notnull =>
        JsonStreaming.OneAsync(queryable, destination, false, false, token);

    /// <summary>Writes the only result as JSON; fails when there is not exactly one.</summary>
    public static Task StreamJsonSingle<T>(this IQueryable<T> queryable, Stream destination, CancellationToken token = default) where T : notnull =>
        JsonStreaming.OneAsync(queryable, destination, true, true, token);

    /// <summary>Writes the only result as JSON; returns whether there was one, and fails when there are more.</summary>
    public static Task StreamJsonSingleOrDefault<T>(this IQueryable<T> queryable, Stream destination, CancellationToken token = default) where T : notnull =>
        JsonStreaming.OneAsync(queryable, destination, true, false, token);

    /// <summary>The first result as JSON; fails when there is none.</summary>
    public static async Task<string> ToJsonFirst<T>(this IQueryable<T> queryable, CancellationToken token = default) where T : notnull =>
        (await JsonStreaming.OneAsync(queryable, false, true, token))!;

    /// <summary>The first result as JSON, or null.</summary>
    public static Task<string?> ToJsonFirstOrDefault<T>(this IQueryable<T> queryable, CancellationToken token = default) where T : notnull =>
        JsonStreaming.OneAsync(queryable, false, false, token);

    /// <summary>The only result as JSON; fails when there is not exactly one.</summary>
    public static async Task<string> ToJsonSingle<T>(this IQueryable<T> queryable, CancellationToken token = default) where T : notnull =>
        (await JsonStreaming.OneAsync(queryable, true, true, token))!;

    /// <summary>The only result as JSON, or null; fails when there are more.</summary>
    public static Task<string?> ToJsonSingleOrDefault<T>(this IQueryable<T> queryable, CancellationToken token = default) where T : notnull =>
        JsonStreaming.OneAsync(queryable, true, false, token);

    /// <summary>Whether there is a result.</summary>
    public static Task<bool> AnyAsync<TSource>(this IQueryable<TSource> source, CancellationToken token = default) where TSource : notnull =>
        QueryRunner.AnyAsync(source, null, token);

    /// <summary>Whether there is a result.</summary>
    public static Task<bool> AnyAsync<TSource>(this IQueryable<TSource> source, Expression<Func<TSource, bool>> predicate, CancellationToken token = default) where TSource : notnull =>
        QueryRunner.AnyAsync(source, predicate, token);

    /// <summary>The sum of a member.</summary>
    public static Task<TResult> SumAsync<TSource, TResult>(this IQueryable<TSource> source, Expression<Func<TSource, TResult>> expression, CancellationToken token = default) where TResult : notnull =>
        QueryRunner.AggregateAsync<TResult>(source, expression, "sum", token);

    /// <summary>The greatest value of a member.</summary>
    public static Task<TResult> MaxAsync<TSource, TResult>(this IQueryable<TSource> source, Expression<Func<TSource, TResult>> expression, CancellationToken token = default) where TResult : notnull =>
        QueryRunner.AggregateAsync<TResult>(source, expression, "max", token);

    /// <summary>The smallest value of a member.</summary>
    public static Task<TResult> MinAsync<TSource, TResult>(this IQueryable<TSource> source, Expression<Func<TSource, TResult>> expression, CancellationToken token = default) where TResult : notnull =>
        QueryRunner.AggregateAsync<TResult>(source, expression, "min", token);

    /// <summary>The mean of a member.</summary>
    public static Task<double> AverageAsync<TSource, TMember>(this IQueryable<TSource> source, Expression<Func<TSource, TMember>> expression, CancellationToken token = default) where TMember : notnull =>
        QueryRunner.AggregateAsync<double>(source, expression, "avg", token);

    /// <summary>The number of results.</summary>
    public static async Task<int> CountAsync<TSource>(this IQueryable<TSource> source, CancellationToken token = default) where TSource : notnull =>
        checked((int)await QueryRunner.CountAsync(source, null, token));

    /// <summary>The number of results.</summary>
    public static async Task<int> CountAsync<TSource>(this IQueryable<TSource> source, Expression<Func<TSource, bool>> predicate, CancellationToken token = default) where TSource : notnull =>
        checked((int)await QueryRunner.CountAsync(source, predicate, token));

    /// <summary>The number of results.</summary>
    public static Task<long> LongCountAsync<TSource>(this IQueryable<TSource> source, CancellationToken token = default) where TSource : notnull =>
        QueryRunner.CountAsync(source, null, token);

    /// <summary>The number of results.</summary>
    public static Task<long> LongCountAsync<TSource>(this IQueryable<TSource> source, Expression<Func<TSource, bool>> predicate, CancellationToken token = default) where TSource : notnull =>
        QueryRunner.CountAsync(source, predicate, token);

    /// <summary>The first result; fails when there is none.</summary>
    public static async Task<TSource> FirstAsync<TSource>(this IQueryable<TSource> source, CancellationToken token = default) where TSource : notnull =>
        (await QueryRunner.OneAsync(source, null, false, true, token))!;

    /// <summary>The first result; fails when there is none.</summary>
    public static async Task<TSource> FirstAsync<TSource>(this IQueryable<TSource> source, Expression<Func<TSource, bool>> predicate, CancellationToken token = default) where TSource : notnull =>
        (await QueryRunner.OneAsync(source, predicate, false, true, token))!;

    /// <summary>The first result, or the default.</summary>
    public static Task<TSource?> FirstOrDefaultAsync<TSource>(this IQueryable<TSource> source, CancellationToken token = default) where TSource : notnull =>
        QueryRunner.OneAsync(source, null, false, false, token);

    /// <summary>The first result, or the default.</summary>
    public static Task<TSource?> FirstOrDefaultAsync<TSource>(this IQueryable<TSource> source, Expression<Func<TSource, bool>> predicate, CancellationToken token = default) where TSource : notnull =>
        QueryRunner.OneAsync(source, predicate, false, false, token);

    /// <summary>The only result; fails when there is not exactly one.</summary>
    public static async Task<TSource> SingleAsync<TSource>(this IQueryable<TSource> source, CancellationToken token = default) where TSource : notnull =>
        (await QueryRunner.OneAsync(source, null, true, true, token))!;

    /// <summary>The only result; fails when there is not exactly one.</summary>
    public static async Task<TSource> SingleAsync<TSource>(this IQueryable<TSource> source, Expression<Func<TSource, bool>> predicate, CancellationToken token = default) where TSource : notnull =>
        (await QueryRunner.OneAsync(source, predicate, true, true, token))!;

    /// <summary>The only result, or the default; fails when there are more.</summary>
    public static Task<TSource?> SingleOrDefaultAsync<TSource>(this IQueryable<TSource> source, CancellationToken token = default) where TSource : notnull =>
        QueryRunner.OneAsync(source, null, true, false, token);

    /// <summary>The only result, or the default; fails when there are more.</summary>
    public static Task<TSource?> SingleOrDefaultAsync<TSource>(this IQueryable<TSource> source, Expression<Func<TSource, bool>> predicate, CancellationToken token = default) where TSource : notnull =>
        QueryRunner.OneAsync(source, predicate, true, false, token);

    /// <summary>Orders by an SQL expression of the caller over the alias d. It is part of the statement: never build it from input.</summary>
    public static IQueryable<T> OrderBySql<T>(this IQueryable<T> queryable, string sql) => Ordered(queryable, OrderBySql, sql);

    /// <summary>Orders further by an SQL expression of the caller over the alias d. It is part of the statement: never build it from input.</summary>
    public static IQueryable<T> ThenBySql<T>(this IQueryable<T> queryable, string sql) => Ordered(queryable, ThenBySql, sql);

    /// <summary>Also counts the results without regard to Skip and Take; the total is set when the query has run.</summary>
    public static IMartenQueryable<T> Stats<T>(this IQueryable<T> queryable, out QueryStatistics stats) where T : notnull
    {
        stats = new QueryStatistics();
        return (IMartenQueryable<T>)WithStatistics(queryable, stats);
    }

    internal static IQueryable<T> WithStatistics<T>(IQueryable<T> queryable, QueryStatistics statistics) =>
        queryable.Provider.CreateQuery<T>(Expression.Call(new Func<IQueryable<T>, QueryStatistics, IQueryable<T>>(WithStatistics).Method, queryable.Expression, Expression.Constant(statistics)));

    internal static IQueryable<T> WithInclude<T>(IQueryable<T> queryable, IncludePlan plan) =>
        queryable.Provider.CreateQuery<T>(Expression.Call(new Func<IQueryable<T>, IncludePlan, IQueryable<T>>(WithInclude).Method, queryable.Expression, Expression.Constant(plan)));

    private static IQueryable<T> Ordered<T>(IQueryable<T> queryable, Func<IQueryable<T>, string, IQueryable<T>> method, string sql) =>
        queryable.Provider.CreateQuery<T>(Expression.Call(method.Method, queryable.Expression, Expression.Constant(sql)));
}
