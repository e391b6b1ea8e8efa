using System.Collections.Concurrent;
using System.Globalization;
using System.Linq.Expressions;
using System.Reflection;
using JasperFx.Core.Reflection;
using Marten.Exceptions;
using Marten.Internal;
using Marten.Internal.Sessions;
using Npgsql;

namespace Marten.Linq.Translation;

/// <summary>How a result is made from the columns of a row.</summary>
internal abstract class Projection
{
    public abstract object? Read(NpgsqlDataReader reader, QuerySession session);

    /// <summary>As <see cref="Read"/>, where making the result may have to wait for something.</summary>
    public virtual ValueTask<object?> ReadAsync(NpgsqlDataReader reader, QuerySession session, CancellationToken token) => new(Read(reader, session));
}

/// <summary>A whole document or event; null where an outer join found none.</summary>
internal sealed class SourceProjection(QuerySource source, int column, bool mayBeMissing) : Projection
{
    public override object? Read(NpgsqlDataReader reader, QuerySession session) =>
        mayBeMissing && reader.IsDBNull(column) ? null : source.Read(reader, column, session);

    public override async ValueTask<object?> ReadAsync(NpgsqlDataReader reader, QuerySession session, CancellationToken token) =>
        mayBeMissing && reader.IsDBNull(column) ? null : await source.ReadAsync(reader, column, session, token);
}

/// <summary>A value that does not come from the database.</summary>
internal sealed class ConstantProjection(object? value) : Projection
{
    public override object? Read(NpgsqlDataReader reader, QuerySession session) => value;
}

/// <summary>A jsonb column, read by the serializer.</summary>
internal sealed class JsonProjection(int column, Type type) : Projection
{
    private readonly object? missing = type.IsValueType ? Activator.CreateInstance(type) : null;

    public override object? Read(NpgsqlDataReader reader, QuerySession session) =>
        reader.IsDBNull(column) ? missing : session.Serializer.FromJson(type, reader, column);
}

/// <summary>A column of an SQL type.</summary>
internal sealed class ColumnProjection(int column, Type type, ValueTypeInfo? wrapper = null) : Projection
{
    private readonly bool wraps = wrapper is not null && (Nullable.GetUnderlyingType(type) ?? type) == wrapper.OuterType;
    private readonly Type plain = wrapper is not null && (Nullable.GetUnderlyingType(type) ?? type) == wrapper.OuterType ? wrapper.SimpleType : Nullable.GetUnderlyingType(type) ?? type;
    private readonly object? missing = type.IsValueType ? Activator.CreateInstance(type) : null;

    public override object? Read(NpgsqlDataReader reader, QuerySession session)
    {
        if (reader.IsDBNull(column))
            return missing;
        return wraps ? wrapper!.Wrap(ReadValue(reader)) : ReadValue(reader);
    }

    private object ReadValue(NpgsqlDataReader reader)
    {
        if (plain == typeof(string))
            return reader.GetString(column);
        if (plain == typeof(DateTimeOffset))
            return reader.GetFieldValue<DateTimeOffset>(column);
        if (plain == typeof(DateOnly))
            return reader.GetFieldValue<DateOnly>(column);
        if (plain == typeof(TimeOnly))
            return reader.GetFieldValue<TimeOnly>(column);
        var value = reader.GetValue(column);
        if (plain.IsInstanceOfType(value))
            return value;
        if (plain.IsEnum)
            return value is string name ? Enum.Parse(plain, name) : Enum.ToObject(plain, value);
        if (plain == typeof(Uri))
            return new Uri((string)value, UriKind.RelativeOrAbsolute);
        return plain == typeof(char) ? ((string)value)[0] : Convert.ChangeType(value, plain, CultureInfo.InvariantCulture);
    }
}

