using JasperFx.Events;
using JasperFx.Events.Tags;
using Marten.Internal;
using Marten.Internal.Operations;
using Marten.Storage;
using Npgsql;
using NpgsqlTypes;

namespace Marten.Events;

/// <summary>The statements about tags.</summary>
internal sealed class TagSql(EventGraph events)
{
    private const string VersionTable = "mt_dcb_tag_version";

    /// <summary>
    /// Counts the versions of tags up, in the order of their names: tenant, tables, values. The rows stay locked until the transaction
    /// ends, so writers about the same tag come one after the other.
    /// </summary>
    public string Advance { get; } =
        $"insert into {Identifiers.Qualify(events.DatabaseSchemaName, VersionTable)} as v (tenant_id, tag_table, tag_value, version) "
        + "select $1, t.tag_table, t.tag_value, 1 from unnest($2::varchar[], $3::varchar[]) with ordinality as t(tag_table, tag_value, n) order by t.n "
        + "on conflict (tenant_id, tag_table, tag_value) do update set version = v.version + 1";

    /// <summary>
    /// Tags events that this transaction appended: values, ids of events, their streams, how many events their streams got, tenant.
    /// Only the newest events of each stream are looked at, since no index leads to their ids.
    /// </summary>
    public string Insert(TagType type)
    {
        var sql = events.Sql;
        var (tenant, tenantValue) = sql.IsConjoined ? (", tenant_id", ", $5") : ("", "");
        return $"insert into {Table(type)} (value, seq_id{tenant}{events.ArchiveColumn(", ")}) select t.value, d.seq_id{tenantValue}{(events.UseArchivedStreamPartitioning ? ", d.is_archived" : "")} "
            + $"from unnest($1::{type.PostgresType}[], $2::uuid[], $3::{(sql.IsGuid ? "uuid" : "varchar")}[], $4::bigint[]) as t(value, id, stream_id, added) "
            + $"join {sql.Streams} as s on s.id = t.stream_id{sql.Own("s", 5)} "
            + $"join {sql.Events} as d on d.stream_id = s.id{sql.Own("d", 5)} and d.version > s.version - t.added and d.id = t.id on conflict do nothing";
    }

    /// <summary>Moves the tags of a stream's events with them: the stream, the tenant.</summary>
    public string Archive(TagType type) =>
        $"update {Table(type)} as t set is_archived = TRUE where t.is_archived = FALSE and t.seq_id in (select e.seq_id from {events.Sql.Events} as e where e.stream_id = $1{events.Sql.Own("e", 2)} and e.is_archived = FALSE)";

    /// <summary>Begins the statement that tags stored events; their condition follows.</summary>
    public SqlBuilder Assign(TagType type, object value, string tenantId)
    {
        var sql = new SqlBuilder().Append($"insert into {Table(type)} (value, seq_id{(events.Sql.IsConjoined ? ", tenant_id" : "")}{events.ArchiveColumn(", ")}) select ")
            .AppendParameter(value, type.DbType).Append(", d.seq_id");
        if (events.Sql.IsConjoined)
            sql.Append(", ").AppendParameter(tenantId, NpgsqlDbType.Varchar);
        return sql.Append($"{(events.UseArchivedStreamPartitioning ? ", d.is_archived" : "")} from {events.Sql.Events} as d where ");
    }

    /// <summary>Appends the condition that an event with the alias d is one of those a query wants.</summary>
    public void AppendCondition(SqlBuilder sql, EventTagQuery query, string tenantId)
    {
        if (query.Conditions.Count == 0)
            throw new InvalidOperationException("A query by tags needs a condition. Name a tag with For or Or.");
        sql.Append("d.is_archived = FALSE and d.seq_id in (");
        for (var i = 0; i < query.Conditions.Count; i++)
        {
            var condition = query.Conditions[i];
            var type = events.TagTypeOf(condition.TagType);
            sql.Append($"{(i > 0 ? " union " : "")}select t.seq_id from {Table(type)} as t");
            if (condition.EventType is not null)
                sql.Append($" join {events.Sql.Events} as e on e.seq_id = t.seq_id");
            sql.Append(" where t.value = ").AppendParameter(type.ExtractValue(condition.TagValue), type.DbType);
            if (events.Sql.IsConjoined)
                sql.Append(" and t.tenant_id = ").AppendParameter(tenantId, NpgsqlDbType.Varchar);
            if (condition.EventType is { } eventType)
                sql.Append(" and e.type = ANY(").AppendParameter(events.Types.NamesFor(eventType).ToArray(), NpgsqlDbType.Array | NpgsqlDbType.Varchar).Append(")");
        }

        sql.Append(")");
    }

