using System.Reflection;
using Marten.Internal;
using NpgsqlTypes;

namespace Marten.Schema;

/// <summary>A member of the JSON that is also kept in a column.</summary>
internal sealed class DuplicatedField
{
    public DuplicatedField(DocumentMapping mapping, IReadOnlyList<MemberInfo> path, string? postgresType, NpgsqlDbType? dbType, bool notNull)
    {
        Path = path;
        NotNull = notNull;
        MemberType = JsonLocators.TypeOf(path[^1]);
        EnumAsText = MemberType.IsEnum && mapping.Options.Serializer().EnumStorage == Weasel.Core.EnumStorage.AsString;
        var (knownDbType, knownName) = PostgresTypes.For(MemberType, EnumAsText);
        PostgresType = postgresType ?? knownName;
        DbType = dbType ?? knownDbType ?? NpgsqlDbType.Jsonb;
        ColumnName = string.Join("_", path.Select(m => Identifiers.SnakeCase(m.Name)));
    }

    public IReadOnlyList<MemberInfo> Path { get; }

    public Type MemberType { get; }

    public bool EnumAsText { get; }

    public string ColumnName { get; }

    public string PostgresType { get; }

    public NpgsqlDbType DbType { get; }

    public bool NotNull { get; }

    public SqlMember Locate(string tableAlias)
    {
        var column = Identifiers.Quote(ColumnName);
        return new SqlMember(tableAlias.Length == 0 ? column : $"{tableAlias}.{column}", null, null, MemberType, DbType, PostgresType, EnumAsText);
    }
}
