using System.Data;
using JasperFx.Events;
using JasperFx.Events.Daemon;
using Marten.Events;
using Marten.Services;
using Marten.Storage;
using Microsoft.Extensions.Logging;
using Weasel.Core;

namespace Marten;

/// <summary>The documents and events of one database schema. Thread-safe; one for each application and schema.</summary>
public interface IDocumentStore : IDisposable, IAsyncDisposable
{
    /// <summary>The options.</summary>
    IReadOnlyStoreOptions Options { get; }

    /// <summary>The database schema.</summary>
    IMartenStorage Storage { get; }

    /// <summary>Maintenance: cleaning, initial data, identity blocks.</summary>
    AdvancedOperations Advanced { get; }

    /// <summary>Opens a session.</summary>
    IDocumentSession OpenSession(SessionOptions options);

    /// <summary>Opens a session that remembers nothing about loaded documents.</summary>
    IDocumentSession LightweightSession(IsolationLevel isolationLevel = IsolationLevel.ReadCommitted);

    /// <summary>Opens a session that remembers nothing about loaded documents.</summary>
    IDocumentSession LightweightSession(SessionOptions options);

    /// <summary>Opens a session for a tenant that remembers nothing about loaded documents.</summary>
    IDocumentSession LightweightSession(string tenantId, IsolationLevel isolationLevel = IsolationLevel.ReadCommitted);

    /// <summary>Opens a session that returns the same instance for the same identity.</summary>
    IDocumentSession IdentitySession(IsolationLevel isolationLevel = IsolationLevel.ReadCommitted);

    /// <summary>Opens a session that returns the same instance for the same identity.</summary>
    IDocumentSession IdentitySession(SessionOptions options);

    /// <summary>Opens a session for a tenant that returns the same instance for the same identity.</summary>
    IDocumentSession IdentitySession(string tenantId, IsolationLevel isolationLevel = IsolationLevel.ReadCommitted);

    /// <summary>Opens a session that only reads.</summary>
    IQuerySession QuerySession();

    /// <summary>Opens a session that only reads.</summary>
    IQuerySession QuerySession(SessionOptions options);

    /// <summary>Opens a session for a tenant that only reads.</summary>
    IQuerySession QuerySession(string tenantId);

    /// <summary>Opens a session whose transactions are serializable.</summary>
    Task<IDocumentSession> OpenSerializableSessionAsync(SessionOptions options, CancellationToken token = default);

    /// <summary>Opens a session that stores loaded documents which changed when it is saved.</summary>
    IDocumentSession DirtyTrackedSession(IsolationLevel isolationLevel = IsolationLevel.ReadCommitted);

    /// <summary>Opens a session for a tenant that stores loaded documents which changed when it is saved.</summary>
    IDocumentSession DirtyTrackedSession(string tenantId, IsolationLevel isolationLevel = IsolationLevel.ReadCommitted);

    /// <summary>Opens a session that stores loaded documents which changed when it is saved.</summary>
    IDocumentSession DirtyTrackedSession(SessionOptions options);

    /// <summary>Opens a session whose transactions are serializable and that remembers nothing about loaded documents.</summary>
    Task<IDocumentSession> LightweightSerializableSessionAsync(CancellationToken token = default);

    /// <inheritdoc cref="LightweightSerializableSessionAsync(CancellationToken)" />
    Task<IDocumentSession> LightweightSerializableSessionAsync(string tenantId, CancellationToken token = default);

    /// <inheritdoc cref="LightweightSerializableSessionAsync(CancellationToken)" />
    Task<IDocumentSession> LightweightSerializableSessionAsync(SessionOptions options, CancellationToken token = default);

    /// <summary>Opens a session whose transactions are serializable and that returns the same instance for the same identity.</summary>
    Task<IDocumentSession> IdentitySerializableSessionAsync(CancellationToken token = default);

    /// <inheritdoc cref="IdentitySerializableSessionAsync(CancellationToken)" />
    Task<IDocumentSession> IdentitySerializableSessionAsync(string tenantId, CancellationToken token = default);

