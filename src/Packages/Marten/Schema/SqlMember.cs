using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using JasperFx.Core.Reflection;
using Marten.Internal;
using Marten.Services;
using NpgsqlTypes;
using Weasel.Core;

namespace Marten.Schema;

/// <summary>How SQL reaches one member of a document.</summary>
/// <param name="Sql">The typed expression, for comparisons and ordering. Exactly what a declared index on the member indexes.</param>
/// <param name="TextSql">The member as text; null when it is a column.</param>
/// <param name="JsonSql">The member as jsonb; null when it is a column.</param>
/// <param name="MemberType">The CLR type, without Nullable and without a wrapper.</param>
/// <param name="DbType">The type of parameters that are compared with <paramref name="Sql"/>; null for an object or a collection.</param>
/// <param name="PostgresType">The SQL type name of <paramref name="Sql"/>.</param>
/// <param name="EnumAsText">Whether enumeration values are stored as names.</param>
internal sealed record SqlMember(
    string Sql,
    string? TextSql,
    string? JsonSql,
    Type MemberType,
    NpgsqlDbType? DbType,
    string PostgresType,
    bool EnumAsText)
{
    public bool IsColumn => JsonSql is null;

    /// <summary>Whether a query that names the member says itself which of the rows it wants that are hidden otherwise.</summary>
    public bool NamesHiddenRows { get; init; }

    /// <summary>The wrapper whose value <see cref="Sql"/> is; null when the member is none, or one that the store does not know.</summary>
    public ValueTypeInfo? Wrapper { get; init; }

    /// <summary>How an enumeration value is spelled when it is stored as text; null: as its name.</summary>
    public Func<object, string>? SpellEnum { get; init; }

    /// <summary>The value of a constant as a parameter value for this member: enumerations as they are stored, times in UTC.</summary>
    public object? ToParameterValue(object? value)
    {
        if (value is null)
            return null;
        if (Wrapper is { } wrapper && wrapper.OuterType.IsInstanceOfType(value))
            return wrapper.Unwrap(value);
        if (MemberType.IsEnum)
        {
            var name = Enum.ToObject(MemberType, value);
            return EnumAsText ? SpellEnum?.Invoke(name) ?? name.ToString() : Convert.ToInt32(name, System.Globalization.CultureInfo.InvariantCulture);
        }

        return value switch
        {
            DateTimeOffset time => time.ToUniversalTime(),
            DateTime { Kind: not DateTimeKind.Utc } when DbType == NpgsqlDbType.TimestampTz => throw new Exceptions.InvalidDateTimeUsageException(
                "A DateTime for a column with a time zone must be in UTC. Convert it with ToUniversalTime, or use DateTimeOffset.", new ArgumentException($"The kind is {((DateTime)value).Kind}.", nameof(value))),
            DateTime { Kind: DateTimeKind.Utc } time when DbType == NpgsqlDbType.Timestamp => DateTime.SpecifyKind(time, DateTimeKind.Unspecified),
            char c => c.ToString(),
            byte or sbyte or short or ushort => Convert.ToInt32(value, System.Globalization.CultureInfo.InvariantCulture),
            uint number => (long)number,
            ulong number => (decimal)number,
            _ => value,
        };
    }
}

/// <summary>Builds the SQL expressions of JSON members. Cached for each store: naming and enumerations depend on its serializer.</summary>
internal sealed class JsonLocators(StoreOptions options)
{
    private readonly ConcurrentDictionary<MemberInfo, string> names = new();

    /// <summary>The key of a member in JSON.</summary>
    public string NameOf(MemberInfo member) => names.GetOrAdd(member, static (m, o) =>
    {
        if (m.GetCustomAttribute<JsonPropertyNameAttribute>() is { } named)
            return named.Name;
        return o.Serializer() switch
        {
            SystemTextJsonSerializer json => json.NameOf(m.Name),
            { Casing: Casing.CamelCase } => JsonNamingPolicy.CamelCase.ConvertName(m.Name),
            { Casing: Casing.SnakeCase } => JsonNamingPolicy.SnakeCaseLower.ConvertName(m.Name),
            _ => m.Name,
        };
    }, options);

    /// <summary>Whether the serializer writes an enumeration as text: by its own setting, by a converter, or by an attribute of the member.</summary>
    public bool WritesAsText(Type enumType, MemberInfo? member)
    {
        if (!enumType.IsEnum)
            return false;
        if (member?.GetCustomAttribute<JsonConverterAttribute>()?.ConverterType is { } converter)
            return converter == typeof(JsonStringEnumConverter) || (converter.IsGenericType && converter.GetGenericTypeDefinition() == typeof(JsonStringEnumConverter<>));
        return options.Serializer() is SystemTextJsonSerializer json ? json.WritesAsText(enumType) : options.Serializer().EnumStorage == EnumStorage.AsString;
    }

    /// <summary>The text of an enumeration value in JSON; null for the name of the value.</summary>
    public Func<object, string>? SpellingOf(Type enumType, MemberInfo? member) =>
        WritesAsText(enumType, member) && member?.GetCustomAttribute<JsonConverterAttribute>() is null && options.Serializer() is SystemTextJsonSerializer json ? json.Spell : null;

