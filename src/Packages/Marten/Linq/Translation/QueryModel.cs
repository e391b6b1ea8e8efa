using System.Linq.Expressions;
using System.Reflection;
using Marten.Exceptions;
using Marten.Internal.Sessions;
using NpgsqlTypes;

namespace Marten.Linq.Translation;

/// <summary>A chain of LINQ operators, translated clause by clause from its source outwards.</summary>
internal sealed class QueryModel
{
    private readonly List<string> from = [];
    private readonly List<string> conditions = [];
    private readonly List<(string Sql, bool Descending, bool IsComplete)> orderings = [];
    private string? offset;
    private string? limit;
    private int skipped;
    private int? taken;

    private QueryModel(QuerySession session, QuerySource source)
    {
        Source = source;
        Translator = new SqlTranslator(session.Options, []);
        var root = Expression.Parameter(source.Scope.Type, "document");
        Translator.Bind(root, source.Scope);
        Current = root;
        from.Add(source.From);
    }

    public QuerySource Source { get; }

    public SqlTranslator Translator { get; }

    /// <summary>The result of the chain so far, in terms of the parameters that the translator knows.</summary>
    public Expression Current { get; private set; }

    public bool IsDistinct { get; private set; }

    public QueryStatistics? Statistics { get; private set; }

    public bool HasOffset => offset is not null;

    /// <summary>Whether the rows are limited, so that what is counted or added up must be a subquery.</summary>
    public bool IsLimited => limit is not null || offset is not null;

    public static QueryModel Translate(Expression expression, QuerySession session, QuerySource source)
    {
        var model = new QueryModel(session, source);
        model.Visit(expression);
        return model;
    }

    public void Where(LambdaExpression predicate)
    {
        RequireUnlimited(predicate);
        AddConditions(Substituted(predicate));
    }

    public Expression Substituted(LambdaExpression lambda) => Substitution.In(lambda, Current);

    /// <summary>Everything behind the select list, without order and limits.</summary>
    public string FromAndWhere()
    {
        var filter = Translator.NamesDeletedRows ? null : Source.DefaultFilter;
        var all = filter is null ? conditions : conditions.Append(filter).ToList();
        var text = " from " + string.Join(" cross join lateral ", from);
        return all.Count == 0 ? text : $"{text} where {string.Join(" and ", all)}";
    }

    public string OrderBy() => orderings.Count == 0
        ? ""
        : " order by " + string.Join(", ", orderings.Select(o => o.Descending ? o.Sql + " desc" : o.Sql));

    /// <summary>
    /// A select list with everything behind it but the limits. Distinct results that are ordered or counted are groups, because
    /// "distinct" allows only orderings that are results, and window functions are evaluated before it.
    /// </summary>
    public string Select(IReadOnlyList<string> columns, string extraColumn = "")
    {
        var list = columns.Count == 0 ? "1" : string.Join(", ", columns);
        if (!IsDistinct)
            return $"select {list}{extraColumn}{FromAndWhere()}{OrderBy()}";
        if (orderings.Count == 0 && extraColumn.Length == 0)
            return $"select distinct {list}{FromAndWhere()}";
        var keys = orderings.Select(o => o.IsComplete ? o.Sql : $"(array_agg({o.Sql} order by {o.Sql}{(o.Descending ? " desc" : "")}))[1]{(o.Descending ? " desc" : "")}");
        var order = orderings.Count == 0 ? "" : " order by " + string.Join(", ", keys);
        return $"select {list}{extraColumn}{FromAndWhere()} group by {list}{order}";
    }

    /// <summary>The limits, at most <paramref name="atMost"/> rows.</summary>
    public string Limits(int? atMost = null)
    {
        var text = offset is null ? "" : " offset " + offset;
        if (atMost is { } most && !(taken <= most))
            return $"{text} limit {most}";
        return limit is null ? text : $"{text} limit {limit}";
    }

    private void Visit(Expression expression)
    {
        if (expression is ConstantExpression { Value: IQueryable })
            return;
        if (expression is not MethodCallExpression { Arguments: [var inner, ..] } call)
            throw SqlTranslator.Unsupported(expression);
        Visit(inner);
        if (call.Method.DeclaringType == typeof(QueryableExtensions))
            ApplyOwn(call);
        else if (call.Method.DeclaringType == typeof(Queryable))
            Apply(call);
        else
            throw SqlTranslator.Unsupported(call);
    }

    private void ApplyOwn(MethodCallExpression call)
    {
        switch (call.Method.Name)
        {
            case nameof(QueryableExtensions.OrderBySql) or nameof(QueryableExtensions.ThenBySql):
                RequireUnlimited(call);
                if (call.Method.Name == nameof(QueryableExtensions.OrderBySql))
                    orderings.Clear();
                orderings.Add(((string)ConstantEvaluator.Evaluate(call.Arguments[1])!, false, true));
                break;
            case nameof(QueryableExtensions.WithStatistics):
                Statistics = (QueryStatistics)ConstantEvaluator.Evaluate(call.Arguments[1])!;
                break;
            default:
                throw SqlTranslator.Unsupported(call);
        }
    }

