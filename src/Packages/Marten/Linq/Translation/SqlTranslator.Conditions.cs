using System.Linq.Expressions;
using Marten.Schema;

namespace Marten.Linq.Translation;

internal sealed partial class SqlTranslator
{
    /// <summary>A condition that is true in SQL exactly when the expression, or its negation, is true in C#.</summary>
    public string Condition(Expression expression, bool negated = false)
    {
        expression = Strip(expression);
        if (!Depends(expression))
            return Truth(Peek(expression) is true != negated);
        switch (expression)
        {
            case UnaryExpression { NodeType: ExpressionType.Not } not when not.Type == typeof(bool):
                return Condition(not.Operand, !negated);
            case BinaryExpression { NodeType: ExpressionType.AndAlso or ExpressionType.And } both when both.Type == typeof(bool):
                return Combine(both, true, negated);
            case BinaryExpression { NodeType: ExpressionType.OrElse or ExpressionType.Or } either when either.Type == typeof(bool):
                return Combine(either, false, negated);
            case BinaryExpression { Method: null or { IsSpecialName: true } } comparison when Operator(comparison.NodeType) is not null:
                return Comparison(comparison, negated);
            case ConditionalExpression choice:
                return Choice(choice, negated);
            case TypeBinaryExpression { NodeType: ExpressionType.TypeIs } test:
                return OnlyType(test.Expression, test.TypeOperand) is { } condition ? Negate(condition, negated) : Truth(!negated);
            case MethodCallExpression call:
                return Call(call, negated);
            case MemberExpression { Member.Name: "HasValue", Expression: { } nullable } when Nullable.GetUnderlyingType(nullable.Type) is not null:
                return NullTest(nullable, negated);
            default:
                return Flag(Value(expression), negated);
        }
    }

    private static string Truth(bool value) => value ? "TRUE" : "FALSE";

    private static string Negate(string condition, bool negated) => negated ? $"(({condition}) is not TRUE)" : condition;

    private static string Flag(SqlValue value, bool negated) =>
        negated ? $"({value.Sql} = FALSE or {value.Sql} is null)" : $"{value.Sql} = TRUE";

    private string Combine(BinaryExpression expression, bool and, bool negated)
    {
        // What C# would not evaluate must not be translated: it may use a captured variable that the left side found to be null.
        var isAnd = and != negated;
        var left = Condition(expression.Left, negated);
        if (left == Truth(!isAnd))
            return left;
        var right = Condition(expression.Right, negated);
        if (left == Truth(isAnd) || right == Truth(!isAnd))
            return right;
        return right == Truth(isAnd) ? left : $"({left} {(isAnd ? "and" : "or")} {right})";
    }

    private string Choice(ConditionalExpression choice, bool negated)
    {
        if (!Depends(choice.Test))
            return Condition(Peek(choice.Test) is true ? choice.IfTrue : choice.IfFalse, negated);
        return $"(({Condition(choice.Test)} and {Condition(choice.IfTrue, negated)}) or ({Condition(choice.Test, true)} and {Condition(choice.IfFalse, negated)}))";
    }

    private string Comparison(BinaryExpression comparison, bool negated)
    {
        var (left, right, kind) = (Strip(comparison.Left), Strip(comparison.Right), comparison.NodeType);
        if (!Depends(left))
            (left, right, kind) = (right, left, Mirrored(kind));
        if (negated && kind is (ExpressionType.Equal or ExpressionType.NotEqual))
            (kind, negated) = (kind == ExpressionType.Equal ? ExpressionType.NotEqual : ExpressionType.Equal, false);
        if (left is MethodCallExpression call && TryOrdering(call, out var one, out var other) && !Depends(right) && Evaluate(right) is 0)
            return Negate($"{one} {Operator(kind)} {other}", negated);
        if (!Depends(right))
            return CompareWithConstant(left, kind, right, negated);
        var (first, second) = (Value(left), Value(right));
        if (first.Member?.PostgresType == "jsonb" || second.Member?.PostgresType == "jsonb" || (first.Member?.EnumAsText ?? false) != (second.Member?.EnumAsText ?? false))
            throw Unsupported(comparison);
        return kind switch
        {
            ExpressionType.Equal when first.CanBeNull && second.CanBeNull => $"{first.Sql} is not distinct from {second.Sql}",
            ExpressionType.Equal => $"{first.Sql} = {second.Sql}",
            ExpressionType.NotEqual => $"{first.Sql} is distinct from {second.Sql}",
            _ when first.Member is { EnumAsText: true } => throw Unsupported(comparison),
            _ => Negate($"{first.Sql} {Operator(kind)} {second.Sql}", negated),
        };
    }

