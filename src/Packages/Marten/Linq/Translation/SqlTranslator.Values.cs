using System.Linq.Expressions;
using Marten.Schema;

namespace Marten.Linq.Translation;

internal sealed partial class SqlTranslator
{
    /// <summary>All white space that Trim removes.</summary>
    private static readonly string WhiteSpace = string.Concat(Enumerable.Range(1, char.MaxValue - 1).Select(i => (char)i).Where(char.IsWhiteSpace));

    /// <summary>A scalar expression.</summary>
    public SqlValue Value(Expression expression)
    {
        expression = Strip(expression);
        if (!Depends(expression))
            return ConstantValue(expression, Peek(expression));
        if (TryResolve(expression, out var scope, out var path))
        {
            var member = scope.Locate(path);
            NamesDeletedRows |= member.NamesHiddenRows;
            return new SqlValue(member.Sql, PlainType(expression.Type), CanBeNull(expression.Type), member);
        }

        return expression switch
        {
            TranslatedExpression translated => translated.Value,
            MemberExpression member => MemberValue(member),
            MethodCallExpression call => CallValue(call),
            UnaryExpression { NodeType: ExpressionType.Negate or ExpressionType.NegateChecked } minus => Value(minus.Operand) is var value
                ? new SqlValue($"(- {value.Sql})", PlainType(minus.Type), value.CanBeNull) : throw Unsupported(expression),
            UnaryExpression { NodeType: ExpressionType.Convert, Method: not null } cast when Unwraps(cast) => Value(cast.Operand),
            UnaryExpression { NodeType: ExpressionType.Convert or ExpressionType.ConvertChecked } convert => Converted(convert),
            UnaryExpression { NodeType: ExpressionType.ArrayLength } length => new SqlValue(CollectionLength(length.Operand), typeof(int), false),
            BinaryExpression { NodeType: ExpressionType.Coalesce } coalesce => Coalesced(coalesce.Left, Value(coalesce.Right), coalesce.Type),
            BinaryExpression { NodeType: ExpressionType.Add, Type: var type } sum when type == typeof(string) => Concatenated([sum.Left, sum.Right]),
            BinaryExpression binary when Arithmetic(binary.NodeType) is { } sign && IsNumber(PlainType(binary.Type)) => Calculated(binary, sign),
            ConditionalExpression choice when choice.Type != typeof(bool) => Chosen(choice),
            _ when expression.Type == typeof(bool) && expression is BinaryExpression or UnaryExpression or ConditionalExpression => BooleanValue(expression),
            _ => throw Unsupported(expression),
        };
    }

    private static Type PlainType(Type type) => Nullable.GetUnderlyingType(type) ?? type;

    private static bool CanBeNull(Type type) => !type.IsValueType || Nullable.GetUnderlyingType(type) is not null;

    /// <summary>Whether a conversion declared by a wrapper leads to its value.</summary>
    private static bool Unwraps(UnaryExpression cast) =>
        JasperFx.Core.Reflection.ValueTypeInfo.TryFind(PlainType(cast.Operand.Type), out var wrapper) && wrapper.SimpleType == PlainType(cast.Type);

    private SqlValue ConstantValue(Expression source, object? value)
    {
        if (value is null)
        {
            var type = source.Type;
            var postgres = PostgresTypes.For(type, options.Serializer().EnumStorage == Weasel.Core.EnumStorage.AsString);
            return new SqlValue($"CAST(null as {postgres.Name})", PlainType(type), true);
        }

        return new SqlValue(Constant(source, value, null), value.GetType(), false);
    }

    private SqlValue BooleanValue(Expression expression) => new($"coalesce({Condition(expression)}, FALSE)", typeof(bool), false);

    private SqlValue MemberValue(MemberExpression member)
    {
        var owner = member.Expression!;
        if (member.Member.Name == "Length" && owner.Type == typeof(string))
            return new SqlValue($"length({Value(owner).Sql})", typeof(int), true);
        if (member.Member.Name == "HasValue")
            return BooleanValue(Expression.NotEqual(owner, Expression.Constant(null, owner.Type)));
        if (member.Member.Name is "Count" or "Length" && ElementType(owner.Type) is not null)
            return new SqlValue(CollectionLength(owner), typeof(int), false);
        if (member.Member.Name == "Value" && Nullable.GetUnderlyingType(owner.Type) is not null)
            return Value(owner);
        throw Unsupported(member);
    }

