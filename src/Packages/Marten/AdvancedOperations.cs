using JasperFx.Events;
using JasperFx.Events.Projections;
using Marten.Events;
using Marten.Events.Daemon;
using Marten.Internal.Storage;
using Marten.Schema;
using Marten.Storage;

namespace Marten
{
    /// <summary>Maintenance of a store.</summary>
    public class AdvancedOperations
    {
        private readonly DocumentStore store;

        internal AdvancedOperations(DocumentStore store)
        {
            this.store = store;
            Clean = new DocumentCleaner(store);
        }

        /// <summary>Deletes documents and events, and drops tables.</summary>
        public IDocumentCleaner Clean { get; }

        /// <summary>The serializer.</summary>
        public ISerializer Serializer => store.Options.Serializer();

        /// <summary>The data that <see cref="ResetAllData"/> writes into the emptied store.</summary>
        public List<IInitialData> InitialDataCollection { get; } = [];

        /// <summary>Deletes all documents and events and writes the initial data. For tests and development.</summary>
        public async Task ResetAllData(CancellationToken cancellation = default)
        {
            await Clean.DeleteAllDocumentsAsync(cancellation);
            await Clean.DeleteAllEventDataAsync(cancellation);
            foreach (var data in InitialDataCollection)
                await data.Populate(store, cancellation);
        }

        /// <summary>Deletes the documents and events of a tenant from the tables that tenants share, in one transaction. Tables stay, and so do the tenant's sessions.</summary>
        public Task DeleteAllTenantDataAsync(string tenantId, CancellationToken token) => TenantData.DeleteAsync(store, tenantId, token);

        /// <summary>Overwrites the protected data of stored events by the rules of the store, in one transaction.</summary>
        /// <exception cref="InvalidOperationException">Nothing says which events to mask.</exception>
        public Task ApplyEventDataMasking(Action<JasperFx.Events.Protected.IEventDataMasking> configure, CancellationToken token = default)
        {
            ArgumentNullException.ThrowIfNull(configure);
            var masking = new Events.Protected.EventDataMasking(store);
            configure(masking);
            return masking.ApplyAsync(token);
        }

        /// <summary>How many events and streams there are.</summary>
        public async Task<EventStoreStatistics> FetchEventStoreStatistics(string? tenantId = null, CancellationToken token = default)
        {
            await store.Database.EnsureAsync(typeof(IEvent), token);
            await using var command = store.DataSource.CreateCommand(new DaemonSql(store.Options.EventGraph).Statistics);
            await using var reader = await command.ExecuteReaderAsync(token);
            await reader.ReadAsync(token);
            return new EventStoreStatistics { EventCount = reader.GetInt64(0), StreamCount = reader.GetInt64(1), EventSequenceNumber = reader.GetInt64(2) };
        }

        /// <summary>The recorded progress of all shards, and the high-water mark.</summary>
        public async Task<IReadOnlyList<ShardState>> AllProjectionProgress(string? tenantId = null, CancellationToken token = default)
        {
            await store.Database.EnsureAsync(typeof(IEvent), token);
            await using var command = store.DataSource.CreateCommand(new DaemonSql(store.Options.EventGraph).AllProgress);
            await using var reader = await command.ExecuteReaderAsync(token);
            var states = new List<ShardState>();
            while (await reader.ReadAsync(token))
                states.Add(new ShardState(reader.GetString(0), reader.IsDBNull(1) ? 0 : reader.GetInt64(1)) { LastAdvanced = reader.IsDBNull(2) ? null : reader.GetFieldValue<DateTimeOffset>(2) });
            return states;
        }

        /// <summary>The recorded progress of one shard; 0 when it has none.</summary>
        public async Task<long> ProjectionProgressFor(ShardName name, string? tenantId = null, CancellationToken token = default)
        {
            await store.Database.EnsureAsync(typeof(IEvent), token);
            await using var command = store.DataSource.CreateCommand(new DaemonSql(store.Options.EventGraph).Progress);
            command.Parameters.Add(EventParameters.Value(name.Identity, NpgsqlTypes.NpgsqlDbType.Varchar));
            return await command.ExecuteScalarAsync(token) as long? ?? 0;
        }

