using System.Linq.Expressions;
using System.Reflection;
using JasperFx.Core.Reflection;
using Marten.Exceptions;
using Marten.Internal;
using Marten.Schema;
using Npgsql;
using NpgsqlTypes;

namespace Marten.Linq.Translation;

/// <summary>A scalar in SQL.</summary>
/// <param name="Sql">The expression.</param>
/// <param name="Type">The CLR type.</param>
/// <param name="CanBeNull">Whether C# can see null.</param>
/// <param name="Member">The member, when it is one.</param>
internal sealed record SqlValue(string Sql, Type Type, bool CanBeNull, SqlMember? Member = null);

/// <summary>
/// Translates the lambdas of queries. Values become parameters that are added while the text is built, so the parts of a
/// statement may be put together in any order. Negations are pushed down to the comparisons, where each knows what NULL
/// means to C#; above them only "and" and "or" remain, for which NULL and false are the same in a condition.
/// This part: members, constants and parameters; the others: conditions, values, strings, collections, documents.
/// </summary>
internal sealed partial class SqlTranslator(StoreOptions options, List<NpgsqlParameter> parameters)
{
    private readonly Dictionary<ParameterExpression, QueryScope> scopes = [];
    private int aliases;

    /// <summary>Whether a condition says which soft-deleted rows it wants, which replaces the default filter.</summary>
    public bool NamesDeletedRows { get; private set; }

    /// <summary>Whether a condition says whose rows it wants, which replaces the filter by the session's tenant.</summary>
    public bool NamesTenants { get; private set; }

    public List<NpgsqlParameter> Parameters => parameters;

    public StoreOptions Options => options;

    public void Bind(ParameterExpression parameter, QueryScope scope) => scopes[parameter] = scope;

    public QueryScope? ScopeOf(ParameterExpression parameter) => scopes.GetValueOrDefault(parameter);

    public string NextAlias() => $"e{++aliases}";

    /// <summary>Whether an expression needs the database.</summary>
    public static bool Depends(Expression expression) => expression switch
    {
        ConstantExpression => false,
        ParameterExpression => true,
        MemberExpression member => member.Expression is not null && Depends(member.Expression),
        _ => ParameterFinder.IsIn(expression),
    };

    public static BadLinqExpressionException Unsupported(Expression expression) => new(expression);

    /// <summary>Removes conversions that do not change the value in SQL.</summary>
    public static Expression Strip(Expression expression)
    {
        while (expression is UnaryExpression { Method: null, NodeType: ExpressionType.Convert or ExpressionType.ConvertChecked or ExpressionType.TypeAs } convert
               && KeepsValue(convert.Operand.Type, convert.Type))
            expression = convert.Operand;
        return expression;
    }

    /// <summary>The values of a compiled query that its parameters are made of; null for other queries.</summary>
    public QueryArguments? Arguments { get; init; }

    /// <summary>A value that the text of the statement depends on.</summary>
    public object? Evaluate(Expression expression)
    {
        Arguments?.Fix(expression);
        return ConstantEvaluator.Evaluate(expression);
    }

    /// <summary>A value of which the text depends only on its shape (null, true, empty) until it becomes a parameter.</summary>
    public object? Peek(Expression expression)
    {
        Arguments?.FixUnlessShape(expression);
        return ConstantEvaluator.Evaluate(expression);
    }

    /// <summary>A parameter made of one value.</summary>
    public string AddParameter(Expression source, Func<object?, object?> convert, NpgsqlDbType? type) =>
        AddParameter([source], values => convert(values[0]), type);

    /// <summary>A parameter made of several values.</summary>
    public string AddParameter(IReadOnlyList<Expression> sources, Func<object?[], object?> convert, NpgsqlDbType? type)
    {
        var parameter = AddParameter(convert([.. sources.Select(ConstantEvaluator.Evaluate)]), type);
        Arguments?.Record(parameters.Count - 1, sources, convert);
        return parameter;
    }

    /// <summary>A parameter that the session decides.</summary>
    public string AddParameter(object? value, Func<Internal.Sessions.QuerySession, object?> read, NpgsqlDbType? type)
    {
        var parameter = AddParameter(value, type);
        Arguments?.Record(parameters.Count - 1, read);
        return parameter;
    }

