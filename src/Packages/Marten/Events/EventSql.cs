using System.Collections.Concurrent;
using JasperFx.Events;
using JasperFx.MultiTenancy;
using Marten.Internal;
using Marten.Internal.Storage;
using Npgsql;
using NpgsqlTypes;

namespace Marten.Events;

/// <summary>How a stream and its snapshot are read together.</summary>
/// <param name="One">Columns: the stream's id, version and mark, then those of the snapshot, which are null when there is none.</param>
/// <param name="Many">The same for several streams.</param>
/// <param name="Locked">The snapshot alone, for one stream that is locked.</param>
internal sealed record SnapshotSql(string One, string Many, string Locked);

/// <summary>
/// The statements of the event store, built once. One that must not succeed in some state of the stream fails inside the
/// database (the cast of a text that is no number), so that the batch it belongs to rolls back without another round trip.
/// </summary>
internal sealed class EventSql
{
    public const string Guard = "mt_stream:";
    private readonly EventGraph events;
    private readonly ConcurrentDictionary<DocumentStorage, SnapshotSql> snapshots = new();
    private readonly ConcurrentDictionary<DocumentStorage, FollowingSql> following = new();

    public EventSql(EventGraph events)
    {
        this.events = events;
        IsGuid = events.StreamIdentity == StreamIdentity.AsGuid;
        IdDbType = IsGuid ? NpgsqlDbType.Uuid : NpgsqlDbType.Varchar;
        Streams = Identifiers.Qualify(events.DatabaseSchemaName, "mt_streams");
        StreamIdentities = Identifiers.Qualify(events.DatabaseSchemaName, "mt_streams_identity");
        Events = Identifiers.Qualify(events.DatabaseSchemaName, "mt_events");
        EventColumns = "d.seq_id, d.id, d.stream_id, d.version, d.data, d.type, d.timestamp, d.tenant_id, d.mt_dotnet_type, d.is_archived"
            + string.Concat(events.MetadataColumns.Select(c => ", d." + c.Name)) + (events.EnableEventSkippingInProjectionsOrSubscriptions ? ", d.is_skipped" : "") + ", d.bdata";
        EventColumnCount = EventColumns.Count(c => c == ',') + 1;
        HasBinary = events.Binary.IsUsed;
        IsConjoined = events.TenancyStyle == TenancyStyle.Conjoined;
        SequenceName = Identifiers.Literal(Identifiers.Qualify(events.DatabaseSchemaName, "mt_events_sequence"));
        var key = (IsConjoined ? "tenant_id, id" : "id") + events.ArchiveColumn(", ");
        Start = StartStatement(key);
        AppendExpected = AppendStatement($"update {Streams} as s set version = s.version + $3, timestamp = now() where s.id = $1{Own("s", 4)} and s.version = $2 and s.is_archived = FALSE returning s.version");
        AppendUnchanged = AppendStatement(
            $"update {Streams} as s set version = s.version + $3, timestamp = now() where s.id = $1{Own("s", 4)} and s.version = $2 and s.xmin = ${AfterTenant} and s.is_archived = FALSE returning s.version", firstArray: AfterTenant + 1);
        AppendAny = AppendStatement(
            $"insert into {Streams} as s (id, type, version, timestamp, created, tenant_id, is_archived) select $1, $2, $3, now(), now(), {TenantValue(4)}, FALSE{Unarchived(" where", "$1", 4)} "
            + $"on conflict ({key}) do update set version = s.version + excluded.version, timestamp = now() where s.is_archived = FALSE returning s.version",
            events.EnableStrictStreamIdentityEnforcement ? $"remembered as ({InsertIdentity($"values ($1{(IsConjoined ? ", $4" : "")})")}), " : "");
        AppendExisting = AppendStatement($"update {Streams} as s set version = s.version + $3, timestamp = now() where s.id = $1{Own("s", 4)} and s.is_archived = FALSE and ($2::varchar is null or TRUE) returning s.version");
        Stream = $"select {EventColumns} from {Events} as d where d.stream_id = $1{Own("d", 2)} order by d.version";
        CheckVersion = $"with touched as (select s.version from {Streams} as s where s.id = $1{Own("s", 3)} and s.version = $2 for share) select ('{Guard}' || count(*))::bigint from touched having count(*) = 0";
        State = $"select s.id, s.version, s.type, s.timestamp, s.created, s.is_archived from {Streams} as s where s.id = $1{Own("s", 2)}";
        AdvanceSequence = $"select setval({SequenceName}, $1) from {Identifiers.Qualify(events.DatabaseSchemaName, "mt_events_sequence")} as q where q.last_value < $1 or not q.is_called";
        NextSequences = $"select nextval({SequenceName}) from generate_series(1, $1)";
        Versions = $"select s.id, s.version from {Streams} as s where s.id = ANY($1){Own("s", 2)}";
        var lockName = Identifiers.Literal(Streams + ":") + (IsConjoined ? " || $2 || ':'" : "") + " || $1";
        LockMissing = $"select pg_advisory_xact_lock(hashtextextended({lockName}, 0)) where not exists (select 1 from {Streams} as s where s.id = $1{(IsGuid ? "::uuid" : "")}{Own("s", 2)})";
        LockExisting = $"select s.version from {Streams} as s where s.id = $1{Own("s", 2)} for update";
        LockMany = $"select s.id from {Streams} as s where s.id = ANY($1){Own("s", 2)} order by s.id for update";
        Tombstones = $"with stream as (insert into {Streams} (id, version, timestamp, created, tenant_id, is_archived) values ($1, 0, now(), now(), $2, FALSE) on conflict do nothing) "
            + $"insert into {Events} (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type, is_archived) "
            + "select e.seq_id, e.id, $1, e.seq_id, '{}'::jsonb, $5, now(), $2, $6, FALSE from unnest($3::bigint[], $4::uuid[]) as e(seq_id, id) on conflict do nothing";
        Single = new SingleStreamSql(events, this);
        Rewriting = new EventRewritingSql(this, events.MetadataConfig.HeadersEnabled);
    }

