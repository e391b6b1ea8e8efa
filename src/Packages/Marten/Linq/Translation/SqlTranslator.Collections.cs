using System.Collections;
using System.Linq.Expressions;
using System.Text.Json;
using Marten.Internal;
using Marten.Schema;
using NpgsqlTypes;

namespace Marten.Linq.Translation;

internal sealed partial class SqlTranslator
{
    /// <summary>The element type of a collection member; null for what is stored as one value.</summary>
    public static Type? ElementType(Type type)
    {
        if (type == typeof(string) || type == typeof(byte[]) || PostgresTypes.For(type, false).DbType is not null)
            return null;
        var enumerable = type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IEnumerable<>)
            ? type
            : type.GetInterfaces().FirstOrDefault(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IEnumerable<>));
        return enumerable?.GetGenericArguments()[0];
    }

    /// <summary>A set-returning call over the elements of a collection, with the alias and its single column "value".</summary>
    public ElementRows Elements(Expression collection)
    {
        if (Strip(collection) is JoinedExpression joined)
            return joined.Open();
        var (json, elementType) = Collection(collection);
        var alias = NextAlias();
        if (IsPair(elementType))
        {
            var locators = options.Locators;
            var (key, value) = (Identifiers.Literal(locators.NameOf(elementType.GetProperty("Key")!)), Identifiers.Literal(locators.NameOf(elementType.GetProperty("Value")!)));
            var entries = $"jsonb_each(case when jsonb_typeof({json}) = 'object' then {json} else '{{}}'::jsonb end)";
            return new ElementRows($"(select jsonb_build_object({key}, key, {value}, value) from {entries}) as {alias}(value)", new JsonScope(locators, alias + ".value", elementType));
        }

        return new ElementRows($"jsonb_array_elements(case when jsonb_typeof({json}) = 'array' then {json} else '[]'::jsonb end) as {alias}(value)", new JsonScope(options.Locators, alias + ".value", elementType));
    }

    /// <summary>Whether the elements are those of a dictionary, which is a JSON object.</summary>
    private static bool IsPair(Type elementType) => elementType.IsGenericType && elementType.GetGenericTypeDefinition() == typeof(KeyValuePair<,>);

    private (string Json, Type ElementType) Collection(Expression expression)
    {
        expression = WithoutSpan(Strip(expression));
        if (ElementType(expression.Type) is not { } elementType || !TryResolve(expression, out var scope, out var path))
            throw Unsupported(expression);
        return (JsonOf(scope.Locate(path)), elementType);
    }

    private string CollectionLength(Expression collection)
    {
        var (json, elementType) = Collection(collection);
        return IsPair(elementType)
            ? $"(case when jsonb_typeof({json}) = 'object' then (select count(*)::integer from jsonb_object_keys({json})) else 0 end)"
            : $"(case when jsonb_typeof({json}) = 'array' then jsonb_array_length({json}) else 0 end)";
    }

    /// <summary>C# compiles Contains on an array to a call on a span of it.</summary>
    private static Expression WithoutSpan(Expression expression) =>
        expression is MethodCallExpression { Method.Name: "op_Implicit", Arguments: [var array] } && expression.Type.IsByRefLike ? Strip(array) : expression;

    private string CollectionCondition(MethodCallExpression call, bool negated)
    {
        var source = call.Object ?? (call.Arguments.Count > 0 ? call.Arguments[0] : throw Unsupported(call));
        var rest = call.Object is null ? call.Arguments.Skip(1).ToArray() : [.. call.Arguments];
        source = WithoutSpan(Strip(source));
        switch (call.Method.Name)
        {
            case "Contains" when rest.Length == 1 || (rest.Length == 2 && rest[1] is ConstantExpression { Value: null } or DefaultExpression):
                return Depends(source) ? CollectionContains(source, rest[0], negated) : IsAmong(rest[0], source, negated);
            case "ContainsKey" when rest.Length == 1 && !Depends(rest[0]):
                return Negate($"{DictionaryJson(source)} ? {AddParameter(rest[0], key => key?.ToString(), NpgsqlDbType.Text)}", negated);
            case nameof(Enumerable.Any) when call.Method.DeclaringType == typeof(Enumerable):
                return rest.Length == 0 ? Negate(NotEmpty(source), negated) : AnyElement(source, Lambda(rest[0]), negated);
            case nameof(Enumerable.All) when call.Method.DeclaringType == typeof(Enumerable) && source is GroupExpression group:
                return Negate(GroupCondition(group, Lambda(rest[0]), true), negated);
            case nameof(Enumerable.All) when call.Method.DeclaringType == typeof(Enumerable) && Depends(source):
                return (negated ? "" : "not ") + Exists(source, Lambda(rest[0]), true);
            default:
                throw Unsupported(call);
        }
    }

    private string DictionaryJson(Expression dictionary) =>
        TryResolve(dictionary, out var scope, out var path) ? JsonOf(scope.Locate(path)) : throw Unsupported(dictionary);

    private string NotEmpty(Expression collection) => Strip(collection) is JoinedExpression joined
        ? joined.Open() is var rows ? $"exists (select 1 from {rows.From}{rows.Where(null)})" : ""
        : $"{CollectionLength(collection)} > 0";

    private static LambdaExpression Lambda(Expression expression) =>
        (expression is UnaryExpression { NodeType: ExpressionType.Quote } quote ? quote.Operand : expression) as LambdaExpression ?? throw Unsupported(expression);

    private string Exists(Expression collection, LambdaExpression predicate, bool negatedPredicate)
    {
        var rows = Elements(collection);
        Bind(predicate.Parameters[0], rows.Element);
        return $"exists (select 1 from {rows.From}{rows.Where(Condition(predicate.Body, negatedPredicate))})";
    }

    /// <summary>Whether a member is one of the values of a list.</summary>
    private string IsAmong(Expression item, Expression list, bool negated)
    {
        if (Peek(list) is not IEnumerable values)
            throw new ArgumentNullException(nameof(list), $"'{list}' is null; a query needs a list of values.");
        var target = Strip(item);
        var value = Value(target);
        if (value.Member?.PostgresType == "jsonb")
            throw Unsupported(item);
        var candidates = values.Cast<object?>().ToList();
        var known = candidates.OfType<object>().ToList();
        var hasNull = known.Count < candidates.Count;
        if (known.Count == 0)
            return hasNull ? NullTest(target, !negated) : Truth(negated);
        var sql = $"{value.Sql} = ANY({ListParameter(list, known, value.Member)})";
        return Negate(hasNull ? $"({sql} or {NullTest(target, true)})" : sql, negated);
    }

    private string ListParameter(Expression list, List<object> values, SqlMember? member)
    {
        if (values.Exists(v => IsExtreme(v, member)))
            return $"CAST({AddParameter(list, all => Known(all).Select(TextOf).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Text)} as {PostgresTypes.For(values[0].GetType(), false).Name}[])";
        return AddParameter(list, all => ArrayOf(Known(all).Select(v => ToSql(v, member).Value).ToList()), ToSql(values[0], member).Type | NpgsqlDbType.Array);
    }

    private static IEnumerable<object> Known(object? values) => ((IEnumerable)values!).OfType<object>();

    private static Array ArrayOf(List<object> values)
    {
        var array = Array.CreateInstance(values[0].GetType(), values.Count);
        for (var i = 0; i < array.Length; i++)
            array.SetValue(values[i], i);
        return array;
    }

    private string CollectionContains(Expression collection, Expression item, bool negated)
    {
        if (Depends(item))
        {
            var parameter = Expression.Parameter(ElementType(collection.Type) ?? throw Unsupported(collection));
            return Negate(Exists(collection, Expression.Lambda(Expression.Equal(parameter, Expression.Convert(item, parameter.Type)), parameter), false), negated);
        }

        var elementType = ElementType(collection.Type) ?? throw Unsupported(collection);
        if (HasExactJson(elementType) && TryResolve(collection, out var scope, out var path))
            return Negate(Containment(scope, path, [item], (writer, values) => WriteValue(writer, values[0])), negated);
        var element = Expression.Parameter(elementType);
        return Negate(Exists(collection, Expression.Lambda(Expression.Equal(element, Expression.Convert(item, elementType)), element), false), negated);
    }

    /// <summary>Whether one element satisfies a condition: containment where the condition is only equalities, which a GIN index supports.</summary>
    private string AnyElement(Expression collection, LambdaExpression predicate, bool negated)
    {
        var parts = new List<(List<string> Keys, Type Type, Expression Value)>();
        if (Strip(collection) is GroupExpression group)
            return Negate(GroupCondition(group, predicate, false), negated);
        if (TryEqualities(predicate.Body, predicate.Parameters[0], parts) && TryResolve(collection, out var scope, out var path) && ElementType(Strip(collection).Type) is { } elementType && !IsPair(elementType))
            return Negate(Containment(scope, path, parts.ConvertAll(p => p.Value), (writer, values) => WriteElement(writer, parts, values)), negated);
        return (negated ? "not " : "") + Exists(collection, predicate, false);
    }

    private bool TryEqualities(Expression body, ParameterExpression element, List<(List<string> Keys, Type Type, Expression Value)> parts)
    {
        if (body is BinaryExpression { NodeType: ExpressionType.AndAlso } both)
            return TryEqualities(both.Left, element, parts) && TryEqualities(both.Right, element, parts);
        if (body is not BinaryExpression { NodeType: ExpressionType.Equal } equal)
            return false;
        var (left, right) = (Strip(equal.Left), Strip(equal.Right));
        if (!Depends(left))
            (left, right) = (right, left);
        if (Depends(right) || !HasExactJson(left.Type) || Peek(right) is null or false)
            return false;
        var keys = new List<string>();
        var type = PlainType(left.Type);
        while (left is MemberExpression { Expression: { } parent } member && !IsBuiltIn(parent.Type))
        {
            keys.Insert(0, options.Locators.NameOf(member.Member));
            left = Strip(parent);
        }

        // Two conditions on one element cannot be told apart from one on each of two members that nest.
        if (left != element || parts.Exists(p => keys.Count == 0 || p.Keys.Count == 0 || p.Keys[0] == keys[0]))
            return false;
        parts.Add((keys, type, right));
        return true;
    }

    /// <summary>Types whose values have one JSON form only, so that equality of JSON is equality of values.</summary>
    private static bool HasExactJson(Type type)
    {
        type = PlainType(type);
        return type.IsEnum || type == typeof(string) || type == typeof(Guid) || type == typeof(bool) || type == typeof(decimal) || IsInteger(type);
    }

    private string Containment(QueryScope scope, List<System.Reflection.MemberInfo> path, IReadOnlyList<Expression> sources, Action<Utf8JsonWriter, object?[]> writeElement)
    {
        var located = scope.Locate(path);
        var isIndexed = scope.Mapping is { } mapping && mapping.Indexes.Exists(i => i is MemberGinIndex index && DocumentMapping.SamePath(index.Path, path));
        var keys = located.IsColumn || isIndexed ? [] : path.ConvertAll(options.Locators.NameOf);
        return $"{(located.IsColumn ? located.Sql : isIndexed ? located.JsonSql : scope.JsonSql)} @> {AddParameter(sources, values => NestedArray(keys, writer => writeElement(writer, values)), NpgsqlDbType.Jsonb)}";
    }

    /// <summary>An object that holds, below some keys, an array of one element.</summary>
    private static string NestedArray(List<string> keys, Action<Utf8JsonWriter> writeElement)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            foreach (var key in keys)
            {
                writer.WriteStartObject();
                writer.WritePropertyName(key);
            }

            writer.WriteStartArray();
            writeElement(writer);
            writer.WriteEndArray();
            for (var i = 0; i < keys.Count; i++)
                writer.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    private void WriteElement(Utf8JsonWriter writer, List<(List<string> Keys, Type Type, Expression Value)> parts, object?[] values)
    {
        object? ValueOf(int index) => parts[index].Type.IsEnum ? Enum.ToObject(parts[index].Type, values[index]!) : values[index];
        if (parts is [{ Keys.Count: 0 }])
        {
            WriteValue(writer, ValueOf(0));
            return;
        }

        writer.WriteStartObject();
        for (var part = 0; part < parts.Count; part++)
        {
            var keys = parts[part].Keys;
            writer.WritePropertyName(keys[0]);
            foreach (var key in keys.Skip(1))
            {
                writer.WriteStartObject();
                writer.WritePropertyName(key);
            }

            WriteValue(writer, ValueOf(part));
            for (var i = 1; i < keys.Count; i++)
                writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private void WriteValue(Utf8JsonWriter writer, object? value) => writer.WriteRawValue(options.Serializer().ToJson(value));
}