    public string AddParameter(object? value, NpgsqlDbType? type)
    {
        parameters.Add(SqlBuilder.CreateParameter(value, type));
        return "$" + parameters.Count;
    }

    /// <summary>A constant that is used together with <paramref name="counterpart"/>.</summary>
    public string Constant(Expression source, object value, SqlValue? counterpart)
    {
        var member = counterpart?.Member;
        return IsExtreme(value, member)
            ? $"CAST({AddParameter(source, v => TextOf(v!), NpgsqlDbType.Text)} as {PostgresTypes.For(value.GetType(), false).Name})"
            : AddParameter(source, v => ToSql(v!, member).Value, ToSql(value, member).Type);
    }

    /// <summary>
    /// Whether the driver would send a time as infinity, which is not what JSON text holds. Columns do hold infinity then,
    /// because the same driver wrote them.
    /// </summary>
    public static bool IsExtreme(object value, SqlMember? member) => member is not { IsColumn: true } && value switch
    {
        DateTimeOffset time => time.UtcDateTime == DateTime.MinValue || time.UtcDateTime == DateTime.MaxValue,
        DateTime time => time == DateTime.MinValue || time == DateTime.MaxValue,
        DateOnly day => day == DateOnly.MinValue || day == DateOnly.MaxValue,
        _ => false,
    };

