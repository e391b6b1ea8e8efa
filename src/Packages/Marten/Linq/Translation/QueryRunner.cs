using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using Marten.Exceptions;
using Npgsql;

namespace Marten.Linq.Translation;

/// <summary>Runs statements in the session of their query.</summary>
internal static class QueryRunner
{
    public static ITranslatedQuery Translated(IQueryable queryable) => queryable as ITranslatedQuery
        ?? throw new BadLinqExpressionException($"A query of type {queryable.GetType().Name} does not come from a document session; use the operators of LINQ on it.");

    public static async Task<IReadOnlyList<T>> ListAsync<T>(IQueryable<T> queryable, int? atMost, CancellationToken token)
    {
        var query = Translated(queryable);
        var model = Statement.Parse(query);
        var statement = Statement.Rows(model, atMost);
        var results = await RunAsync<IReadOnlyList<T>>(query, statement, async (reader, stop) =>
        {
            var rows = new List<T>();
            while (await reader.ReadAsync(stop))
            {
                if (rows.Count == 0 && statement.StatisticsColumn >= 0)
                    statement.Statistics!.TotalResults = reader.GetInt64(statement.StatisticsColumn);
                rows.Add((T)(await statement.Projection!.ReadAsync(reader, query.Session, stop))!);
            }

            return rows;
        }, token);
        if (statement.Statistics is { } statistics && results.Count == 0)
            statistics.TotalResults = statement.MayHavePassedEnd ? await ScalarAsync<long>(query, Statement.CountAll(Statement.Parse(query)), token) : 0;
        return results;
    }

    public static async IAsyncEnumerable<T> StreamAsync<T>(IQueryable<T> queryable, [EnumeratorCancellation] CancellationToken token)
    {
        var query = Translated(queryable);
        var statement = Statement.Rows(Statement.Parse(query));
        await query.Session.EnsureStorageAsync(statement.StorageType, token);
        await using var command = statement.ToCommand();
        await using var reader = (NpgsqlDataReader)await query.Session.ExecuteReaderAsync(command, token);
        var isFirst = true;
        while (await reader.ReadAsync(token))
        {
            if (isFirst && statement.StatisticsColumn >= 0)
                statement.Statistics!.TotalResults = reader.GetInt64(statement.StatisticsColumn);
            isFirst = false;
            yield return (T)(await statement.Projection!.ReadAsync(reader, query.Session, token))!;
        }
    }

    public static Task<long> CountAsync(IQueryable queryable, LambdaExpression? predicate, CancellationToken token)
    {
        var query = Translated(queryable);
        return ScalarAsync<long>(query, Statement.Count(Parse(query, predicate)), token);
    }

    public static Task<bool> AnyAsync(IQueryable queryable, LambdaExpression? predicate, CancellationToken token)
    {
        var query = Translated(queryable);
        return ScalarAsync<bool>(query, Statement.Any(Parse(query, predicate)), token);
    }

    /// <summary>An aggregate of a member. Without rows a sum is zero, and the others are null or, where that is impossible, an error.</summary>
    public static async Task<TResult> AggregateAsync<TResult>(IQueryable queryable, LambdaExpression selector, string function, CancellationToken token)
    {
        var query = Translated(queryable);
        var statement = Statement.Aggregate(Statement.Parse(query), selector, function);
        var type = typeof(TResult);
        var projection = new ColumnProjection(0, type);
        return await RunAsync(query, statement, async (reader, stop) =>
        {
            await reader.ReadAsync(stop);
            if (!reader.IsDBNull(0) || function == "sum" || !type.IsValueType || Nullable.GetUnderlyingType(type) is not null)
                return (TResult)projection.Read(reader, query.Session)!;
            throw new InvalidOperationException("Sequence contains no elements");
        }, token);
    }

    public static async Task<T?> OneAsync<T>(IQueryable<T> queryable, LambdaExpression? predicate, bool single, bool required, CancellationToken token)
    {
        var filtered = predicate is null ? queryable : Queryable.Where(queryable, (Expression<Func<T, bool>>)predicate);
        var results = await ListAsync(filtered, single ? 2 : 1, token);
        if (results.Count > 1)
            throw new InvalidOperationException("Sequence contains more than one element");
        if (results.Count == 1)
            return results[0];
        return required ? throw new InvalidOperationException("Sequence contains no elements") : default;
    }

    public static NpgsqlCommand ToCommand(IQueryable queryable, FetchType fetchType)
    {
        var model = Statement.Parse(Translated(queryable));
        var statement = fetchType switch
        {
            FetchType.Any => Statement.Any(model),
            FetchType.Count => Statement.Count(model),
            FetchType.FetchOne => Statement.Rows(model, 1),
            _ => Statement.Rows(model),
        };
        return statement.ToCommand();
    }

    private static QueryModel Parse(ITranslatedQuery query, LambdaExpression? predicate)
    {
        var model = Statement.Parse(query);
        if (predicate is not null)
            model.Where(predicate);
        return model;
    }

    private static Task<T> ScalarAsync<T>(ITranslatedQuery query, Statement statement, CancellationToken token) =>
        RunAsync(query, statement, static async (reader, stop) =>
        {
            await reader.ReadAsync(stop);
            return reader.GetFieldValue<T>(0);
        }, token);

    private static async Task<T> RunAsync<T>(ITranslatedQuery query, Statement statement, Func<NpgsqlDataReader, CancellationToken, Task<T>> read, CancellationToken token)
    {
        await query.Session.EnsureStorageAsync(statement.StorageType, token);
        await using var command = statement.ToCommand();
        return await query.Session.ReadAsync(command, read, token);
    }
}