    /// <summary>Equality of any two expressions, as Equals has it.</summary>
    private string Equality(Expression left, Expression right, bool negated)
    {
        if (!Depends(Strip(left)) && Depends(Strip(right)))
            (left, right) = (right, left);
        (left, right) = (Strip(left), Strip(right));
        if (!Depends(right))
            return CompareWithConstant(left, negated ? ExpressionType.NotEqual : ExpressionType.Equal, right, false);
        var (first, second) = (Value(left), Value(right));
        return negated ? $"{first.Sql} is distinct from {second.Sql}" : $"{first.Sql} is not distinct from {second.Sql}";
    }

    private string CompareWithConstant(Expression left, ExpressionType kind, Expression right, bool negated)
    {
        var constant = Peek(right);
        if (constant is null)
            return kind is ExpressionType.Equal or ExpressionType.NotEqual ? NullTest(left, kind == ExpressionType.Equal) : Truth(negated);
        if (constant is bool truth && left.Type == typeof(bool) && kind is (ExpressionType.Equal or ExpressionType.NotEqual))
            return Condition(left, truth == (kind == ExpressionType.NotEqual));
        var value = Value(left);
        if (value.Member?.PostgresType == "jsonb")
            return CompareJson(left, value, kind, right);
        if (value.Member is { EnumAsText: true } named && kind is not (ExpressionType.Equal or ExpressionType.NotEqual))
            return Negate(CompareNames(value, named, kind, right), negated);
        var parameter = Constant(right, constant, value);
        return kind switch
        {
            ExpressionType.Equal => $"{value.Sql} = {parameter}",
            ExpressionType.NotEqual => $"{value.Sql} is distinct from {parameter}",
            _ when negated && !value.CanBeNull => $"{value.Sql} {Operator(Opposite(kind))} {parameter}",
            _ => Negate($"{value.Sql} {Operator(kind)} {parameter}", negated),
        };
    }

    /// <summary>Values that are no SQL scalars are equal when their JSON is.</summary>
    private string CompareJson(Expression left, SqlValue value, ExpressionType kind, Expression right)
    {
        if (kind is not (ExpressionType.Equal or ExpressionType.NotEqual))
            throw Unsupported(left);
        var parameter = AddParameter(right, constant => options.Serializer().ToJson(constant), NpgsqlTypes.NpgsqlDbType.Jsonb);
        return kind == ExpressionType.Equal ? $"{value.Sql} = {parameter}" : $"{value.Sql} is distinct from {parameter}";
    }

    /// <summary>Enumerations that are stored as names are ordered by their numbers.</summary>
    private string CompareNames(SqlValue value, SqlMember member, ExpressionType kind, Expression right)
    {
        string[] Names(object? constant)
        {
            var limit = (IComparable)Enum.ToObject(member.MemberType, constant!);
            return [.. Enum.GetValues(member.MemberType).Cast<object>().Where(v => Holds(kind, ((IComparable)v).CompareTo(limit))).Select(v => (string)member.ToParameterValue(v)!)];
        }

        return $"{value.Sql} = ANY({AddParameter(right, Names, NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Text)})";
    }

    private static bool Holds(ExpressionType kind, int order) => kind switch
    {
        ExpressionType.LessThan => order < 0,
        ExpressionType.LessThanOrEqual => order <= 0,
        ExpressionType.GreaterThan => order > 0,
        _ => order >= 0,
    };

    private string NullTest(Expression expression, bool isNull)
    {
        expression = Strip(expression);
        if (expression is ParameterExpression parameter && scopes.TryGetValue(parameter, out var scope) && scope is DocumentScope)
            return scope.MayBeMissing ? $"{scope.Alias}.id is {(isNull ? "" : "not ")}null" : Truth(!isNull);
        var value = Value(expression);
        // JSON null is a value to "->" but not to "->>".
        var sql = value.Member is { PostgresType: "jsonb", TextSql: { } text } ? text : value.Sql;
        return isNull ? $"({sql}) is null" : $"({sql}) is not null";
    }

    private static string? Operator(ExpressionType kind) => kind switch
    {
        ExpressionType.Equal => "=",
        ExpressionType.NotEqual => "<>",
        ExpressionType.LessThan => "<",
        ExpressionType.LessThanOrEqual => "<=",
        ExpressionType.GreaterThan => ">",
        ExpressionType.GreaterThanOrEqual => ">=",
        _ => null,
    };

    private static ExpressionType Mirrored(ExpressionType kind) => kind switch
    {
        ExpressionType.LessThan => ExpressionType.GreaterThan,
        ExpressionType.LessThanOrEqual => ExpressionType.GreaterThanOrEqual,
        ExpressionType.GreaterThan => ExpressionType.LessThan,
        ExpressionType.GreaterThanOrEqual => ExpressionType.LessThanOrEqual,
        _ => kind,
    };

    private static ExpressionType Opposite(ExpressionType kind) => kind switch
    {
        ExpressionType.LessThan => ExpressionType.GreaterThanOrEqual,
        ExpressionType.LessThanOrEqual => ExpressionType.GreaterThan,
        ExpressionType.GreaterThan => ExpressionType.LessThanOrEqual,
        _ => ExpressionType.LessThan,
    };
}