    /// <summary>A member below a jsonb expression such as <c>d.data</c>; an empty path is the expression itself.</summary>
    public SqlMember Locate(string root, IReadOnlyList<MemberInfo> path, Type? elementType = null)
    {
        if (path.Count > 1 && options.ValueTypes.Find(TypeOf(path[^2])) is { } wrapper && wrapper.ValueProperty.Name == path[^1].Name)
            path = [.. path.Take(path.Count - 1)];
        var parent = root;
        for (var i = 0; i < path.Count - 1; i++)
            parent += " -> " + Identifiers.Literal(NameOf(path[i]));
        var type = path.Count == 0 ? elementType ?? typeof(object) : TypeOf(path[^1]);
        if (path.Count == 0)
            return Typed(type, null, $"({root} #>> '{{}}')", root);
        var key = Identifiers.Literal(NameOf(path[^1]));
        return Typed(type, path[^1], $"{parent} ->> {key}", $"{parent} -> {key}");
    }

    public static Type TypeOf(MemberInfo member)
    {
        var type = member switch
        {
            PropertyInfo property => property.PropertyType,
            FieldInfo field => field.FieldType,
            _ => throw new ArgumentException($"{member.Name} is neither a property nor a field.", nameof(member)),
        };
        return Nullable.GetUnderlyingType(type) ?? type;
    }

    private SqlMember Typed(Type type, MemberInfo? member, string text, string json)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (options.ValueTypes.Find(type) is { } wrapper)
        {
            if (options.ValueTypes.IsObject(wrapper))
                text = $"{json} ->> {Identifiers.Literal(NameOf(wrapper.ValueProperty))}";
            return Typed(wrapper.SimpleType, null, text, json) with { Wrapper = wrapper };
        }

        var enumAsText = WritesAsText(type, member);
        var (dbType, name) = PostgresTypes.For(type, enumAsText);
        var schema = Identifiers.Quote(options.DatabaseSchemaName);
        var sql = name switch
        {
            "varchar" => text,
            "jsonb" => json,
            "timestamp with time zone" => $"{schema}.mt_immutable_timestamptz({text})",
            "timestamp without time zone" => $"{schema}.mt_immutable_timestamp({text})",
            "date" => $"{schema}.mt_immutable_date({text})",
            "time without time zone" => $"{schema}.mt_immutable_time({text})",
            _ => $"CAST({text} as {name})",
        };
        return new SqlMember(sql, text, json, type, dbType, name, enumAsText) { SpellEnum = SpellingOf(type, member) };
    }
}

/// <summary>The PostgreSQL types of CLR types.</summary>
internal static class PostgresTypes
{
    private static readonly Dictionary<Type, (NpgsqlDbType, string)> Known = new()
    {
        [typeof(string)] = (NpgsqlDbType.Text, "varchar"),
        [typeof(char)] = (NpgsqlDbType.Text, "varchar"),
        [typeof(Uri)] = (NpgsqlDbType.Text, "varchar"),
        [typeof(bool)] = (NpgsqlDbType.Boolean, "boolean"),
        [typeof(byte)] = (NpgsqlDbType.Integer, "integer"),
        [typeof(sbyte)] = (NpgsqlDbType.Integer, "integer"),
        [typeof(short)] = (NpgsqlDbType.Integer, "integer"),
        [typeof(ushort)] = (NpgsqlDbType.Integer, "integer"),
        [typeof(int)] = (NpgsqlDbType.Integer, "integer"),
        [typeof(uint)] = (NpgsqlDbType.Bigint, "bigint"),
        [typeof(long)] = (NpgsqlDbType.Bigint, "bigint"),
        [typeof(ulong)] = (NpgsqlDbType.Numeric, "numeric"),
        [typeof(decimal)] = (NpgsqlDbType.Numeric, "numeric"),
        [typeof(float)] = (NpgsqlDbType.Real, "real"),
        [typeof(double)] = (NpgsqlDbType.Double, "double precision"),
        [typeof(Guid)] = (NpgsqlDbType.Uuid, "uuid"),
        [typeof(DateTimeOffset)] = (NpgsqlDbType.TimestampTz, "timestamp with time zone"),
        [typeof(DateTime)] = (NpgsqlDbType.Timestamp, "timestamp without time zone"),
        [typeof(DateOnly)] = (NpgsqlDbType.Date, "date"),
        [typeof(TimeOnly)] = (NpgsqlDbType.Time, "time without time zone"),
    };

    /// <summary>The parameter type and SQL name; jsonb without a parameter type for objects and collections.</summary>
    public static (NpgsqlDbType? DbType, string Name) For(Type type, bool enumAsText)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type.IsEnum)
            return enumAsText ? (NpgsqlDbType.Text, "varchar") : (NpgsqlDbType.Integer, "integer");
        return Known.TryGetValue(type, out var known) ? known : (null, "jsonb");
    }
}