    /// <inheritdoc cref="IdentitySerializableSessionAsync(CancellationToken)" />
    Task<IDocumentSession> IdentitySerializableSessionAsync(SessionOptions options, CancellationToken token = default);

    /// <summary>Opens a session whose transactions are serializable and that stores loaded documents which changed when it is saved.</summary>
    Task<IDocumentSession> DirtyTrackedSerializableSessionAsync(CancellationToken token = default);

    /// <inheritdoc cref="DirtyTrackedSerializableSessionAsync(CancellationToken)" />
    Task<IDocumentSession> DirtyTrackedSerializableSessionAsync(string tenantId, CancellationToken token = default);

    /// <inheritdoc cref="DirtyTrackedSerializableSessionAsync(CancellationToken)" />
    Task<IDocumentSession> DirtyTrackedSerializableSessionAsync(SessionOptions options, CancellationToken token = default);

    /// <summary>Opens a session that only reads, all in one serializable transaction.</summary>
    Task<IQuerySession> QuerySerializableSessionAsync(CancellationToken token = default);

    /// <inheritdoc cref="QuerySerializableSessionAsync(CancellationToken)" />
    Task<IQuerySession> QuerySerializableSessionAsync(string tenantId, CancellationToken token = default);

    /// <inheritdoc cref="QuerySerializableSessionAsync(CancellationToken)" />
    Task<IQuerySession> QuerySerializableSessionAsync(SessionOptions options, CancellationToken token = default);

    /// <summary>Makes a daemon that runs the asynchronous projections of this store while the caller wants it to.</summary>
    /// <param name="tenantIdOrDatabaseIdentifier">Not used: the store has one database.</param>
    /// <param name="logger">Where failures of shards are logged.</param>
    ValueTask<IProjectionDaemon> BuildProjectionDaemonAsync(string? tenantIdOrDatabaseIdentifier = null, ILogger? logger = null);

    /// <summary>Inserts many documents of one type by COPY, in one transaction. Assigns identities; calls no listeners.</summary>
    /// <param name="documents">The documents.</param>
    /// <param name="mode">What happens to those that exist.</param>
    /// <param name="batchSize">How many documents one COPY statement writes, at least 1.</param>
    /// <param name="cancellation">Stops the insertion and rolls it back.</param>
    Task BulkInsertAsync<T>(IReadOnlyCollection<T> documents, BulkInsertMode mode = BulkInsertMode.InsertsOnly, int batchSize = 1000, CancellationToken cancellation = default) where T : notnull;

    /// <inheritdoc cref="BulkInsertAsync{T}(IReadOnlyCollection{T}, BulkInsertMode, int, CancellationToken)" />
    /// <param name="tenantId">The tenant that the documents belong to, where their type is multi-tenanted.</param>
    /// <param name="documents">The documents.</param>
    /// <param name="mode">What happens to those that exist.</param>
    /// <param name="batchSize">How many documents one COPY statement writes, at least 1.</param>
    /// <param name="cancellation">Stops the insertion and rolls it back.</param>
    Task BulkInsertAsync<T>(string tenantId, IReadOnlyCollection<T> documents, BulkInsertMode mode = BulkInsertMode.InsertsOnly, int batchSize = 1000, CancellationToken cancellation = default) where T : notnull;

    /// <summary>Inserts many documents of any types for a tenant by COPY, in one transaction.</summary>
    /// <param name="tenantId">The tenant that the documents belong to, where their type is multi-tenanted.</param>
    /// <param name="documents">The documents.</param>
    /// <param name="mode">What happens to those that exist.</param>
    /// <param name="batchSize">How many documents one COPY statement writes, at least 1.</param>
    /// <param name="cancellation">Stops the insertion and rolls it back.</param>
    Task BulkInsertDocumentsAsync(string tenantId, IEnumerable<object> documents, BulkInsertMode mode = BulkInsertMode.InsertsOnly, int batchSize = 1000, CancellationToken cancellation = default);