    private void Apply(MethodCallExpression call)
    {
        switch (call.Method.Name)
        {
            case nameof(Queryable.Where):
                Where(Lambda(call));
                break;
            case nameof(Queryable.OrderBy) or nameof(Queryable.OrderByDescending):
                orderings.Clear();
                Order(call);
                break;
            case nameof(Queryable.ThenBy) or nameof(Queryable.ThenByDescending):
                Order(call);
                break;
            case nameof(Queryable.Select):
                Current = Substituted(Lambda(call));
                break;
            case nameof(Queryable.SelectMany):
                Flatten(call);
                break;
            case nameof(Queryable.Skip):
                Skip(Number(call));
                break;
            case nameof(Queryable.Take):
                Take(Number(call));
                break;
            case nameof(Queryable.Distinct) when call.Arguments.Count == 1:
                RequireUnlimited(call);
                IsDistinct = true;
                break;
            case nameof(Queryable.Cast) or nameof(Queryable.OfType) when call.Method.GetGenericArguments()[0].IsAssignableFrom(Current.Type):
                break;
            default:
                throw SqlTranslator.Unsupported(call);
        }
    }

    private void AddConditions(Expression body)
    {
        if (body is BinaryExpression { NodeType: ExpressionType.AndAlso } both)
        {
            AddConditions(both.Left);
            if (conditions is not [.., "FALSE"])
                AddConditions(both.Right);
            return;
        }

        var condition = Translator.Condition(body);
        if (condition != "TRUE")
            conditions.Add(condition);
    }

    private void Order(MethodCallExpression call)
    {
        RequireUnlimited(call);
        if (call.Arguments.Count != 2)
            throw SqlTranslator.Unsupported(call);
        var key = Translator.Value(Substituted(Lambda(call)));
        if (key.Member is { EnumAsText: false, PostgresType: "jsonb" })
            throw SqlTranslator.Unsupported(call.Arguments[1]);
        // NULL stays where PostgreSQL puts it, which is what the declared indexes are ordered by.
        var descending = call.Method.Name.EndsWith("Descending", StringComparison.Ordinal);
        orderings.Add((key.Sql, descending, false));
    }

    private void Flatten(MethodCallExpression call)
    {
        RequireUnlimited(call);
        var collection = Substituted(Lambda(call));
        var (elements, element) = Translator.Elements(collection);
        from.Add(elements);
        var parameter = Expression.Parameter(element.Type, "element");
        Translator.Bind(parameter, element);
        if (call.Arguments.Count == 2)
        {
            Current = parameter;
            return;
        }

        var result = (LambdaExpression)((UnaryExpression)call.Arguments[2]).Operand;
        Current = Substitution.In(Expression.Lambda(Substitution.Of(result.Body, result.Parameters[0], Current), result.Parameters[1]), parameter);
    }

    private void Skip(int count)
    {
        count = Math.Max(0, count);
        skipped += count;
        if (taken is { } known)
        {
            taken = Math.Max(0, known - count);
            limit = Translator.AddParameter(taken, NpgsqlDbType.Integer);
        }

        offset = Translator.AddParameter(skipped, NpgsqlDbType.Integer);
    }

    private void Take(int count)
    {
        count = Math.Max(0, count);
        taken = taken is { } known ? Math.Min(known, count) : count;
        limit = Translator.AddParameter(taken, NpgsqlDbType.Integer);
    }

    private void RequireUnlimited(Expression expression)
    {
        if (IsLimited)
            throw new BadLinqExpressionException($"'{expression}' follows Skip or Take. Put Where, OrderBy, Distinct and SelectMany before them.");
    }

    private static int Number(MethodCallExpression call) =>
        ConstantEvaluator.Evaluate(call.Arguments[1]) is int number ? number : throw SqlTranslator.Unsupported(call);

    private static LambdaExpression Lambda(MethodCallExpression call) =>
        call.Arguments[1] is UnaryExpression { Operand: LambdaExpression { Parameters.Count: 1 } lambda } ? lambda : throw SqlTranslator.Unsupported(call);
}

/// <summary>Puts an expression in the place of a lambda's parameter and reads members of objects that the expression makes.</summary>
internal sealed class Substitution(ParameterExpression parameter, Expression replacement) : ExpressionVisitor
{
    public static Expression In(LambdaExpression lambda, Expression replacement) => Of(lambda.Body, lambda.Parameters[0], replacement);

    public static Expression Of(Expression body, ParameterExpression parameter, Expression replacement) =>
        new Substitution(parameter, replacement).Visit(body);

    protected override Expression VisitParameter(ParameterExpression node) => node == parameter
        ? replacement.Type == node.Type ? replacement : Expression.Convert(replacement, node.Type)
        : node;

    protected override Expression VisitMember(MemberExpression node)
    {
        var owner = Visit(node.Expression);
        if (owner is NewExpression or MemberInitExpression && Part(owner, node.Member) is { } part)
            return part;
        return node.Update(owner);
    }

    private static Expression? Part(Expression created, MemberInfo member)
    {
        foreach (var (name, _, value) in ProjectionBuilder.Parts(created))
        {
            if (name == member.Name)
                return value;
        }

        return null;
    }
}