    public bool IsGuid { get; }

    /// <summary>Whether each tenant has streams of its own. Statements then have the tenant as a further parameter.</summary>
    public bool IsConjoined { get; }

    public NpgsqlDbType IdDbType { get; }

    public string Streams { get; }

    public string Events { get; }

    /// <summary>The table of all identities that streams ever had, where the store keeps one.</summary>
    public string StreamIdentities { get; }

    /// <summary>What <see cref="EventReader"/> reads, with the alias d.</summary>
    public string EventColumns { get; }

    public int EventColumnCount { get; }

    /// <summary>Whether statements that write events have the column of binary bodies.</summary>
    public bool HasBinary { get; }

    /// <summary>The sequence of the events as a text literal.</summary>
    public string SequenceName { get; }

    /// <summary>Fills the sequences of events that could not be saved: stream, tenant, sequences, ids, name and type of the body.</summary>
    public string Tombstones { get; }

    /// <summary>The statements for a few events of one stream.</summary>
    public SingleStreamSql Single { get; }

    /// <summary>The statements that change stored events.</summary>
    public EventRewritingSql Rewriting { get; }

    /// <summary>Inserts new streams with their events. Arrays: stream ids, types, versions; the tenant; then the events with their stream ids and versions.</summary>
    public string Start { get; }

    /// <summary>Appends to a stream of a known version: id, version, number of events, the tenant; then the events.</summary>
    public string AppendExpected { get; }

    /// <summary>As <see cref="AppendExpected"/>, with the mark of the row before the events; fails also when the row is another one.</summary>
    public string AppendUnchanged { get; }

    /// <summary>Appends to a stream whatever its version, creating it: id, type, number of events, the tenant; then the events.</summary>
    public string AppendAny { get; }

    /// <summary>As <see cref="AppendAny"/>, for a stream that must exist.</summary>
    public string AppendExisting { get; }

    /// <summary>All events of a stream in order.</summary>
    public string Stream { get; }

    public string CheckVersion { get; }

    public string State { get; }

    public string NextSequences { get; }

    /// <summary>Makes the sequence of the events go on behind a number, unless it is there already.</summary>
    public string AdvanceSequence { get; }

    public string Versions { get; }

    /// <summary>
    /// Waits for other exclusive writers of a stream that does not exist yet. There is no row to lock, so they meet at an
    /// advisory lock, which ends with the transaction. The first parameter is the id as text.
    /// </summary>
    public string LockMissing { get; }