    private static string TextOf(object value) => ((IFormattable)value).ToString("O", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Finds the scope and the members that an expression names.</summary>
    public bool TryResolve(Expression expression, out QueryScope scope, out List<MemberInfo> path)
    {
        expression = Strip(expression);
        path = [];
        scope = null!;
        switch (expression)
        {
            case ParameterExpression parameter when scopes.TryGetValue(parameter, out var known):
                scope = known;
                return true;
            case MemberExpression { Expression: { } parent, Member: var member }:
                if (Nullable.GetUnderlyingType(parent.Type) is not null)
                    return member.Name == "Value" && TryResolve(parent, out scope, out path);
                if (IsWrapped(parent, member))
                    return TryResolve(parent, out scope, out path);
                if (IsBuiltIn(parent.Type) || ElementType(parent.Type) is not null || !TryResolve(parent, out scope, out path))
                    return false;
                path.Add(member);
                return true;
            case MethodCallExpression { Object: { } collection, Method.Name: "get_Item", Arguments: [var key] } when !Depends(key):
                return TryResolveElement(collection, key, expression.Type, out scope);
            case BinaryExpression { NodeType: ExpressionType.ArrayIndex } index when !Depends(index.Right):
                return TryResolveElement(index.Left, index.Right, expression.Type, out scope);
            default:
                return false;
        }
    }

    /// <summary>Whether a member is the value of a wrapper that the store knows; the wrapper's column or JSON is that value.</summary>
    private bool IsWrapped(Expression parent, MemberInfo member) =>
        ValueTypeInfo.TryFind(parent.Type, out var wrapper) && wrapper.ValueProperty.Name == member.Name
        && TryResolve(parent, out var scope, out var path) && scope.Locate(path).Wrapper is not null;

    private bool TryResolveElement(Expression collection, Expression key, Type type, out QueryScope scope)
    {
        scope = null!;
        if (IsBuiltIn(collection.Type) || !TryResolve(collection, out var outer, out var path))
            return false;
        var parameter = Peek(key) is int ? AddParameter(key, v => v, NpgsqlDbType.Integer) : AddParameter(key, v => v?.ToString(), NpgsqlDbType.Text);
        scope = new JsonScope(options.Locators, $"({JsonOf(outer.Locate(path))} -> {parameter})", type);
        return true;
    }

    /// <summary>Types whose members are not members of the JSON.</summary>
    private static bool IsBuiltIn(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type.IsPrimitive || type.IsEnum || PostgresTypes.For(type, false).DbType is not null || type == typeof(TimeSpan);
    }

    private static string JsonOf(SqlMember member) =>
        member.JsonSql ?? (member.PostgresType == "jsonb" ? member.Sql : $"to_jsonb({member.Sql})");

    private (object Value, NpgsqlDbType? Type) ToSql(object value, SqlMember? member)
    {
        if ((member?.Wrapper ?? options.ValueTypes.Find(value.GetType())) is { } wrapper && wrapper.OuterType.IsInstanceOfType(value) && wrapper.Unwrap(value) is { } bare)
            value = bare;
        if (member is { MemberType.IsEnum: true })
            return (member.ToParameterValue(value)!, member.DbType);
        if (member?.MemberType == typeof(char) && value is not string)
            return (Convert.ToChar(value, System.Globalization.CultureInfo.InvariantCulture).ToString(), member.DbType);
        var asText = options.Serializer().EnumStorage == Weasel.Core.EnumStorage.AsString;
        if (value is Enum)
            return asText ? (value.ToString()!, NpgsqlDbType.Text) : (Convert.ToInt32(value, System.Globalization.CultureInfo.InvariantCulture), NpgsqlDbType.Integer);
        var type = member is not null && member.MemberType == value.GetType() && member.DbType is not null ? member.DbType : PostgresTypes.For(value.GetType(), asText).DbType;
        return (Plain(value, member), type);
    }

    private static object Plain(object value, SqlMember? member) => value switch
    {
        // JSON text is rounded to microseconds when it is cast; columns were cut by the driver when they were written.
        DateTimeOffset time => member is { IsColumn: true } ? time.ToUniversalTime() : new DateTimeOffset(ToMicroseconds(time.UtcTicks), TimeSpan.Zero),
        DateTime time => new DateTime(member is { IsColumn: true } ? time.Ticks : ToMicroseconds(time.Ticks), member is { DbType: NpgsqlDbType.TimestampTz } ? DateTimeKind.Utc : DateTimeKind.Unspecified),
        TimeOnly time => new TimeOnly(Math.Min(ToMicroseconds(time.Ticks), TimeOnly.MaxValue.Ticks)),
        char c => c.ToString(),
        Uri uri => uri.OriginalString,
        byte or sbyte or short or ushort => Convert.ToInt32(value, System.Globalization.CultureInfo.InvariantCulture),
        uint number => (long)number,
        ulong number => (decimal)number,
        _ => value,
    };

    private static long ToMicroseconds(long ticks) => Math.Min((ticks + 5) / 10 * 10, DateTime.MaxValue.Ticks / 10 * 10);

    private static bool KeepsValue(Type from, Type to)
    {
        from = Nullable.GetUnderlyingType(from) ?? from;
        to = Nullable.GetUnderlyingType(to) ?? to;
        if (to.IsAssignableFrom(from) || from.IsAssignableFrom(to))
            return true;
        if (from.IsEnum || to.IsEnum)
            return (from.IsEnum || IsInteger(from)) && (to.IsEnum || IsInteger(to));
        return IsNumber(to) && (IsNumber(from) || from == typeof(char)) && Rank(to) > Rank(from);
    }

    private static bool IsInteger(Type type) => Type.GetTypeCode(type) is >= TypeCode.SByte and <= TypeCode.UInt64 && !type.IsEnum;

    private static bool IsNumber(Type type) => Type.GetTypeCode(type) is >= TypeCode.SByte and <= TypeCode.Decimal && !type.IsEnum;

    // Widening goes up in this order; decimal holds every integer exactly.
    private static int Rank(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Char => 0,
        TypeCode.Byte or TypeCode.SByte => 1,
        TypeCode.Int16 or TypeCode.UInt16 => 2,
        TypeCode.Int32 => 3,
        TypeCode.UInt32 => 4,
        TypeCode.Int64 => 5,
        TypeCode.UInt64 => 6,
        TypeCode.Decimal => 7,
        TypeCode.Single => 8,
        _ => 9,
    };

    private sealed class ParameterFinder : ExpressionVisitor
    {
        private readonly HashSet<ParameterExpression> own = [];
        private bool found;

        public static bool IsIn(Expression expression)
        {
            var finder = new ParameterFinder();
            finder.Visit(expression);
            return finder.found;
        }

        public override Expression? Visit(Expression? node) => found ? node : base.Visit(node);

        protected override Expression VisitExtension(Expression node)
        {
            found |= node is DatabaseExpression;
            return base.VisitExtension(node);
        }

        protected override Expression VisitLambda<T>(Expression<T> node)
        {
            own.UnionWith(node.Parameters);
            return base.VisitLambda(node);
        }

        protected override Expression VisitParameter(ParameterExpression node)
        {
            found |= !own.Contains(node);
            return node;
        }
    }
}
