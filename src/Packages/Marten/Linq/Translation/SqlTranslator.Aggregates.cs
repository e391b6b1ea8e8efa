using System.Linq.Expressions;
using Marten.Schema;

namespace Marten.Linq.Translation;

/// <summary>Count, Sum, Min, Max and Average: over the elements of collections, over joined documents and over groups.</summary>
internal sealed partial class SqlTranslator
{
    /// <summary>A value that rows are grouped by. What is not read as a column is grouped as JSON, which spells equal values equally.</summary>
    public SqlValue GroupKey(Expression expression)
    {
        var value = Value(expression);
        if (value.Member is { JsonSql: { } json, MemberType.IsEnum: true })
            return new SqlValue($"nullif({json}, 'null'::jsonb)", value.Type, value.CanBeNull, value.Member with { PostgresType = "jsonb" });
        return value.Member is { PostgresType: "jsonb" } ? throw Unsupported(expression) : value;
    }

    /// <summary>The filters of a source whose conditions are translated by <paramref name="translate"/>: they apply to this source only.</summary>
    public List<string> WithOwnFilters(QuerySource source, Action translate)
    {
        var outer = NamesDeletedRows;
        NamesDeletedRows = false;
        translate();
        var filters = source.Filters(this).ToList();
        NamesDeletedRows = outer;
        return filters;
    }

    private SqlValue CollectionValue(MethodCallExpression call)
    {
        var source = WithoutSpan(Strip(call.Arguments[0]));
        if (!Depends(source))
            throw Unsupported(call);
        var lambda = call.Arguments.Count == 2 && (call.Arguments[1] is LambdaExpression || call.Arguments[1].NodeType == ExpressionType.Quote) ? Lambda(call.Arguments[1]) : null;
        if (call.Arguments.Count == 2 && lambda is null)
            throw Unsupported(call);
        if (GroupOf(source) is { } group)
            return GroupValue(call, group, lambda);
        var isCount = call.Method.Name is nameof(Enumerable.Count) or nameof(Enumerable.LongCount);
        if (isCount && lambda is null && source is not JoinedExpression)
            return new SqlValue(CollectionLength(source), call.Type, false);
        var rows = Elements(source);
        if (isCount && lambda is null)
            return new SqlValue($"(select {CountOf(call.Type)} from {rows.From}{rows.Where(null)})", call.Type, false);
        lambda ??= Itself(rows.Element.Type);
        Bind(lambda.Parameters[0], rows.Element);
        if (isCount)
            return new SqlValue($"(select {CountOf(call.Type)} from {rows.From}{rows.Where(Condition(lambda.Body))})", call.Type, false);
        var (aggregate, canBeNull) = Aggregate(call, Value(lambda.Body).Sql, "");
        return new SqlValue($"(select {aggregate} from {rows.From}{rows.Where(null)})", PlainType(call.Type), canBeNull);
    }

    private static LambdaExpression Itself(Type type)
    {
        var self = Expression.Parameter(type);
        return Expression.Lambda(self, self);
    }

    private static string CountOf(Type type, string what = "*", string filter = "") => $"CAST(count({what}){filter} as {PostgresTypes.For(type, false).Name})";

    private static (string Sql, bool CanBeNull) Aggregate(MethodCallExpression call, string value, string filter)
    {
        var type = PostgresTypes.For(call.Type, false).Name;
        return call.Method.Name switch
        {
            nameof(Enumerable.Sum) => ($"CAST(coalesce(sum({value}){filter}, 0) as {type})", false),
            nameof(Enumerable.Min) => ($"min({value}){filter}", true),
            nameof(Enumerable.Max) => ($"max({value}){filter}", true),
            nameof(Enumerable.Average) => ($"CAST(avg({value}){filter} as {type})", true),
            _ => throw Unsupported(call),
        };
    }

    /// <summary>The group below Where, Select and Distinct, with what they ask for; null when the source is none.</summary>
    private static GroupRows? GroupOf(Expression source)
    {
        switch (Strip(source))
        {
            case GroupExpression group:
                return new GroupRows(group.Element, [], false);
            case MethodCallExpression { Method.Name: nameof(Enumerable.Where), Arguments: [var inner, var predicate] } call
                when call.Method.DeclaringType == typeof(Enumerable) && GroupOf(inner) is { IsDistinct: false } rows:
                return rows with { Filters = [.. rows.Filters, Substitution.In(Lambda(predicate), rows.Element)] };
            case MethodCallExpression { Method.Name: nameof(Enumerable.Select), Arguments: [var inner, var selector] } call
                when call.Method.DeclaringType == typeof(Enumerable) && GroupOf(inner) is { IsDistinct: false } rows:
                return rows with { Element = Substitution.In(Lambda(selector), rows.Element) };
            case MethodCallExpression { Method.Name: nameof(Enumerable.Distinct), Arguments: [var inner] } call
                when call.Method.DeclaringType == typeof(Enumerable) && GroupOf(inner) is { } rows:
                return rows with { IsDistinct = true };
            default:
                return null;
        }
    }

    private SqlValue GroupValue(MethodCallExpression call, GroupRows rows, LambdaExpression? lambda)
    {
        var isCount = call.Method.Name is nameof(Enumerable.Count) or nameof(Enumerable.LongCount);
        if (rows.IsDistinct && lambda is not null)
            throw Unsupported(call);
        if (isCount && lambda is not null)
            rows = rows with { Filters = [.. rows.Filters, Substitution.In(lambda, rows.Element)] };
        var filter = rows.Filters.Count == 0 ? "" : $" filter (where {string.Join(" and ", rows.Filters.Select(f => Condition(f)))})";
        if (isCount)
            return new SqlValue(CountOf(call.Type, rows.IsDistinct ? "distinct " + Value(rows.Element).Sql : "*", filter), call.Type, false);
        var value = Value(lambda is null ? rows.Element : Substitution.In(lambda, rows.Element));
        if (value.Member is { PostgresType: "jsonb" } or { EnumAsText: true })
            throw Unsupported(call);
        var (sql, canBeNull) = Aggregate(call, (rows.IsDistinct ? "distinct " : "") + value.Sql, filter);
        return new SqlValue(sql, PlainType(call.Type), canBeNull, value.Type == PlainType(call.Type) ? value.Member is { IsColumn: true } ? null : value.Member : null);
    }

    private string GroupCondition(GroupExpression group, LambdaExpression predicate, bool all)
    {
        var condition = Condition(Substitution.In(predicate, group.Element));
        return $"{(all ? "bool_and" : "bool_or")}(coalesce({condition}, FALSE))";
    }

    private sealed record GroupRows(Expression Element, IReadOnlyList<Expression> Filters, bool IsDistinct);
}