/// <summary>An object made by a constructor and settable members.</summary>
internal sealed class ObjectProjection(ConstructorInfo constructor, Projection[] arguments, (MemberInfo Member, Projection Value)[] members) : Projection
{
    private static readonly ConcurrentDictionary<ConstructorInfo, ConstructorInvoker> Invokers = new();
    private readonly ConstructorInvoker invoker = Invokers.GetOrAdd(constructor, ConstructorInvoker.Create);

    public override object? Read(NpgsqlDataReader reader, QuerySession session)
    {
        var values = new object?[arguments.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = arguments[i].Read(reader, session);
        var result = invoker.Invoke(values.AsSpan());
        foreach (var (member, value) in members)
        {
            if (member is PropertyInfo property)
                property.SetValue(result, value.Read(reader, session));
            else
                ((FieldInfo)member).SetValue(result, value.Read(reader, session));
        }

        return result;
    }
}

/// <summary>Chooses the columns of a query and how results are made from them.</summary>
internal sealed class ProjectionBuilder(SqlTranslator translator)
{
    /// <summary>The select list; an entry may stand for several columns.</summary>
    public List<string> Columns { get; } = [];

    /// <summary>How many columns the select list has.</summary>
    public int Width { get; private set; }

    public Projection Build(Expression expression)
    {
        if (expression is UnaryExpression { NodeType: ExpressionType.Convert, Method: null } convert && convert.Type.IsAssignableFrom(convert.Operand.Type))
            return Build(convert.Operand);
        if (!SqlTranslator.Depends(expression))
            return new ConstantProjection(translator.Evaluate(expression));
        if (expression is ParameterExpression parameter && translator.ScopeOf(parameter) is { Source: { } source } whole)
        {
            Columns.Add(source.SelectColumns);
            Width += source.ColumnCount;
            return new SourceProjection(source, Width - source.ColumnCount, whole.MayBeMissing);
        }

        if (IsConstruction(expression))
            return Construct(expression);
        if (TryBuildArray(expression) is { } array)
            return new JsonProjection(Add(array), expression.Type);
        if (expression is TranslatedExpression { Value: { Member.PostgresType: "jsonb" } key })
            return new JsonProjection(Add(key.Sql), expression.Type);
        if (!translator.TryResolve(expression, out var scope, out var path))
        {
            var value = translator.Value(expression);
            return new ColumnProjection(Add(value.Sql), expression.Type, value.Member?.Wrapper);
        }

        var member = scope.Locate(path);
        if (member.JsonSql is null && member.PostgresType != "jsonb")
            return new ColumnProjection(Add(member.Sql), expression.Type, member.Wrapper);
        return ReadsAsColumn(member.MemberType)
            ? new ColumnProjection(Add(member.Sql), expression.Type, member.Wrapper)
            : new JsonProjection(Add($"nullif({member.JsonSql ?? member.Sql}, 'null'::jsonb)"), expression.Type);
    }

    /// <summary>The result as one jsonb expression, for results that are not deserialized.</summary>
    public string BuildJson(Expression expression)
    {
        if (expression is UnaryExpression { NodeType: ExpressionType.Convert, Method: null } convert && convert.Type.IsAssignableFrom(convert.Operand.Type))
            return BuildJson(convert.Operand);
        if (!SqlTranslator.Depends(expression))
            return translator.AddParameter(expression, value => translator.Options.Serializer().ToJson(value), NpgsqlTypes.NpgsqlDbType.Jsonb);
        if (expression is ParameterExpression parameter && translator.ScopeOf(parameter) is { } whole)
            return whole.JsonSql;
        if (IsConstruction(expression))
            return $"jsonb_build_object({string.Join(", ", Parts(expression).Select(p => $"{Identifiers.Literal(KeyOf(p.Name, p.Member))}, {BuildJson(p.Value)}"))})";
        if (TryBuildArray(expression) is { } array)
            return array;
        if (expression is TranslatedExpression { Value: { Member.PostgresType: "jsonb" } key })
            return key.Sql;
        if (translator.TryResolve(expression, out var scope, out var path) && scope.Locate(path) is { JsonSql: { } json })
            return json;
        return $"to_jsonb({translator.Value(expression).Sql})";
    }