    /// <summary>Inserts many documents of any types by COPY, in one transaction.</summary>
    /// <param name="documents">The documents.</param>
    /// <param name="mode">What happens to those that exist.</param>
    /// <param name="batchSize">How many documents one COPY statement writes, at least 1.</param>
    /// <param name="cancellation">Stops the insertion and rolls it back.</param>
    Task BulkInsertDocumentsAsync(IEnumerable<object> documents, BulkInsertMode mode = BulkInsertMode.InsertsOnly, int batchSize = 1000, CancellationToken cancellation = default);

    /// <summary>Writes documents by COPY in a transaction of System.Transactions, which the caller completes.</summary>
    Task BulkInsertEnlistTransactionAsync<T>(IReadOnlyCollection<T> documents, System.Transactions.Transaction transaction, BulkInsertMode mode = BulkInsertMode.InsertsOnly, int batchSize = 1000, CancellationToken cancellation = default) where T : notnull;

    /// <summary>Inserts new streams with their events by COPY, in one transaction. Projections and listeners see nothing of it.</summary>
    /// <param name="streams">The streams, each with at least one event.</param>
    /// <param name="batchSize">How many rows one COPY statement writes, at least 1.</param>
    /// <param name="cancellation">Stops the insertion and rolls it back.</param>
    /// <exception cref="Exceptions.ExistingStreamIdCollisionException">One of the streams exists; nothing is inserted.</exception>
    Task BulkInsertEventsAsync(IReadOnlyList<StreamAction> streams, int batchSize = 1000, CancellationToken cancellation = default);

    /// <inheritdoc cref="BulkInsertEventsAsync(IReadOnlyList{StreamAction}, int, CancellationToken)" />
    Task BulkInsertEventsAsync(string tenantId, IReadOnlyList<StreamAction> streams, int batchSize = 1000, CancellationToken cancellation = default);

    /// <summary>
    /// Imports streams whose events come one by one, in the order in which they get their sequence numbers, by COPY in one
    /// transaction. Memory is bounded by a block of events and the headers. Projections and listeners see nothing of it.
    /// </summary>
    /// <param name="tenantId">The tenant of the streams.</param>
    /// <param name="streamHeaders">One header for each stream.</param>
    /// <param name="orderedEvents">The events, each of a stream that has a header, in ascending order of the versions of its stream. An event without a version gets the next one.</param>
    /// <param name="batchSize">How many rows one COPY statement writes, at least 1.</param>
    /// <param name="cancellation">Stops the import and rolls it back.</param>
    /// <exception cref="Exceptions.ExistingStreamIdCollisionException">One of the streams exists; nothing is imported.</exception>
    /// <exception cref="Exceptions.InvalidStreamOperationException">Events and headers do not fit together; nothing is imported.</exception>
    Task BulkInsertEventStreamAsync(string tenantId, IReadOnlyList<BulkEventStreamHeader> streamHeaders, IAsyncEnumerable<IEvent> orderedEvents, int batchSize = 1000, CancellationToken cancellation = default);

    /// <summary>
    /// As the other; in the mode <see cref="BulkEventSequenceMode.PreserveSourceSequence"/> events keep the sequence numbers that
    /// they carry. A daemon that has passed those numbers does not see the events until its projections are rebuilt.
    /// </summary>
    /// <inheritdoc cref="BulkInsertEventStreamAsync(string, IReadOnlyList{BulkEventStreamHeader}, IAsyncEnumerable{IEvent}, int, CancellationToken)" />
    /// <param name="tenantId">The tenant of the streams.</param>
    /// <param name="streamHeaders">One header for each stream.</param>
    /// <param name="orderedEvents">The events.</param>
    /// <param name="sequenceMode">Where sequence numbers come from.</param>
    /// <param name="batchSize">How many rows one COPY statement writes, at least 1.</param>
    /// <param name="cancellation">Stops the import and rolls it back.</param>
    Task BulkInsertEventStreamAsync(
        string tenantId,
        IReadOnlyList<BulkEventStreamHeader> streamHeaders,
        IAsyncEnumerable<IEvent> orderedEvents,
        BulkEventSequenceMode sequenceMode,
        int batchSize = 1000,
        CancellationToken cancellation = default);
}