        /// <summary>Records the high-water mark for the events that exist now. The daemon does so by itself; this is for databases without a running one.</summary>
        public async Task AdvanceHighWaterMarkToLatestAsync(CancellationToken token)
        {
            using var context = new DaemonContext(store, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
            await using var highWater = new HighWaterAgent(context);
            await context.EnsureStorageAsync(token);
            await highWater.CatchUpAsync(token);
        }

        /// <inheritdoc cref="AdvanceHighWaterMarkToLatestAsync(CancellationToken)" />
        /// <param name="tenantId">A tenant of the database; all tenants share the mark.</param>
        /// <param name="token">Stops the wait for open transactions.</param>
        public Task AdvanceHighWaterMarkToLatestAsync(string tenantId, CancellationToken token) => AdvanceHighWaterMarkToLatestAsync(token);

        /// <summary>Takes the mark and the progress of shards back to the last number of an event, where they are behind it: after events were lost with a database that was restored, for example.</summary>
        public async Task TryCorrectProgressInDatabaseAsync(CancellationToken cancellationToken)
        {
            await store.Database.EnsureAsync(typeof(IEvent), cancellationToken);
            await using var command = store.DataSource.CreateCommand(new DaemonSql(store.Options.EventGraph).Correct);
            await command.ExecuteNonQueryAsync(cancellationToken);
        }

        /// <inheritdoc cref="TryCorrectProgressInDatabaseAsync(CancellationToken)" />
        /// <param name="tenantId">A tenant of the database; all tenants share the progress.</param>
        /// <param name="cancellationToken">Stops the statement.</param>
        public Task TryCorrectProgressInDatabaseAsync(string tenantId, CancellationToken cancellationToken) => TryCorrectProgressInDatabaseAsync(cancellationToken);

        /// <summary>
        /// Runs a scenario against the projections of the store: appends events, lets the projections follow, and asserts what they
        /// wrote. Deletes all events and documents first, unless the scenario says otherwise. For tests.
        /// </summary>
        /// <exception cref="JasperFx.Events.TestSupport.ProjectionScenarioException">A step failed.</exception>
        public Task EventProjectionScenario(Action<Events.TestSupport.ProjectionScenario> configuration, CancellationToken ct = default)
        {
            ArgumentNullException.ThrowIfNull(configuration);
            var scenario = new Events.TestSupport.ProjectionScenario(store);
            configuration(scenario);
            return scenario.ExecuteAsync(ct);
        }

        /// <summary>The shards of all asynchronous projections and subscriptions.</summary>
        public IReadOnlyList<ShardName> AllAsyncProjectionShardNames() => [.. store.Options.Projections.Async.Select(r => r.Shard)];

        /// <summary>Builds the snapshot of one stream anew from its events, under the lock of the stream.</summary>
        public Task RebuildSingleStreamAsync<T>(Guid id, CancellationToken token = default) where T : class => RebuildAsync<T>(TenantIds.Default, new[] { id }, token);

        /// <inheritdoc cref="RebuildSingleStreamAsync{T}(Guid, CancellationToken)" />
        public Task RebuildSingleStreamAsync<T>(string id, CancellationToken token = default) where T : class => RebuildAsync<T>(TenantIds.Default, new[] { id }, token);

        /// <summary>Builds the snapshot of one stream of a tenant anew from its events, under the lock of the stream.</summary>
        public Task RebuildSingleStreamAsync<T>(Guid streamId, string tenantId, CancellationToken token = default) where T : class => RebuildAsync<T>(tenantId, new[] { streamId }, token);

        /// <inheritdoc cref="RebuildSingleStreamAsync{T}(Guid, string, CancellationToken)" />
        public Task RebuildSingleStreamAsync<T>(string streamKey, string tenantId, CancellationToken token = default) where T : class => RebuildAsync<T>(tenantId, new[] { streamKey }, token);

        /// <summary>Makes sure that identities up to a number are never handed out for documents of a type. All tenants share the numbers.</summary>
        public Task ResetHiloSequenceFloor<T>(string tenantId, long floor)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(tenantId);
            return ResetHiloSequenceFloor<T>(floor);
        }

