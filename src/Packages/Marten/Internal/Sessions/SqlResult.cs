using System.Data.Common;
using System.Text;
using Marten.Schema;

namespace Marten.Internal.Sessions;

/// <summary>Reads one result from the columns of a row that the caller selected.</summary>
internal sealed class SqlResult<T>
{
    private readonly QuerySession session;
    private readonly bool isScalar;
    private readonly DocumentMapping? mapping;

    public SqlResult(QuerySession session, string sql)
    {
        this.session = session;
        isScalar = PostgresTypes.For(typeof(T), false).Name != "jsonb" || typeof(T).IsEnum;
        if (isScalar)
            return;

        // Any object with an Id could be a document; one that was not declared is taken for such when its table is named.
        var known = session.Options.KnownMappingFor(typeof(T));
        if (known.IdMember is not null && (session.Options.IsDeclared(typeof(T)) || sql.Contains(known.TableName, StringComparison.OrdinalIgnoreCase)))
            mapping = session.Options.MappingFor(typeof(T));
    }

    /// <summary>The document type whose table must exist, if any.</summary>
    public Type? StorageType => mapping?.DocumentType;

    public T Read(DbDataReader reader)
    {
        if (isScalar)
            return Scalar(reader);
        var data = IsJson(reader, 0) || reader.FieldCount == 1 ? 0 : 1;
        if (reader.IsDBNull(data))
            return default!;
        return mapping is null || (data == 0 && reader.FieldCount == 1) ? (T)Parse(typeof(T), reader, data) : Document(reader, data);
    }

    private static T Scalar(DbDataReader reader)
    {
        if (reader.IsDBNull(0))
            return default(T) is null ? default! : throw new InvalidCastException($"The statement returned null for a {typeof(T).Name}. Use a nullable type, or coalesce.");
        var type = Nullable.GetUnderlyingType(typeof(T)) ?? typeof(T);
        if (type.IsEnum)
            return reader.GetValue(0) is string name ? (T)Enum.Parse(type, name) : (T)Enum.ToObject(type, reader.GetValue(0));
        return reader.GetFieldValue<T>(0);
    }

    private static bool IsJson(DbDataReader reader, int column) => reader.GetDataTypeName(column) is "jsonb" or "json";

    private object Parse(Type type, DbDataReader reader, int column) =>
        session.Serializer.FromJson(type, new MemoryStream(Encoding.UTF8.GetBytes(reader.GetString(column))));

    private T Document(DbDataReader reader, int data)
    {
        var storage = session.StorageFor(typeof(T));
        var next = data + 1;
        var type = typeof(T);
        if (storage.Mapping.IsHierarchy && next < reader.FieldCount)
            type = storage.TypeFor(reader.IsDBNull(next) ? "BASE" : reader.GetString(next++));
        object? version = null;
        if ((storage.Mapping.UseOptimisticConcurrency || storage.Mapping.UseNumericRevisions) && next < reader.FieldCount && reader.GetValue(next) is (Guid or long) and var known)
            version = known;
        (bool, DateTimeOffset?)? deletion = null;
        if (storage.Sql.IsSoftDeleted && storage.Mapping.ReadsSoftDeletion && reader.FieldCount - next >= 2 && reader.GetValue(reader.FieldCount - 2) is bool deleted)
            deletion = (deleted, reader.IsDBNull(reader.FieldCount - 1) ? null : reader.GetFieldValue<DateTimeOffset>(reader.FieldCount - 1));
        return (T)storage.Adopt(Parse(type, reader, data), version, deletion, session);
    }
}
