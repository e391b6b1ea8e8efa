using System.Linq.Expressions;
using System.Reflection;
using NpgsqlTypes;

namespace Marten.Linq.Translation;

internal sealed partial class QueryModel
{
    private void Visit(Expression expression)
    {
        if (expression is ConstantExpression { Value: IQueryable } || expression == start)
            return;
        if (expression is not MethodCallExpression call)
            throw SqlTranslator.Unsupported(expression);
        var inner = call.Object ?? (call.Arguments.Count > 0 ? call.Arguments[0] : throw SqlTranslator.Unsupported(expression));
        Visit(inner);
        if (call.Method.DeclaringType == typeof(Queryable))
            Apply(call);
        else if (call.Method.DeclaringType == typeof(QueryableExtensions) || IsOwnQueryable(call.Method.DeclaringType))
            ApplyOwn(call);
        else
            throw SqlTranslator.Unsupported(call);
    }

    private static bool IsOwnQueryable(Type? type) => type is { IsGenericType: true } && type.Namespace == typeof(IMartenQueryable<>).Namespace;

    private void ApplyOwn(MethodCallExpression call)
    {
        switch (call.Method.Name)
        {
            case nameof(QueryableExtensions.OrderBySql) or nameof(QueryableExtensions.ThenBySql):
                RequireUnlimited(call);
                if (call.Method.Name == nameof(QueryableExtensions.OrderBySql))
                    orderings.Clear();
                orderings.Add(((string)Translator.Evaluate(call.Arguments[1])!, false, true));
                break;
            case nameof(QueryableExtensions.OrderByNgramRank):
                RequireUnlimited(call);
                orderings.Clear();
                orderings.Add((Translator.NgramRank(Substitution.In(Unquoted(call.Arguments[1]), Current), call.Arguments[2]), true, false));
                break;
            case nameof(QueryableExtensions.WithStatistics):
                Statistics = (QueryStatistics)Translator.Evaluate(call.Arguments[1])!;
                break;
            case nameof(QueryableExtensions.WithInclude):
                Include((IncludePlan)Translator.Evaluate(call.Arguments[1])!);
                break;
            case nameof(IMartenQueryable<object>.WhereSub):
                RequireUnlimited(call);
                var sub = Unquoted(call.Arguments[0]);
                Translator.KeepOnly(Current, sub.Parameters[0].Type, conditions);
                AddConditions(Substitution.In(sub, Current), conditions);
                break;
            case nameof(QueryableExtensions.Include) or "On":
                Include(call);
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
            case nameof(Queryable.GroupBy):
                Group(call);
                break;
            case nameof(Queryable.Join):
                Join(call);
                break;
            case nameof(Queryable.GroupJoin):
                GroupJoin(call);
                break;
            default:
                ApplyShape(call);
                break;
        }
    }

    /// <summary>The operators that do not look into the results.</summary>
    private void ApplyShape(MethodCallExpression call)
    {
        switch (call.Method.Name)
        {
            case nameof(Queryable.Skip):
                Skip(call);
                break;
            case nameof(Queryable.Take):
                Take(call);
                break;
            case nameof(Queryable.Distinct) when call.Arguments.Count == 1:
                RequireUnlimited(call);
                RequireUngrouped(call);
                IsDistinct = true;
                break;
            case nameof(Queryable.OfType) when Current is ParameterExpression && Current.Type.IsAssignableFrom(call.Method.GetGenericArguments()[0]) && call.Method.GetGenericArguments()[0] != Current.Type:
                Translator.KeepOnly(Current, call.Method.GetGenericArguments()[0], conditions);
                Current = Expression.Convert(Current, call.Method.GetGenericArguments()[0]);
                break;
            case nameof(Queryable.Cast) or nameof(Queryable.OfType) when call.Method.GetGenericArguments()[0].IsAssignableFrom(Current.Type):
                break;
            default:
                throw SqlTranslator.Unsupported(call);
        }
    }

    private void AddConditions(Expression body, List<string> target)
    {
        if (body is BinaryExpression { NodeType: ExpressionType.AndAlso } both)
        {
            AddConditions(both.Left, target);
            if (target is not [.., "FALSE"])
                AddConditions(both.Right, target);
            return;
        }

        var condition = Translator.Condition(body);
        if (condition != "TRUE")
            target.Add(condition);
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

    private void Skip(MethodCallExpression call)
    {
        if (!IsLimited)
        {
            skipped = Count(call);
            offset = Translator.AddParameter(call.Arguments[1], AtLeastZero, NpgsqlDbType.Integer);
            return;
        }

        var count = Number(call);
        skipped += count;
        if (taken is { } known)
        {
            taken = Math.Max(0, known - count);
            limit = Translator.AddParameter(taken, NpgsqlDbType.Integer);
        }

        offset = Translator.AddParameter(skipped, NpgsqlDbType.Integer);
    }

    private void Take(MethodCallExpression call)
    {
        if (limit is null)
        {
            taken = Count(call);
            takenFrom = call.Arguments[1];
            limit = Translator.AddParameter(call.Arguments[1], AtLeastZero, NpgsqlDbType.Integer);
            return;
        }

        var count = Number(call);
        taken = taken is { } known ? Math.Min(known, count) : count;
        limit = Translator.AddParameter(taken, NpgsqlDbType.Integer);
    }

    /// <summary>A count that the text depends on, because it is combined with others.</summary>
    private int Number(MethodCallExpression call)
    {
        Translator.Arguments?.Fix(call);
        return Count(call);
    }

    private static int Count(MethodCallExpression call) =>
        ConstantEvaluator.Evaluate(call.Arguments[1]) is int number ? Math.Max(0, number) : throw SqlTranslator.Unsupported(call);

    private static object? AtLeastZero(object? count) => Math.Max(0, (int)count!);

    private static LambdaExpression Lambda(MethodCallExpression call, int index = 1) =>
        Unquoted(call.Arguments[index]) is { Parameters.Count: 1 } lambda ? lambda : throw SqlTranslator.Unsupported(call);

    private static LambdaExpression Unquoted(Expression expression) =>
        expression is UnaryExpression { Operand: LambdaExpression lambda } ? lambda : throw SqlTranslator.Unsupported(expression);
}

/// <summary>Puts an expression in the place of a lambda's parameter and reads members of objects that the expression makes.</summary>
internal sealed class Substitution(ParameterExpression parameter, Expression replacement) : ExpressionVisitor
{
    public static Expression In(LambdaExpression lambda, Expression replacement) => Of(lambda.Body, lambda.Parameters[0], replacement);

    public static Expression Of(Expression body, ParameterExpression parameter, Expression replacement) =>
        new Substitution(parameter, replacement).Visit(body);

    /// <summary>The body of a lambda of two parameters.</summary>
    public static Expression In(LambdaExpression lambda, Expression first, Expression second) =>
        Of(Of(lambda.Body, lambda.Parameters[0], first), lambda.Parameters[1], second);

    protected override Expression VisitParameter(ParameterExpression node) => node == parameter
        ? replacement.Type == node.Type ? replacement : Expression.Convert(replacement, node.Type)
        : node;

    protected override Expression VisitMember(MemberExpression node)
    {
        var owner = Visit(node.Expression);
        if (owner is GroupExpression group && node.Member.Name == nameof(IGrouping<int, int>.Key))
            return group.Key;
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
