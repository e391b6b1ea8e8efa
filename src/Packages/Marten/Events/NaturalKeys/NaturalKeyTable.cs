using JasperFx.Events;
using Marten.Exceptions;
using Marten.Internal;
using Marten.Internal.Operations;
using Marten.Storage;
using Npgsql;
using NpgsqlTypes;

namespace Marten.Events;

/// <summary>The table that leads from the natural keys of an aggregate to its streams, with its statements.</summary>
internal sealed class NaturalKeyTable
{
    private const string Key = "natural_key_value";
    private readonly EventGraph events;
    private readonly string name;

    public NaturalKeyTable(EventGraph events, NaturalKeyDefinition definition)
    {
        this.events = events;
        Definition = definition;
        name = $"mt_natural_key_{definition.AggregateType.Name.ToLowerInvariant()}";
        var sql = events.Sql;
        var table = Identifiers.Qualify(events.DatabaseSchemaName, name);
        KeyDbType = definition.InnerType == typeof(int) ? NpgsqlDbType.Integer : definition.InnerType == typeof(long) ? NpgsqlDbType.Bigint : NpgsqlDbType.Varchar;
        var (tenant, tenantValue, unique) = sql.IsConjoined ? (", tenant_id", ", $3", $"{Key}, tenant_id") : ("", "", Key);
        Find = $"select k.{StreamColumn} from {table} as k where k.{Key} = $1{sql.Own("k", 2)} and k.is_archived = FALSE";
        Forget = $"delete from {table} as k where k.{StreamColumn} = $2 and k.{Key} <> $1{sql.Own("k", 3)}";
        Remember = SqlGuard.RequireRow(
            $"insert into {table} as k ({Key}, {StreamColumn}{tenant}, is_archived) values ($1, $2{tenantValue}, FALSE) "
            + $"on conflict ({unique}{events.ArchiveColumn(", ")}) do update set {StreamColumn} = excluded.{StreamColumn} where k.{StreamColumn} = excluded.{StreamColumn}");
        Archive = $"update {table} as k set is_archived = TRUE where k.{StreamColumn} = $1{sql.Own("k", 2)} and k.is_archived = FALSE";
    }

    public NaturalKeyDefinition Definition { get; }

    public NpgsqlDbType KeyDbType { get; }

    /// <summary>The stream of a key: key, tenant.</summary>
    public string Find { get; }

    /// <summary>Deletes the former keys of a stream: present key, stream, tenant.</summary>
    public string Forget { get; }

    /// <summary>Inserts the key of a stream: key, stream, tenant. Fails when another stream has it.</summary>
    public string Remember { get; }

    /// <summary>Hides the keys of a stream: stream, tenant.</summary>
    public string Archive { get; }

    private string StreamColumn => events.Sql.IsGuid ? "stream_id" : "stream_key";

    /// <summary>The table as a part of the schema.</summary>
    public TableObject ToSchemaObject()
    {
        var isConjoined = events.Sql.IsConjoined;
        string[] primaryKey = [Key, .. isConjoined ? ["tenant_id"] : Array.Empty<string>(), .. events.UseArchivedStreamPartitioning ? ["is_archived"] : Array.Empty<string>()];
        var table = new TableObject(events.DatabaseSchemaName, name)
        {
            PrimaryKeyName = $"pkey_{name}_{string.Join('_', primaryKey)}",
            PrimaryKey = primaryKey,
            Columns =
            {
                new ColumnObject(Key, KeyDbType == NpgsqlDbType.Integer ? "integer" : KeyDbType == NpgsqlDbType.Bigint ? "bigint" : "varchar(200)", true),
                new ColumnObject(StreamColumn, events.Sql.IsGuid ? "uuid" : "varchar(250)", true),
            },
        };
        if (isConjoined)
            table.Columns.Add(new ColumnObject("tenant_id", "varchar", true, "'*DEFAULT*'"));
        table.Columns.Add(new ColumnObject("is_archived", "boolean", events.UseArchivedStreamPartitioning, "FALSE"));
        var (tenant, suffix) = isConjoined ? (", tenant_id", "_tenant") : ("", "");
        var archived = events.ArchiveColumn(", ");
        table.ForeignKeys.Add((
            $"fk_{name}_stream{suffix}{events.ArchiveColumn("_")}",
            $"FOREIGN KEY ({StreamColumn}{tenant}{archived}) REFERENCES {events.Sql.Streams}(id{tenant}{archived}) ON DELETE CASCADE"));
        table.Partitioning = events.ArchivePartitioning;
        table.Indexes.Add(($"idx_{name}_{StreamColumn}", $"CREATE INDEX idx_{name}_{StreamColumn} ON {table.QualifiedName} USING btree ({StreamColumn});"));
        return table;
    }
}

/// <summary>Writes the natural key that the events of a stream gave its aggregate, in the transaction that appends them.</summary>
internal sealed class WriteNaturalKey(EventGraph events, NaturalKeyTable table, object streamId, string tenantId, object key) : IStorageOperation
{
    public Type DocumentType => typeof(IEvent);

    public OperationRole Role => OperationRole.Events;

    public object? Document => null;

    public int ResultSets => 1;

    public void Configure(BatchBuilder builder)
    {
        foreach (var sql in new[] { table.Forget, table.Remember })
        {
            var command = builder.Add(sql);
            command.Parameters.Add(SqlBuilder.CreateParameter(key, table.KeyDbType));
            command.Parameters.Add(SqlBuilder.CreateParameter(streamId, events.Sql.IdDbType));
            events.Sql.AddTenant(command.Parameters, tenantId);
        }
    }

    public Exception? Translate(PostgresException exception) => SqlGuard.Failed(exception)
        ? new InvalidStreamOperationException($"The natural key '{key}' of {table.Definition.AggregateType.Name} belongs to another stream than '{streamId}'. A natural key names one stream.")
        : null;
}
