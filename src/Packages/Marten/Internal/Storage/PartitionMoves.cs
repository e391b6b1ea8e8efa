using Marten.Internal.Operations;
using Marten.Internal.Sessions;
using Marten.Schema;
using Npgsql;
using NpgsqlTypes;

namespace Marten.Internal.Storage;

/// <summary>
/// Statements around the write of a document whose table is divided by something that can change. The primary key holds the
/// dividing column, so that the document must be moved to where the write will look for it. Writers of one identity wait for
/// each other at an advisory lock, because two rows of one identity in different partitions do not collide. A deletion by
/// condition takes no lock; what it moved away meanwhile is removed behind the write.
/// </summary>
internal sealed class PartitionMoves(DocumentMapping mapping, NpgsqlDbType idType)
{
    private readonly string own = mapping.IsConjoined ? "d.id = $1 and d.tenant_id = $2" : "d.id = $1";
    private readonly string column = Identifiers.Quote(mapping.MovingColumn!);
    private readonly DuplicatedField? field = mapping.DuplicatedFields.Find(f => f.ColumnName == mapping.MovingColumn);

    /// <summary>The condition that no row of the identity exists in any partition; the placeholders are those of the write.</summary>
    public static string NoneExists(DocumentMapping mapping, string id, string? tenant, string? condition = null) =>
        $"not exists (select 1 from {mapping.QualifiedTableName} as o where o.id = {id}{(tenant is null ? "" : $" and o.tenant_id = {tenant}")}{(condition is null ? "" : " and " + condition)})";

    /// <summary>Locks the identity; the statement returns a row.</summary>
    public void Lock(BatchBuilder builder, DocumentWrite write, DocumentSession session)
    {
        var command = builder.Add("select pg_advisory_xact_lock(hashtextextended($1, 0))");
        command.Parameters.Add(SqlBuilder.CreateParameter(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{mapping.QualifiedTableName} {session.TenantId} {write.Id}"), NpgsqlDbType.Text));
    }

    /// <summary>Moves the document to where the write will look for it.</summary>
    public void Move(BatchBuilder builder, DocumentWrite write, DocumentSession session)
    {
        if (write.Kind is WriteKind.Insert or WriteKind.Update)
            return;
        var parameters = Key(write, session);
        string set;
        if (field is null)
        {
            set = $"{column} = FALSE, mt_deleted_at = NULL where {own} and d.{column}";
        }
        else
        {
            parameters.Add(SqlBuilder.CreateParameter(field.ValueOf(write.Document), field.DbType));
            set = $"{column} = ${parameters.Count} where {own} and d.{column} <> ${parameters.Count}";
        }

        Add(builder, $"update {mapping.QualifiedTableName} as d set {set}{Unless(write, parameters)}", parameters);
    }

    /// <summary>Removes what a deletion that the write had to wait for left in the other partition.</summary>
    public void Sweep(BatchBuilder builder, DocumentWrite write, DocumentSession session)
    {
        if (!mapping.MovesByDeletion || write.Kind is WriteKind.Insert or WriteKind.Update)
            return;
        var parameters = Key(write, session);
        Add(builder, $"delete from {mapping.QualifiedTableName} as d where {own} and d.{column}{Unless(write, parameters)}", parameters);
    }

    private static string Unless(DocumentWrite write, List<NpgsqlParameter> parameters)
    {
        if (!write.IgnoreStale || write.Revision == 0)
            return "";
        parameters.Add(SqlBuilder.CreateParameter(write.Revision, NpgsqlDbType.Bigint));
        return $" and d.mt_version < ${parameters.Count}";
    }

    private static void Add(BatchBuilder builder, string sql, List<NpgsqlParameter> parameters)
    {
        var command = builder.Add(sql);
        foreach (var parameter in parameters)
            command.Parameters.Add(parameter);
    }

    private List<NpgsqlParameter> Key(DocumentWrite write, DocumentSession session)
    {
        var parameters = new List<NpgsqlParameter> { SqlBuilder.CreateParameter(write.Id, idType) };
        if (mapping.IsConjoined)
            parameters.Add(SqlBuilder.CreateParameter(session.TenantId, NpgsqlDbType.Varchar));
        return parameters;
    }
}
