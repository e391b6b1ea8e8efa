using System.Data;
using JasperFx.Events;
using Marten.Events;
using Marten.Internal;
using Marten.Internal.Operations;
using Marten.Internal.Storage;
using Marten.Storage;
using Npgsql;
using Weasel.Core;

namespace Marten;

public partial class DocumentStore
{
    /// <inheritdoc />
    public Task BulkInsertAsync<T>(IReadOnlyCollection<T> documents, BulkInsertMode mode = BulkInsertMode.InsertsOnly, int batchSize = 1000, CancellationToken cancellation = default) where T : notnull =>
        BulkInsertAsync(TenantIds.Default, documents, mode, batchSize, cancellation);

    /// <inheritdoc />
    public Task BulkInsertAsync<T>(string tenantId, IReadOnlyCollection<T> documents, BulkInsertMode mode = BulkInsertMode.InsertsOnly, int batchSize = 1000, CancellationToken cancellation = default) where T : notnull =>
        typeof(T) == typeof(object) || Options.MappingFor(typeof(T)).IsHierarchy
            ? BulkInsertDocumentsAsync(tenantId, documents.Cast<object>(), mode, batchSize, cancellation)
            : BulkInsertGroupsAsync(tenantId, [(typeof(T), [.. documents.Cast<object>()])], mode, batchSize, cancellation);

    /// <inheritdoc />
    public Task BulkInsertDocumentsAsync(IEnumerable<object> documents, BulkInsertMode mode = BulkInsertMode.InsertsOnly, int batchSize = 1000, CancellationToken cancellation = default) =>
        BulkInsertDocumentsAsync(TenantIds.Default, documents, mode, batchSize, cancellation);

    /// <inheritdoc />
    public Task BulkInsertDocumentsAsync(string tenantId, IEnumerable<object> documents, BulkInsertMode mode = BulkInsertMode.InsertsOnly, int batchSize = 1000, CancellationToken cancellation = default) =>
        BulkInsertGroupsAsync(tenantId, GroupsOf(documents), mode, batchSize, cancellation);

    /// <inheritdoc />
    public Task BulkInsertEventsAsync(IReadOnlyList<StreamAction> streams, int batchSize = 1000, CancellationToken cancellation = default) =>
        BulkInsertEventsAsync(TenantIds.Default, streams, batchSize, cancellation);

    /// <inheritdoc />
    public async Task BulkInsertEventsAsync(string tenantId, IReadOnlyList<StreamAction> streams, int batchSize = 1000, CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(tenantId);
        ArgumentNullException.ThrowIfNull(streams);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        if (streams.Count > 0)
            await CopyEventsAsync(tenantId, (copy, token) => new BulkEventInsertion(Options.EventGraph, copy, tenantId).RunAsync(streams, batchSize, token), cancellation);
    }

    /// <inheritdoc />
    public Task BulkInsertEventStreamAsync(string tenantId, IReadOnlyList<BulkEventStreamHeader> streamHeaders, IAsyncEnumerable<IEvent> orderedEvents, int batchSize = 1000, CancellationToken cancellation = default) =>
        BulkInsertEventStreamAsync(tenantId, streamHeaders, orderedEvents, BulkEventSequenceMode.AssignNew, batchSize, cancellation);

    /// <inheritdoc />
    public Task BulkInsertEventStreamAsync(
        string tenantId,
        IReadOnlyList<BulkEventStreamHeader> streamHeaders,
        IAsyncEnumerable<IEvent> orderedEvents,
        BulkEventSequenceMode sequenceMode,
        int batchSize = 1000,
        CancellationToken cancellation = default)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(tenantId);
        ArgumentNullException.ThrowIfNull(streamHeaders);
        ArgumentNullException.ThrowIfNull(orderedEvents);
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        return CopyEventsAsync(tenantId, (copy, token) => new BulkEventStreamImport(Options.EventGraph, copy, tenantId).RunAsync(streamHeaders, orderedEvents, sequenceMode, batchSize, token), cancellation);
    }

    private async Task CopyEventsAsync(string tenantId, Func<BulkEventCopy, CancellationToken, Task> write, CancellationToken token)
    {
        await Database.EnsureAsync(typeof(IEvent), token);
        try
        {
            await using var connection = await DataSource.OpenConnectionAsync(token);
            await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, token);
            await write(new BulkEventCopy(Options.EventGraph, Options, tenantId, connection, transaction), token);
            await transaction.CommitAsync(token);
            EventsAppended.Send();
        }
        catch (NpgsqlException exception)
        {
            throw ExceptionTranslation.Translate(exception, null);
        }
    }

    /// <inheritdoc />
    public async Task BulkInsertEnlistTransactionAsync<T>(IReadOnlyCollection<T> documents, System.Transactions.Transaction transaction, BulkInsertMode mode = BulkInsertMode.InsertsOnly, int batchSize = 1000, CancellationToken cancellation = default) where T : notnull
    {
        ArgumentNullException.ThrowIfNull(transaction);
        var groups = GroupsOf(documents);
        await PrepareAsync(groups, batchSize, cancellation);
        try
        {
            await using var connection = await DataSource.OpenConnectionAsync(cancellation);
            connection.EnlistTransaction(transaction);
            foreach (var (type, group) in groups)
                await new BulkInsertion(StorageFor(type), Options, TenantIds.Default).RunAsync(connection, null, group, mode, batchSize, cancellation);
        }
        catch (NpgsqlException exception)
        {
            throw ExceptionTranslation.Translate(exception, null);
        }
    }

    private List<(Type Type, IReadOnlyList<object> Documents)> GroupsOf<T>(IEnumerable<T> documents) where T : notnull =>
        [.. documents.Cast<object>().GroupBy(d => d.GetType()).OrderBy(g => WriteOrder.RankOf(Options.MappingFor(g.Key))).Select(g => (g.Key, (IReadOnlyList<object>)[.. g]))];

    private async Task BulkInsertGroupsAsync(string tenantId, List<(Type Type, IReadOnlyList<object> Documents)> groups, BulkInsertMode mode, int batchSize, CancellationToken token)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(tenantId);
        tenantId = Options.TenantIdOf(tenantId);
        if (!Options.Advanced.DefaultTenantUsageEnabled && tenantId == TenantIds.Default)
            throw new Exceptions.DefaultTenantUsageDisabledException();
        await PrepareAsync(groups, batchSize, token);
        try
        {
            await using var connection = await DataSource.OpenConnectionAsync(token);
            await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, token);
            foreach (var (type, documents) in groups)
                await new BulkInsertion(StorageFor(type), Options, tenantId).RunAsync(connection, transaction, documents, mode, batchSize, token);
            await transaction.CommitAsync(token);
        }
        catch (NpgsqlException exception)
        {
            throw ExceptionTranslation.Translate(exception, null);
        }
    }

    private async Task PrepareAsync(List<(Type Type, IReadOnlyList<object> Documents)> groups, int batchSize, CancellationToken token)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        foreach (var (type, documents) in groups)
        {
            await Database.EnsureAsync(type, token);
            var storage = StorageFor(type);
            foreach (var document in documents)
            {
                if (!storage.TryAssignIdentity(document, this))
                    AssignNumber(storage, document);
            }
        }
    }
}