    /// <summary>The arguments and members of an object that a lambda makes, with the names they have in the result.</summary>
    public static IEnumerable<(string Name, MemberInfo? Member, Expression Value)> Parts(Expression expression)
    {
        var created = expression as NewExpression ?? ((MemberInitExpression)expression).NewExpression;
        var parameters = created.Constructor?.GetParameters() ?? [];
        for (var i = 0; i < created.Arguments.Count; i++)
        {
            var member = created.Members?[i] ?? created.Type.GetProperty(parameters[i].Name!, BindingFlags.Instance | BindingFlags.Public | BindingFlags.IgnoreCase);
            yield return (member?.Name ?? parameters[i].Name!, member, created.Arguments[i]);
        }

        if (expression is not MemberInitExpression initialized)
            yield break;
        foreach (var binding in initialized.Bindings)
        {
            var assignment = binding as MemberAssignment ?? throw new BadLinqExpressionException(expression);
            yield return (binding.Member.Name, binding.Member, assignment.Expression);
        }
    }

    /// <summary>A collection member filtered and projected, as a jsonb array; null when the expression is something else.</summary>
    private string? TryBuildArray(Expression expression)
    {
        if (expression is MethodCallExpression { Method.Name: nameof(Enumerable.ToList) or nameof(Enumerable.ToArray), Arguments: [var inner] } list && list.Method.DeclaringType == typeof(Enumerable))
            expression = inner;
        LambdaExpression? selector = null;
        if (IsCallWithLambda(expression, nameof(Enumerable.Select), out var source, out var lambda))
            (expression, selector) = (source, lambda);
        var filters = new List<LambdaExpression>();
        while (IsCallWithLambda(expression, nameof(Enumerable.Where), out source, out lambda))
        {
            filters.Insert(0, lambda);
            expression = source;
        }

        if (expression is GroupExpression || (selector is null && filters.Count == 0 && expression is not JoinedExpression))
            return null;
        var rows = translator.Elements(expression);
        foreach (var bound in selector is null ? filters : filters.Append(selector))
            translator.Bind(bound.Parameters[0], rows.Element);
        var where = rows.Where(filters.Count == 0 ? null : string.Join(" and ", filters.Select(f => translator.Condition(f.Body))));
        return $"(select coalesce(jsonb_agg({(selector is null ? rows.Element.JsonSql : BuildJson(selector.Body))}), '[]'::jsonb) from {rows.From}{where})";
    }

    private static bool IsCallWithLambda(Expression expression, string name, out Expression source, out LambdaExpression lambda)
    {
        (source, lambda) = (expression, null!);
        if (expression is not MethodCallExpression { Arguments: [var first, LambdaExpression { Parameters.Count: 1 } second] } call || call.Method.Name != name || call.Method.DeclaringType != typeof(Enumerable))
            return false;
        (source, lambda) = (first, second);
        return true;
    }

    private static bool IsConstruction(Expression expression) =>
        expression is NewExpression { Constructor: not null } or MemberInitExpression { NewExpression.Constructor: not null };

    private static bool ReadsAsColumn(Type type) =>
        type == typeof(string) || type == typeof(int) || type == typeof(long) || type == typeof(bool) || type == typeof(Guid) || type == typeof(decimal) || type == typeof(double);

    private ObjectProjection Construct(Expression expression)
    {
        var created = expression as NewExpression ?? ((MemberInitExpression)expression).NewExpression;
        var arguments = created.Arguments.Select(Build).ToArray();
        var members = Parts(expression).Skip(arguments.Length).Select(p => (p.Member!, Build(p.Value))).ToArray();
        return new ObjectProjection(created.Constructor!, arguments, members);
    }

    private string KeyOf(string name, MemberInfo? member) => member is null ? name : translator.Options.Locators.NameOf(member);

    private int Add(string sql)
    {
        Columns.Add(sql);
        return Width++;
    }
}
