using System.Collections.Concurrent;
using JasperFx.Events;
using JasperFx.Events.Projections;
using JasperFx.MultiTenancy;
using Marten.Events.Daemon;
using Marten.Internal;
using Marten.Internal.Operations;
using Marten.Internal.Sessions;
using Marten.Projections;
using Marten.Storage;
using Npgsql;
using NpgsqlTypes;

namespace Marten.Events;

/// <summary>The event store of one document store: its options, its event types and its part in a unit of work.</summary>
internal sealed partial class EventGraph : IEventStoreOptions
{
    private readonly StoreOptions options;
    private readonly Lazy<EventSql> sql;
    private readonly ConcurrentDictionary<Type, string> aggregateNames = new();
    private readonly ConcurrentDictionary<string, Type> aggregateTypes = new(StringComparer.Ordinal);
    private string? schemaName;
    private volatile bool isUsed;

    public EventGraph(StoreOptions options)
    {
        this.options = options;
        sql = new Lazy<EventSql>(() => new EventSql(this));
    }

    public StreamIdentity StreamIdentity { get; set; }

    public TenancyStyle TenancyStyle { get; set; }

    public bool EnableUniqueIndexOnEventId { get; set; }

    public bool EnableEventTypeIndex { get; set; }

    public bool EnableEventSkippingInProjectionsOrSubscriptions { get; set; }

    public bool UseIdentityMapForAggregates { get; set; } = true;

    public string DatabaseSchemaName
    {
        get => schemaName ?? options.DatabaseSchemaName;
        set => schemaName = value.ToLowerInvariant();
    }

    public MetadataConfig MetadataConfig { get; } = new();

    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    public bool EnableBigIntEvents { get; set; } = true;

    public EventAppendMode AppendMode { get; set; } = EventAppendMode.QuickWithServerTimestamps;

    public bool EnableSideEffectsOnInlineProjections { get; set; }

    public Aggregation.IMessageOutbox MessageOutbox { get; set; } = new Aggregation.NoMessageOutbox();

    public bool EnableAdvancedAsyncTracking { get; set; } = true;

    public bool UseListenNotifyForEventAppends { get; set; }

    public bool UseMandatoryStreamTypeDeclaration { get; set; }

    /// <summary>Whether the store has event types, projections or a session that used its events: whether its tables belong to the configured schema.</summary>
    public bool IsActive => isUsed || !Types.IsEmpty || options.Projections.HasAny;

    /// <summary>The event tables.</summary>
    public ISchemaFeature Feature => new EventFeature(this);

    /// <summary>The statements. Built at first use, when the options do not change any more.</summary>
    public EventSql Sql => sql.Value;

    /// <summary>The optional columns of mt_events, in the order in which they are written and read.</summary>
    public IEnumerable<(string Name, string Type)> MetadataColumns
    {
        get
        {
            if (MetadataConfig.CorrelationIdEnabled)
                yield return ("correlation_id", "varchar");
            if (MetadataConfig.CausationIdEnabled)
                yield return ("causation_id", "varchar");
            if (MetadataConfig.HeadersEnabled)
                yield return ("headers", "jsonb");
            if (MetadataConfig.UserNameEnabled)
                yield return ("user_name", "varchar");
        }
    }

    /// <summary>The aggregates whose snapshots are kept in the transaction that appends.</summary>
    public IEnumerable<AggregateRegistration> InlineAggregates => options.Projections.Inline;

    /// <summary>How an aggregate is built.</summary>
    public AggregateRegistration AggregateFor(Type aggregateType) => options.Projections.For(aggregateType);

    /// <summary>The name of an aggregate type as stored with its streams.</summary>
    public string AggregateNameFor(Type aggregateType) => aggregateNames.GetOrAdd(aggregateType, type =>
    {
        var name = Identifiers.SnakeCase(type.Name);
        aggregateTypes.TryAdd(name, type);
        return name;
    });

    public Type? AggregateTypeFor(string name) => aggregateTypes.TryGetValue(name, out var type) ? type : null;

    /// <summary>The id or key of a stream, whichever identifies streams here.</summary>
    public object IdentityOf(StreamAction stream) => StreamIdentity == StreamIdentity.AsGuid ? stream.Id : stream.Key!;

    /// <summary>Called when the store is built.</summary>
    /// <exception cref="InvalidProjectionException">A projection or the set of event types cannot work.</exception>
    public void Validate()
    {
        RegisterIdentitiesAsTags();
        options.Projections.Complete();
        options.Projections.RequireDistinctNames();
        var faults = options.Projections.Faults().ToList();
        faults.AddRange(options.Projections.Snapshots.Select(TenancyFault).OfType<string>());
        if (Types.Fault() is { } fault)
            faults.Add(fault);
        if (faults.Count > 0)
            throw new InvalidProjectionException([.. faults]);
    }

    private string? TenancyFault(AggregateRegistration snapshot)
    {
        var keepsTenants = TenancyStyle == TenancyStyle.Conjoined && !snapshot.IsGlobal;
        var name = snapshot.AggregateType.FullName;
        if (options.MappingFor(snapshot.AggregateType).IsConjoined == keepsTenants)
            return null;
        if (snapshot.IsGlobal)
            return $"{name} belongs to all tenants, and its documents are kept apart by tenants. Do not declare it as multi-tenanted.";
        return keepsTenants
            ? $"{name} cannot be a snapshot: its documents are not kept apart by tenants, and its streams are. Declare it with Schema.For<{snapshot.AggregateType.Name}>().MultiTenanted()."
            : $"{name} cannot be a snapshot: its documents are kept apart by tenants, and its streams are not. Set Events.TenancyStyle to Conjoined.";
    }