    public TableObject VersionTableObject() => new(events.DatabaseSchemaName, VersionTable)
    {
        PrimaryKeyName = $"pkey_{VersionTable}_tenant_id_tag_table_tag_value",
        PrimaryKey = ["tenant_id", "tag_table", "tag_value"],
        Columns =
        {
            new ColumnObject("tenant_id", "varchar", true, "'*DEFAULT*'"),
            new ColumnObject("tag_table", "varchar", true),
            new ColumnObject("tag_value", "varchar", true),
            new ColumnObject("version", "bigint", true, "0"),
        },
    };

    private string Table(TagType type) => Identifiers.Qualify(events.DatabaseSchemaName, type.TableName);
}

/// <summary>A decision that was based on the events with certain tags.</summary>
internal sealed record TagBoundary(EventTagQuery Query, string TenantId, long LastSeenSequence, int Count);

/// <summary>Locks the tags that a unit of work writes or was decided on.</summary>
internal sealed class AdvanceTags(EventGraph events, string tenantId, IReadOnlyList<(string Table, string Value)> tags) : IStorageOperation
{
    public Type DocumentType => typeof(IEvent);

    public OperationRole Role => OperationRole.Events;

    public object? Document => null;

    public void Configure(BatchBuilder builder)
    {
        var command = builder.Add(events.TagStatements.Advance);
        command.Parameters.Add(EventParameters.Value(tenantId, NpgsqlDbType.Varchar));
        command.Parameters.Add(EventParameters.Array(tags.Select(t => t.Table).ToArray(), NpgsqlDbType.Varchar));
        command.Parameters.Add(EventParameters.Array(tags.Select(t => t.Value).ToArray(), NpgsqlDbType.Varchar));
    }
}

/// <summary>
/// Fails when other events have the tags of a decision than those it was based on. Runs under the lock of these tags. Events are counted:
/// one that got its sequence before the last that was seen may have been committed after it.
/// </summary>
internal sealed class CheckTagBoundary(EventGraph events, TagBoundary boundary) : IStorageOperation
{
    public Type DocumentType => typeof(IEvent);

    public OperationRole Role => OperationRole.Events;

    public object? Document => null;

    public int ResultSets => 1;

    public void Configure(BatchBuilder builder)
    {
        var sql = new SqlBuilder().Append($"select case when count(*) = ").AppendParameter((long)boundary.Count, NpgsqlDbType.Bigint)
            .Append(" and coalesce(max(d.seq_id), 0) = ").AppendParameter(boundary.LastSeenSequence, NpgsqlDbType.Bigint)
            .Append($" then 0 else ('{SqlGuard.Marker}' || count(*))::bigint end from {events.Sql.Events} as d where ");
        events.TagStatements.AppendCondition(sql, boundary.Query, boundary.TenantId);
        builder.Add(sql.ToBatchCommand());
    }

    public Exception? Translate(PostgresException exception) =>
        SqlGuard.Failed(exception) ? new DcbConcurrencyException(boundary.Query, boundary.LastSeenSequence) : null;
}

/// <summary>Writes the tags of one type of the events of a unit of work.</summary>
internal sealed class InsertTags(EventGraph events, TagType type, string tenantId, IReadOnlyList<(object Value, IEvent Event, StreamAction Stream)> tags) : IStorageOperation
{
    public Type DocumentType => typeof(IEvent);

    public OperationRole Role => OperationRole.Events;

    public object? Document => null;

    public void Configure(BatchBuilder builder)
    {
        var command = builder.Add(events.TagStatements.Insert(type));
        var values = Array.CreateInstance(type.SimpleType, tags.Count);
        for (var i = 0; i < tags.Count; i++)
            values.SetValue(tags[i].Value, i);
        command.Parameters.Add(SqlBuilder.CreateParameter(values, NpgsqlDbType.Array | type.DbType));
        command.Parameters.Add(EventParameters.Array(tags.Select(t => t.Event.Id).ToArray(), NpgsqlDbType.Uuid));
        command.Parameters.Add(events.Sql.IsGuid
            ? EventParameters.Array(tags.Select(t => t.Stream.Id).ToArray(), NpgsqlDbType.Uuid)
            : EventParameters.Array(tags.Select(t => t.Stream.Key!).ToArray(), NpgsqlDbType.Varchar));
        command.Parameters.Add(EventParameters.Array(tags.Select(t => (long)t.Stream.Events.Count).ToArray(), NpgsqlDbType.Bigint));
        events.Sql.AddTenant(command.Parameters, tenantId);
    }
}

/// <summary>Tags stored events.</summary>
internal sealed class AssignTag(SqlBuilder statement) : IStorageOperation
{
    public Type DocumentType => typeof(IEvent);

    public OperationRole Role => OperationRole.Events;

    public object? Document => null;

    public void Configure(BatchBuilder builder) => builder.Add(statement.ToBatchCommand());
}
