using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using Marten.Exceptions;
using Marten.Internal.Sessions;
using Npgsql;

namespace Marten.Linq.Translation;

/// <summary>Runs queries in their sessions.</summary>
internal static class QueryRunner
{
    public static ITranslatedQuery Translated(IQueryable queryable) => queryable as ITranslatedQuery
        ?? throw new BadLinqExpressionException($"A query of type {queryable.GetType().Name} does not come from a document session; use the operators of LINQ on it.");

    public static async Task<IReadOnlyList<T>> ListAsync<T>(IQueryable<T> queryable, int? atMost, CancellationToken token)
    {
        var request = ListRequest(queryable, atMost);
        var results = await request.RunAsync(token);
        var (statement, query) = (request.Statement, Translated(queryable));
        if (statement.Statistics is { } statistics && results.Count == 0 && statement.MayHavePassedEnd)
            statistics.TotalResults = await CountAllAsync(query, token);
        return results;
    }

    /// <summary>The number of results without regard to limits.</summary>
    public static Task<long> CountAllAsync(ITranslatedQuery query, CancellationToken token) =>
        ScalarRequest<long>(query.Session, Statement.CountAll(Statement.Parse(query))).RunAsync(token);

    public static StatementRequest<IReadOnlyList<T>> ListRequest<T>(IQueryable<T> queryable, int? atMost)
    {
        var query = Translated(queryable);
        return new StatementRequest<IReadOnlyList<T>>(query.Session, Statement.Rows(Statement.Parse(query), atMost), ReadListAsync);
    }

    /// <summary>Reads all rows; the number of all results is 0 until a row tells it.</summary>
    public static async Task<IReadOnlyList<T>> ReadListAsync<T>(NpgsqlDataReader reader, StatementRequest<IReadOnlyList<T>> request, CancellationToken token)
    {
        var rows = new List<T>();
        await ReadAsync(reader, request, row => rows.Add((T)row!), token);
        return rows;
    }

    /// <summary>As the other, for results whose type is known only at run time.</summary>
    public static async Task<List<object?>> ReadRowsAsync<T>(NpgsqlDataReader reader, StatementRequest<T> request, CancellationToken token)
    {
        var rows = new List<object?>();
        await ReadAsync(reader, request, rows.Add, token);
        return rows;
    }

    private static async Task ReadAsync<T>(NpgsqlDataReader reader, StatementRequest<T> request, Action<object?> receive, CancellationToken token)
    {
        var (statement, isFirst) = (request.Statement, true);
        if (request.Statistics is { } statistics)
            statistics.TotalResults = 0;
        while (await reader.ReadAsync(token))
        {
            if (isFirst && statement.StatisticsColumn >= 0 && request.Statistics is { } total)
                total.TotalResults = reader.GetInt64(statement.StatisticsColumn);
            isFirst = false;
            receive(await statement.Projection!.ReadAsync(reader, request.Session, token));
        }
    }

    public static async IAsyncEnumerable<T> StreamAsync<T>(IQueryable<T> queryable, [EnumeratorCancellation] CancellationToken token)
    {
        var query = Translated(queryable);
        var statement = Statement.Rows(Statement.Parse(query));
        if (statement.Model.Includes.Count > 0)
            throw new BadLinqExpressionException("Include needs all results at once. Use ToListAsync instead of ToAsyncEnumerable.");
        await EnsureAsync(query, statement, token);
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

    public static async Task EnsureAsync(ITranslatedQuery query, Statement statement, CancellationToken token)
    {
        foreach (var type in statement.Model.StorageTypes)
            await query.Session.EnsureStorageAsync(type, token);
    }

    public static Task<long> CountAsync(IQueryable queryable, LambdaExpression? predicate, CancellationToken token) => CountRequest(queryable, predicate).RunAsync(token);

    public static QueryRequest<long> CountRequest(IQueryable queryable, LambdaExpression? predicate)
    {
        var query = Translated(queryable);
        return ScalarRequest<long>(query.Session, Statement.Count(Parse(query, predicate)));
    }

    public static Task<bool> AnyAsync(IQueryable queryable, LambdaExpression? predicate, CancellationToken token) => AnyRequest(queryable, predicate).RunAsync(token);

    public static QueryRequest<bool> AnyRequest(IQueryable queryable, LambdaExpression? predicate)
    {
        var query = Translated(queryable);
        return ScalarRequest<bool>(query.Session, Statement.Any(Parse(query, predicate)));
    }

    public static Task<TResult> AggregateAsync<TResult>(IQueryable queryable, LambdaExpression selector, string function, CancellationToken token) =>
        AggregateRequest<TResult>(queryable, selector, function).RunAsync(token);

    public static QueryRequest<TResult> AggregateRequest<TResult>(IQueryable queryable, LambdaExpression selector, string function)
    {
        var query = Translated(queryable);
        return new StatementRequest<TResult>(query.Session, Statement.Aggregate(Statement.Parse(query), selector, function), AggregateReader<TResult>(function));
    }

    /// <summary>An aggregate of a member. Without rows a sum is zero, and the others are null or, where that is impossible, an error.</summary>
    public static Func<NpgsqlDataReader, StatementRequest<TResult>, CancellationToken, Task<TResult>> AggregateReader<TResult>(string function)
    {
        var type = typeof(TResult);
        var projection = new ColumnProjection(0, type);
        return async (reader, request, token) =>
        {
            await reader.ReadAsync(token);
            if (!reader.IsDBNull(0) || function == "sum" || !type.IsValueType || Nullable.GetUnderlyingType(type) is not null)
                return (TResult)projection.Read(reader, request.Session)!;
            throw RefusedResult.None();
        };
    }

    public static async Task<T?> OneAsync<T>(IQueryable<T> queryable, LambdaExpression? predicate, bool single, bool required, CancellationToken token) =>
        One(await ListAsync(Filtered(queryable, predicate), single ? 2 : 1, token), required);

    public static IQueryable<T> Filtered<T>(IQueryable<T> queryable, LambdaExpression? predicate) =>
        predicate is null ? queryable : Queryable.Where(queryable, (Expression<Func<T, bool>>)predicate);

    /// <summary>The only one of a list of at most two.</summary>
    public static T? One<T>(IReadOnlyList<T> results, bool required)
    {
        if (results.Count > 1)
            throw RefusedResult.Several();
        if (results.Count == 1)
            return results[0];
        return required ? throw RefusedResult.None() : default;
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

    private static async Task<T> ReadScalarAsync<T>(NpgsqlDataReader reader, StatementRequest<T> request, CancellationToken token)
    {
        await reader.ReadAsync(token);
        return reader.GetFieldValue<T>(0);
    }

    private static StatementRequest<T> ScalarRequest<T>(QuerySession session, Statement statement)
    {
        statement.Model.Includes.Clear();
        return new StatementRequest<T>(session, statement, ReadScalarAsync<T>);
    }

    private static QueryModel Parse(ITranslatedQuery query, LambdaExpression? predicate)
    {
        var model = Statement.Parse(query);
        if (predicate is not null)
            model.Where(predicate);
        return model;
    }
}
