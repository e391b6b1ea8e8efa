using System.Collections;
using System.Linq.Expressions;
using Marten.Exceptions;
using Npgsql;

namespace Marten.Linq.Translation;

/// <summary>What a query is asked for in the end, when that is known only as an expression.</summary>
internal sealed class QueryTerminal
{
    private readonly string name;
    private readonly LambdaExpression? lambda;

    private QueryTerminal(Expression source, string name, Type resultType, LambdaExpression? lambda)
    {
        Source = source;
        this.name = name;
        ResultType = resultType;
        this.lambda = lambda;
    }

    /// <summary>The query below.</summary>
    public Expression Source { get; }

    public Type ResultType { get; }

    public bool IsList => name is "ToList" or "ToArray";

    /// <summary>Whether it is an error that there is no result.</summary>
    public bool IsRequired => !name.EndsWith("OrDefault", StringComparison.Ordinal);

    private int? AtMost => IsList ? null : name.StartsWith("Single", StringComparison.Ordinal) ? 2 : 1;

    /// <summary>Reads what the body of a compiled query asks for.</summary>
    /// <exception cref="InvalidCompiledQueryException">It uses an asynchronous operator.</exception>
    public static QueryTerminal Of(Expression body, Type queryType, Type resultType)
    {
        while (body is UnaryExpression { NodeType: ExpressionType.Convert } convert)
            body = convert.Operand;
        if (typeof(Task).IsAssignableFrom(resultType) || body is MethodCallExpression { Method: { Name: var called, DeclaringType: var owner } } && owner == typeof(QueryableExtensions) && called.EndsWith("Async", StringComparison.Ordinal))
            throw InvalidCompiledQueryException.ForCannotBeAsync(queryType);
        if (body is MethodCallExpression call && (call.Method.DeclaringType == typeof(Queryable) || call.Method.DeclaringType == typeof(Enumerable)) && IsTerminal(call.Method.Name))
        {
            var lambda = call.Arguments.Count > 1 ? (call.Arguments[1] as UnaryExpression)?.Operand as LambdaExpression ?? throw SqlTranslator.Unsupported(call) : null;
            return new QueryTerminal(call.Arguments[0], call.Method.Name, resultType, lambda);
        }

        return new QueryTerminal(body, "ToList", resultType, null);
    }

    /// <summary>Completes the translation.</summary>
    public Statement Complete(QueryModel model, bool asJson)
    {
        if (lambda is not null && !IsAggregate)
            model.Where(lambda);
        if (name.StartsWith("Last", StringComparison.Ordinal))
            model.Reverse(Source);
        if (asJson)
            return Statement.Json(model, AtMost);
        return name switch
        {
            "Any" => Statement.Any(model),
            "Count" or "LongCount" => Statement.Count(model),
            _ when IsAggregate => Statement.Aggregate(model, lambda is null ? model.Current : model.Substituted(lambda), Function),
            _ => Statement.Rows(model, AtMost),
        };
    }

    /// <summary>Reads the result.</summary>
    public async Task<TOut> ReadAsync<TOut>(NpgsqlDataReader reader, StatementRequest<TOut> request, CancellationToken token)
    {
        if (IsAggregate)
            return await QueryRunner.AggregateReader<TOut>(Function)(reader, request, token);
        if (name is "Any" or "Count" or "LongCount")
        {
            await reader.ReadAsync(token);
            return (TOut)new ColumnProjection(0, typeof(TOut)).Read(reader, request.Session)!;
        }

        var rows = await QueryRunner.ReadRowsAsync(reader, request, token);
        if (IsList)
            return (TOut)ToList(rows);
        return rows.Count switch
        {
            > 1 when AtMost == 2 => throw RefusedResult.Several(),
            0 when IsRequired => throw RefusedResult.None(),
            0 => default!,
            _ => (TOut)rows[0]!,
        };
    }

    private bool IsAggregate => name is "Sum" or "Min" or "Max" or "Average";

    private string Function => name switch
    {
        "Average" => "avg",
        _ => name.ToLowerInvariant(),
    };

    private static bool IsTerminal(string name) => name is "ToList" or "ToArray" or "First" or "FirstOrDefault" or "Single" or "SingleOrDefault"
        or "Last" or "LastOrDefault" or "Any" or "Count" or "LongCount" or "Sum" or "Min" or "Max" or "Average";

    private object ToList(List<object?> rows)
    {
        var element = SqlTranslator.ElementType(ResultType) ?? typeof(object);
        if (ResultType.IsArray)
        {
            var array = Array.CreateInstance(element, rows.Count);
            for (var i = 0; i < rows.Count; i++)
                array.SetValue(rows[i], i);
            return array;
        }

        var list = (IList)Activator.CreateInstance(typeof(List<>).MakeGenericType(element), rows.Count)!;
        foreach (var row in rows)
            list.Add(row);
        return list;
    }
}