    /// <summary>Locks the rows of streams, as far as there are some.</summary>
    public string LockMany { get; }

    /// <summary>Locks the row of a stream, if there is one, and returns its version.</summary>
    public string LockExisting { get; }

    /// <summary>The statements that read a stream's version together with its snapshot.</summary>
    public SnapshotSql Snapshot(DocumentStorage storage) => snapshots.GetOrAdd(storage, static (s, sql) =>
    {
        var filter = s.DefaultFilter is null ? "" : " and " + s.DefaultFilter;
        var (joined, owned) = s.Mapping.IsConjoined ? (" and d.tenant_id = s.tenant_id", " and d.tenant_id = $2") : ("", "");
        var select = $"select s.id, s.version, s.xmin, {s.SelectColumns} from {sql.Streams} as s left join {s.From} on d.id = s.id{joined}{filter} where s.id = ";
        var own = sql.Own("s", 2);
        return new SnapshotSql($"{select}$1{own}", $"{select}ANY($1){own}", $"select {s.SelectColumns} from {s.From} where d.id = $1{owned}{filter}");
    }, this);

    /// <summary>The statements that read the document of an aggregate and the events behind it.</summary>
    public FollowingSql Following(DocumentStorage storage) => following.GetOrAdd(storage, static (s, sql) => FollowingSql.For(s, sql), this);

    /// <summary>Which stream of a start statement failed (from 1); 0 for another statement's failure; null when the error is no guard's.</summary>
    public static int? FailedGuard(PostgresException exception)
    {
        if (exception.SqlState != PostgresErrorCodes.InvalidTextRepresentation)
            return null;
        var start = exception.MessageText.IndexOf(Guard, StringComparison.Ordinal);
        if (start < 0)
            return null;
        var digits = exception.MessageText.AsSpan(start + Guard.Length);
        var end = digits.IndexOfAnyExceptInRange('0', '9');
        return int.TryParse(end < 0 ? digits : digits[..end], out var number) ? number : 0;
    }

    /// <summary>The condition that a row is the tenant's, where tenants have streams of their own.</summary>
    public string Own(string alias, int parameter) => IsConjoined ? $" and {alias}.tenant_id = ${parameter}" : "";

    /// <summary>Adds the tenant to the parameters of a statement, where tenants have streams of their own.</summary>
    public void AddTenant(NpgsqlParameterCollection parameters, string tenantId)
    {
        if (IsConjoined)
            parameters.Add(new NpgsqlParameter<string> { TypedValue = tenantId, NpgsqlDbType = NpgsqlDbType.Varchar });
    }

    /// <summary>The number of the parameter behind the tenant, where statements begin with three others.</summary>
    /// <summary>
    /// The condition that no archived stream has an identity, where archived streams are in a partition of their own. Elsewhere the primary
    /// key sees to that.
    /// </summary>
    public string Unarchived(string keyword, string id, int tenantParameter) => events.UseArchivedStreamPartitioning
        ? $"{keyword} not exists (select 1 from {Streams} as a where a.id = {id}{Own("a", tenantParameter)} and a.is_archived)"
        : "";

    /// <summary>Whether a stream was started under an identity that another one has.</summary>
    public static bool IsStreamCollision(PostgresException exception) => exception.SqlState == PostgresErrorCodes.UniqueViolation
        && exception.TableName?.StartsWith("mt_streams", StringComparison.Ordinal) == true;

    /// <summary>Whether a stream has an event of the same version. Partitions name their indexes themselves.</summary>
    public static bool IsVersionCollision(PostgresException exception) => exception.SqlState == PostgresErrorCodes.UniqueViolation
        && (exception.ConstraintName == "pk_mt_events_stream_and_version" || exception.ConstraintName?.Contains("stream_id_version", StringComparison.Ordinal) == true);

    /// <summary>Whether an event was inserted for a stream that does not exist.</summary>
    public static bool IsMissingStream(PostgresException exception) => exception.SqlState == PostgresErrorCodes.ForeignKeyViolation
        && exception.TableName?.StartsWith("mt_events", StringComparison.Ordinal) == true;

    public int AfterTenant => IsConjoined ? 5 : 4;

    public string TenantValue(int parameter) => IsConjoined ? "$" + parameter : "'*DEFAULT*'";

