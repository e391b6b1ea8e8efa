using System.Reflection;
using JasperFx.Core.Reflection;
using Marten.Internal;
using Marten.Internal.Storage;
using NpgsqlTypes;

namespace Marten.Schema;

/// <summary>A member of the JSON that is also kept in a column.</summary>
internal sealed class DuplicatedField(DocumentMapping mapping, IReadOnlyList<MemberInfo> path, string? postgresType, NpgsqlDbType? dbType, bool notNull, Type owner)
{
    private readonly Lazy<Func<object, object?>> read = new(() => MemberAccess.PathGetter(owner, path));
    private readonly Type declaredType = JsonLocators.TypeOf(path[^1]);

    public IReadOnlyList<MemberInfo> Path => path;

    /// <summary>The type that has the member: the type of the table, or one that derives from it.</summary>
    public Type Owner => owner;

    public Type MemberType => Wrapper?.SimpleType ?? declaredType;

    public string ColumnName { get; } = string.Join("_", path.Select(m => Identifiers.SnakeCase(m.Name)));

    public bool NotNull => notNull;

    private bool IsZonedDateTime => MemberType == typeof(DateTime) && !mapping.Options.Advanced.DuplicatedFieldUseTimestampWithoutTimeZoneForDateTime;

    private ValueTypeInfo? Wrapper => mapping.Options.ValueTypes.Find(declaredType);

    // The serializer may be configured after the document, so what depends on it is decided when it is first needed.
    public bool EnumAsText => MemberType.IsEnum && mapping.Options.Advanced.ColumnEnumStorage is { } storage ? storage == Weasel.Core.EnumStorage.AsString : mapping.Options.Locators.WritesAsText(MemberType, path[^1]);

    public string PostgresType => postgresType ?? (IsZonedDateTime ? "timestamp with time zone" : PostgresTypes.For(MemberType, EnumAsText).Name);

    public NpgsqlDbType DbType => dbType ?? (IsZonedDateTime ? NpgsqlDbType.TimestampTz : PostgresTypes.For(MemberType, EnumAsText).DbType ?? NpgsqlDbType.Jsonb);

    /// <summary>The value of the member, as it is written to the column; null when an object on the way is null.</summary>
    public object? ValueOf(object document) => owner.IsInstanceOfType(document) ? Locate("").ToParameterValue(read.Value(document)) : null;

    public SqlMember Locate(string tableAlias)
    {
        var column = Identifiers.Quote(ColumnName);
        return new SqlMember(tableAlias.Length == 0 ? column : $"{tableAlias}.{column}", null, null, MemberType, DbType, PostgresType, EnumAsText)
        {
            Wrapper = Wrapper,
            SpellEnum = mapping.Options.Locators.SpellingOf(MemberType, path[^1]),
        };
    }

    /// <summary>Fills the column from the JSON when it is added to a table with rows.</summary>
    public string Backfill() => Sql("data");

    /// <summary>The value of the column in terms of a document.</summary>
    public string Sql(string json)
    {
        var member = mapping.Options.Locators.Locate(json, path);
        if (MemberType.IsEnum && member.EnumAsText != EnumAsText)
            return Respelled(member);
        if (IsZonedDateTime)
            return $"{Identifiers.Quote(mapping.Options.DatabaseSchemaName)}.mt_immutable_timestamptz({member.TextSql})";
        return postgresType is null ? member.Sql : $"CAST({member.TextSql} as {postgresType})";
    }

    /// <summary>The value of an enumeration that the column spells otherwise than the JSON.</summary>
    private string Respelled(SqlMember member)
    {
        var column = Locate("");
        var values = Enum.GetValues(MemberType).Cast<object>().DistinctBy(v => member.ToParameterValue(v)).Select(v => $" when {Constant(member.ToParameterValue(v)!)} then {Constant(column.ToParameterValue(v)!)}");
        return $"(case {member.Sql}{string.Concat(values)} end)";
    }

    private static string Constant(object value) => value is string text ? Identifiers.Literal(text) : Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)!;
}