    /// <summary>
    /// Called by SaveChangesAsync after the listeners and before anything is sent: assigns versions, runs inline projections
    /// (which queue writes on the session) and returns the operations that save the queued streams. They are sent before
    /// the session's own operations, in the same batch.
    /// </summary>
    public async ValueTask<IReadOnlyList<IStorageOperation>> PrepareAsync(DocumentSession session, IReadOnlyList<StreamAction> streams, CancellationToken token)
    {
        if (streams.Count == 0)
            return [];
        await session.EnsureStorageAsync(typeof(IEvent), token);
        ((EventStoreOperations)session.Events).DropQueuedSnapshots();
        foreach (var stream in session.StreamActions.FindAll(s => s.OwnEvents is not null))
            OperationsOf(session, stream).DropRaised(stream);
        var operations = new List<IStorageOperation>();
        foreach (var stream in streams.Where(IsGlobal))
        {
            stream.TenantId = TenantIds.Default;
            OperationsOf(session, stream).Adopt(stream);
        }

        var (before, after) = Tags.Count == 0 ? ([], []) : TagOperations(streams, session.UnitOfWork.Boundaries);
        operations.AddRange(before);
        foreach (var tenant in streams.GroupBy(s => s.TenantId, StringComparer.Ordinal).OrderBy(g => g.Key, StringComparer.Ordinal))
            operations.AddRange(await new StreamPreparation(this, session, tenant.Key, [.. tenant]).RunAsync(token));
        operations.AddRange(after);
        if (session.StreamActions.Exists(s => s.Events.Count > 0 && !s.IsPrepared))
            throw new InvalidOperationException("A projection that runs with the append added events to streams of another tenant. It can add to streams of the tenant whose events it receives.");
        if (UseListenNotifyForEventAppends)
            operations.Add(new AnnounceEvents("mt_events_" + DatabaseSchemaName));
        return operations;
    }

    private EventStoreOperations OperationsOf(DocumentSession session, StreamAction stream) =>
        (EventStoreOperations)(TenancyStyle == TenancyStyle.Conjoined ? session.Own(stream.TenantId) : session).Events;

    /// <summary>
    /// Called when saving failed. Where sequences were taken before the events were sent, tombstones are put in their places,
    /// so that nobody waits for them. What goes wrong here is logged only: the failure of the save is the one to report.
    /// </summary>
    public async Task EntombAsync(DocumentSession session, IReadOnlyList<StreamAction> streams)
    {
        if (AppendMode != EventAppendMode.Rich)
            return;
        foreach (var tenant in streams.GroupBy(s => s.TenantId, StringComparer.Ordinal))
        {
            var sequences = tenant.SelectMany(s => s.Events).Select(e => e.Sequence).Where(s => s > 0).ToArray();
            if (sequences.Length == 0)
                continue;
            foreach (var item in tenant.SelectMany(s => s.Events))
                item.Sequence = 0;
            await EntombAsync(session, tenant.Key, sequences);
        }
    }

    private async Task EntombAsync(DocumentSession session, string tenantId, long[] sequences)
    {
        try
        {
            var mapping = Types.MappingFor(typeof(Tombstone));
            await using var command = session.Owner.DataSource.CreateCommand(Sql.Tombstones);
            command.CommandTimeout = options.CommandTimeout;
            command.Parameters.Add(SqlBuilder.CreateParameter(Sql.IsGuid ? Tombstone.StreamId : Tombstone.StreamKey, Sql.IdDbType));
            command.Parameters.Add(EventParameters.Value(tenantId, NpgsqlDbType.Varchar));
            command.Parameters.Add(EventParameters.Array(sequences, NpgsqlDbType.Bigint));
            command.Parameters.Add(EventParameters.Array(sequences.Select(_ => Guid.CreateVersion7(TimeProvider.GetUtcNow())).ToArray(), NpgsqlDbType.Uuid));
            command.Parameters.Add(EventParameters.Value(mapping.Name, NpgsqlDbType.Varchar));
            command.Parameters.Add(EventParameters.Value(mapping.DotNetTypeName, NpgsqlDbType.Varchar));
            await command.ExecuteNonQueryAsync(CancellationToken.None);
        }
        catch (NpgsqlException exception)
        {
            session.Logger.LogFailure(exception, $"The sequences {string.Join(", ", sequences)} of events that could not be saved stay empty.");
        }
    }

    /// <summary>Whether the streams of an aggregate belong to all tenants.</summary>
    public bool IsGlobal(Type aggregateType) => TenancyStyle == TenancyStyle.Conjoined && options.Projections.Global.Any(r => r.AggregateType == aggregateType);

    private bool IsGlobal(StreamAction stream) => TenancyStyle == TenancyStyle.Conjoined && options.Projections.Global.Any(r =>
        r.AggregateType == stream.AggregateType || stream.Events.Any(e => r.EventTypes is { } types && types.Contains(e.EventType)));

    /// <summary>The events of a session that only reads.</summary>
    public static IQueryEventStore ReaderFor(QuerySession session)
    {
        session.Options.EventGraph.isUsed = true;
        return new QueryEventStore(session);
    }

    /// <summary>The events of a session that writes.</summary>
    public static IEventStoreOperations OperationsFor(DocumentSession session)
    {
        session.Options.EventGraph.isUsed = true;
        return new EventStoreOperations(session);
    }
}