    private bool HasClientTimestamps => events.AppendMode != EventAppendMode.QuickWithServerTimestamps;

    private bool HasClientSequences => events.AppendMode == EventAppendMode.Rich;

    // The insert reads from the guard, so that a collision is reported before a duplicate (stream_id, version) can be.
    private string StartStatement(string key)
    {
        var id = IsGuid ? "uuid" : "varchar";
        var (used, unused) = events.EnableStrictStreamIdentityEnforcement
            ? ($"used as ({InsertIdentity($"select u.id{(IsConjoined ? ", $4" : "")} from unnest($1::{id}[]) as u(id)")} returning id), ", " join used as u on u.id = s.id")
            : ("", "");
        return $"with {used}started as ("
            + $"insert into {Streams} (id, type, version, timestamp, created, tenant_id, is_archived) "
            + $"select s.id, s.type, s.version, now(), now(), {TenantValue(4)}, FALSE from unnest($1::{id}[], $2::varchar[], $3::bigint[]) as s(id, type, version){unused}{Unarchived(" where", "s.id", 4)} "
            + $"on conflict ({key}) do nothing returning id), "
            + "collision as materialized (select case when (select count(*) from started) = cardinality($1) then 0 "
            + $"else ('{Guard}' || coalesce((select min(s.n) from unnest($1::{id}[]) with ordinality as s(id, n) where not exists (select 1 from started as t where t.id = s.id)), 0))::bigint end as ok), "
            + $"added as (insert into {Events} (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type, is_archived{MetadataNames()}) "
            + $"select {Sequence()}, e.id, e.stream_id, e.version, e.data, e.type, {Timestamp()}, {TenantValue(4)}, e.dotnet_type, FALSE{MetadataValues()} "
            + $"from collision as c cross join {EventArrays(AfterTenant, id)} where c.ok = 0) "
            + "select c.ok, now() from collision as c";
    }

    private string InsertIdentity(string source) => $"insert into {StreamIdentities} (id{(IsConjoined ? ", tenant_id" : "")}) {source} on conflict do nothing";

    private string AppendStatement(string touch, string before = "", int? firstArray = null)
    {
        return $"with {before}touched as ({touch}), "
            + $"added as (insert into {Events} (seq_id, id, stream_id, version, data, type, timestamp, tenant_id, mt_dotnet_type, is_archived{MetadataNames()}) "
            + $"select {Sequence()}, e.id, $1, t.version - $3 + e.n, e.data, e.type, {Timestamp()}, {TenantValue(4)}, e.dotnet_type, FALSE{MetadataValues()} "
            + $"from touched as t cross join {EventArrays(firstArray ?? AfterTenant, null)} returning version, seq_id, timestamp) "
            + "select a.version, a.seq_id, a.timestamp from added as a "
            + $"union all select ('{Guard}' || count(*))::bigint, 0, now() from touched having count(*) = 0";
    }

    private string EventArrays(int first, string? streamIdType)
    {
        var names = new List<string>();
        var arrays = new List<string>();
        void Add(string name, string type)
        {
            names.Add(name);
            arrays.Add($"${first++}::{type}[]");
        }

        if (streamIdType is not null)
        {
            Add("stream_id", streamIdType);
            Add("version", "bigint");
        }

        Add("id", "uuid");
        Add("type", "varchar");
        Add("dotnet_type", "varchar");
        Add("data", "jsonb");
        if (HasBinary)
            Add("bdata", "bytea");
        if (HasClientTimestamps)
            Add("timestamp", "timestamptz");
        if (HasClientSequences)
            Add("seq_id", "bigint");
        foreach (var (name, type) in events.MetadataColumns)
            Add(name, type);
        return $"unnest({string.Join(", ", arrays)}) with ordinality as e({string.Join(", ", names)}, n)";
    }

    private string Sequence() => HasClientSequences
        ? "e.seq_id"
        : $"nextval({SequenceName})";

    private string Timestamp() => HasClientTimestamps ? "e.timestamp" : "now()";

    private string MetadataNames() => (HasBinary ? ", bdata" : "") + string.Concat(events.MetadataColumns.Select(c => ", " + c.Name));

    private string MetadataValues() => (HasBinary ? ", e.bdata" : "") + string.Concat(events.MetadataColumns.Select(c => ", e." + c.Name));
}