        /// <summary>Makes sure that identities up to a number are never handed out for documents of a type.</summary>
        public async Task ResetHiloSequenceFloor<T>(long floor)
        {
            await store.Database.EnsureAsync(typeof(HiloSequence), CancellationToken.None);
            await store.NumbersFor(store.StorageFor(typeof(T))).SetFloorAsync(floor, CancellationToken.None);
        }

        private Task RebuildAsync<T>(string tenantId, Array ids, CancellationToken token)
        {
            ArgumentException.ThrowIfNullOrWhiteSpace(tenantId);
            var registration = store.Options.Projections.For(typeof(T));
            return registration is { IsMultiStream: false, Lifecycle: not ProjectionLifecycle.Live }
                ? new SnapshotRebuild(store, registration).RunAsync(tenantId, ids, token)
                : throw new InvalidOperationException($"{typeof(T).FullName} is not kept as a snapshot of one stream. Register it by Projections.Snapshot<{typeof(T).Name}>(...).");
        }
    }
}

namespace Marten.Events
{
    /// <summary>How many events and streams a store has.</summary>
    public class EventStoreStatistics
    {
        /// <summary>The number of events.</summary>
        public long EventCount { get; set; }

        /// <summary>The number of streams.</summary>
        public long StreamCount { get; set; }

        /// <summary>The last sequence number that was given to an event, whether or not that event was committed.</summary>
        public long EventSequenceNumber { get; set; }
    }
}

namespace Marten.Schema
{
    /// <summary>Data that a store begins with.</summary>
    public interface IInitialData
    {
        /// <summary>Writes the data; may be called when it is there already.</summary>
        Task Populate(IDocumentStore store, CancellationToken cancellation);
    }

    /// <summary>Deletes documents and events, and drops tables. For tests and development.</summary>
    public interface IDocumentCleaner
    {
        /// <summary>Deletes all documents of the store's schemas.</summary>
        Task DeleteAllDocumentsAsync(CancellationToken ct = default);

        /// <summary>Deletes all documents of one type.</summary>
        Task DeleteDocumentsByTypeAsync(Type documentType, CancellationToken ct = default);

        /// <summary>Deletes all documents but those of some types.</summary>
        Task DeleteDocumentsExceptAsync(params Type[] documentTypes);

        /// <inheritdoc cref="DeleteDocumentsExceptAsync(Type[])" />
        Task DeleteDocumentsExceptAsync(CancellationToken ct, params Type[] documentTypes);

        /// <summary>Drops the table of one type.</summary>
        Task CompletelyRemoveAsync(Type documentType, CancellationToken ct = default);

        /// <summary>Drops everything that the store made in its schemas.</summary>
        Task CompletelyRemoveAllAsync(CancellationToken ct = default);

        /// <summary>Deletes all events and streams.</summary>
        Task DeleteAllEventDataAsync(CancellationToken ct = default);

        /// <summary>Deletes one stream with its events; where tenants have streams of their own, that of a tenant (default: the default tenant).</summary>
        Task DeleteSingleEventStreamAsync(Guid streamId, string? tenantId = null, CancellationToken ct = default);

        /// <inheritdoc cref="DeleteSingleEventStreamAsync(Guid, string?, CancellationToken)" />
        Task DeleteSingleEventStreamAsync(string streamId, string? tenantId = null, CancellationToken ct = default);
    }
}
