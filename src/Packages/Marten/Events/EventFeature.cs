using JasperFx.Events;
using JasperFx.MultiTenancy;
using Marten.Internal;
using Marten.Storage;

namespace Marten.Events;

/// <summary>The tables of the event store.</summary>
internal sealed class EventFeature(EventGraph events) : ISchemaFeature
{
    private const string DefaultTenant = "'*DEFAULT*'";

    public string Identifier => "events";

    public IReadOnlyList<SchemaObject> Objects
    {
        get
        {
            var schema = events.DatabaseSchemaName;
            var objects = new List<SchemaObject>
            {
                Streams(schema),
                Events(schema),
                new SequenceObject(schema, "mt_events_sequence") { OwnedBy = ("mt_events", "seq_id") },
                Progression(schema),
            };
            if (events.EnableStrictStreamIdentityEnforcement)
                objects.Insert(1, Identities(schema));
            if (events.Tags.Count > 0)
            {
                objects.AddRange(events.Tags.Select(t => t.ToSchemaObject(events)));
                objects.Add(events.TagStatements.VersionTableObject());
            }

            objects.AddRange(events.NaturalKeys.Select(k => k.ToSchemaObject()));
            if (events.EnableAdvancedAsyncTracking)
                objects.Add(HighWaterSkips(schema));
            return objects;
        }
    }

    private string IdType => events.StreamIdentity == StreamIdentity.AsGuid ? "uuid" : "varchar";

    private string[] ArchiveKey => events.UseArchivedStreamPartitioning ? ["is_archived"] : [];

    private bool IsConjoined => events.TenancyStyle == TenancyStyle.Conjoined;

    private TableObject Streams(string schema) => new(schema, "mt_streams")
    {
        PrimaryKeyName = (IsConjoined ? "pkey_mt_streams_tenant_id_id" : "pkey_mt_streams_id") + events.ArchiveColumn("_"),
        PrimaryKey = IsConjoined ? ["tenant_id", "id", .. ArchiveKey] : ["id", .. ArchiveKey],
        Partitioning = events.ArchivePartitioning,
        Columns =
        {
            new ColumnObject("id", IdType, true),
            new ColumnObject("type", "varchar"),
            new ColumnObject("version", "bigint"),
            new ColumnObject("timestamp", "timestamp with time zone", true, "now()"),
            new ColumnObject("created", "timestamp with time zone", true, "now()"),
            new ColumnObject("tenant_id", "varchar", false, DefaultTenant),
            new ColumnObject("is_archived", "boolean", events.UseArchivedStreamPartitioning, "FALSE"),
        },
    };

    private TableObject Identities(string schema)
    {
        var table = new TableObject(schema, "mt_streams_identity")
        {
            PrimaryKeyName = IsConjoined ? "pkey_mt_streams_identity_tenant_id_id" : "pkey_mt_streams_identity_id",
            PrimaryKey = IsConjoined ? ["tenant_id", "id"] : ["id"],
            Columns = { new ColumnObject("id", IdType, true) },
        };
        if (IsConjoined)
            table.Columns.Add(new ColumnObject("tenant_id", "varchar", false, DefaultTenant));
        return table;
    }

    private TableObject Events(string schema)
    {
        var table = new TableObject(schema, "mt_events")
        {
            PrimaryKeyName = "pkey_mt_events_seq_id" + events.ArchiveColumn("_"),
            PrimaryKey = ["seq_id", .. ArchiveKey],
            Partitioning = events.ArchivePartitioning,
            Columns =
            {
                new ColumnObject("seq_id", "bigint", true),
                new ColumnObject("id", "uuid", true),
                new ColumnObject("stream_id", IdType),
                new ColumnObject("version", "bigint", true),
                new ColumnObject("data", "jsonb", true),
                new ColumnObject("bdata", "bytea"),
                new ColumnObject("type", "varchar(500)", true),
                new ColumnObject("timestamp", "timestamp with time zone", true, "'(now())'"),
                new ColumnObject("tenant_id", "varchar", false, DefaultTenant),
                new ColumnObject("mt_dotnet_type", "varchar"),
            },
        };
        foreach (var (name, type) in events.MetadataColumns)
            table.Columns.Add(new ColumnObject(name, type));
        table.Columns.Add(new ColumnObject("is_archived", "boolean", events.UseArchivedStreamPartitioning, "FALSE"));
        var archived = events.ArchiveColumn(", ");
        if (events.EnableEventSkippingInProjectionsOrSubscriptions)
            table.Columns.Add(new ColumnObject("is_skipped", "boolean", false, "FALSE"));
        var (tenant, foreignKey) = IsConjoined ? ("tenant_id, ", "fkey_mt_events_stream_id_tenant_id") : ("", "fkey_mt_events_stream_id");
        table.Indexes.Add(("pk_mt_events_stream_and_version",
            $"CREATE UNIQUE INDEX pk_mt_events_stream_and_version ON {table.QualifiedName} USING btree ({tenant}stream_id, version{archived});"));
        if (events.EnableUniqueIndexOnEventId)
            table.Indexes.Add(("idx_mt_events_event_id", $"CREATE UNIQUE INDEX idx_mt_events_event_id ON {table.QualifiedName} USING btree (id{archived});"));
        if (events.EnableEventTypeIndex)
            table.Indexes.Add(("idx_mt_events_event_type_seq_id", $"CREATE INDEX idx_mt_events_event_type_seq_id ON {table.QualifiedName} USING btree (type, seq_id);"));
        table.Indexes.RemoveAll(i => events.IgnoredIndexes.Contains(i.Name));
        table.ForeignKeys.Add((foreignKey + events.ArchiveColumn("_"),
            $"FOREIGN KEY ({tenant}stream_id{archived}) REFERENCES {Identifiers.Qualify(schema, "mt_streams")}({tenant}id{archived}){(IsConjoined ? "" : " ON DELETE CASCADE")}"));
        return table;
    }

    private static TableObject Progression(string schema) => new(schema, "mt_event_progression")
    {
        PrimaryKeyName = "pk_mt_event_progression",
        PrimaryKey = ["name"],
        Columns =
        {
            new ColumnObject("name", "varchar", true),
            new ColumnObject("last_seq_id", "bigint"),
            new ColumnObject("last_updated", "timestamp with time zone", false, "transaction_timestamp()"),
        },
    };

    private static TableObject HighWaterSkips(string schema) => new(schema, "mt_high_water_skips")
    {
        PrimaryKeyName = "pkey_mt_high_water_skips_ending_sequence",
        PrimaryKey = ["ending_sequence"],
        Columns =
        {
            new ColumnObject("ending_sequence", "bigint", true),
            new ColumnObject("starting_sequence", "bigint", true),
            new ColumnObject("timestamp", "timestamp with time zone", false, "transaction_timestamp()"),
        },
    };
}