    private SqlValue CallValue(MethodCallExpression call)
    {
        if (call.Type == typeof(bool))
            return BooleanValueOfCall(call);
        var method = call.Method;
        if (method.DeclaringType == typeof(QueryableExtensions) && method.Name == nameof(QueryableExtensions.ExplicitSql))
            return new SqlValue($"({Required(call, call.Arguments[1])})", PlainType(call.Type), true);
        if (method.DeclaringType == typeof(string))
            return StringValue(call);
        if (call.Object is { } nullable && method.Name == "GetValueOrDefault" && Nullable.GetUnderlyingType(nullable.Type) is { } underlying)
        {
            var fallback = call.Arguments.Count == 1 ? Value(call.Arguments[0]) : ConstantValue(Expression.Constant(Activator.CreateInstance(underlying)), Activator.CreateInstance(underlying));
            return Coalesced(nullable, fallback, call.Type);
        }

        if (method.DeclaringType == typeof(Enumerable))
            return CollectionValue(call);
        if (method.Name == "ToString" && call.Arguments.Count == 0 && call.Object is { } written && Value(written) is { Member: { } member } && (member.EnumAsText || member.MemberType == typeof(string) || member.MemberType == typeof(Guid)))
            return new SqlValue($"CAST({Value(written).Sql} as text)", typeof(string), true);
        throw Unsupported(call);
    }

    private SqlValue BooleanValueOfCall(MethodCallExpression call) => new($"coalesce({Condition(call)}, FALSE)", typeof(bool), false);

    private SqlValue Coalesced(Expression left, SqlValue fallback, Type type)
    {
        var value = Value(left);
        if (value.Member is { MemberType.IsEnum: true } or { PostgresType: "jsonb" })
            throw Unsupported(left);
        return new SqlValue($"coalesce({value.Sql}, {fallback.Sql})", PlainType(type), fallback.CanBeNull);
    }

    private SqlValue Calculated(BinaryExpression binary, string sign)
    {
        var (left, right) = (Value(binary.Left), Value(binary.Right));
        if (left.Type == typeof(char) || right.Type == typeof(char) || left.Member is { MemberType.IsEnum: true } || right.Member is { MemberType.IsEnum: true })
            throw Unsupported(binary);
        return new SqlValue($"({left.Sql} {sign} {right.Sql})", PlainType(binary.Type), left.CanBeNull || right.CanBeNull);
    }

    private SqlValue Chosen(ConditionalExpression choice)
    {
        var test = Condition(choice.Test);
        var (yes, no) = (Value(choice.IfTrue), Value(choice.IfFalse));
        return new SqlValue($"(case when {test} then {yes.Sql} else {no.Sql} end)", PlainType(choice.Type), yes.CanBeNull || no.CanBeNull);
    }

    /// <summary>A narrowing conversion: C# cuts the fraction off.</summary>
    private SqlValue Converted(UnaryExpression convert)
    {
        var value = Value(convert.Operand);
        var (from, to) = (PlainType(convert.Operand.Type), PlainType(convert.Type));
        if (!IsNumber(from) || !IsNumber(to))
            throw Unsupported(convert);
        var name = PostgresTypes.For(to, false).Name;
        var sql = IsInteger(to) && !IsInteger(from) ? $"CAST(trunc({value.Sql}) as {name})" : $"CAST({value.Sql} as {name})";
        return new SqlValue(sql, to, value.CanBeNull);
    }

    private static string? Arithmetic(ExpressionType kind) => kind switch
    {
        ExpressionType.Add or ExpressionType.AddChecked => "+",
        ExpressionType.Subtract or ExpressionType.SubtractChecked => "-",
        ExpressionType.Multiply or ExpressionType.MultiplyChecked => "*",
        ExpressionType.Divide => "/",
        ExpressionType.Modulo => "%",
        _ => null,
    };
}
