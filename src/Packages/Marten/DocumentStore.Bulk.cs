using System.Data;
using Marten.Internal;
using Marten.Internal.Storage;
using Npgsql;
using Weasel.Core;

namespace Marten;

public partial class DocumentStore
{
    /// <inheritdoc />
    public Task BulkInsertAsync<T>(IReadOnlyCollection<T> documents, BulkInsertMode mode = BulkInsertMode.InsertsOnly, int batchSize = 1000, CancellationToken cancellation = default) where T : notnull =>
        typeof(T) == typeof(object)
            ? BulkInsertDocumentsAsync(documents.Cast<object>(), mode, batchSize, cancellation)
            : BulkInsertGroupsAsync([(typeof(T), [.. documents.Cast<object>()])], mode, batchSize, cancellation);

    /// <inheritdoc />
    public Task BulkInsertDocumentsAsync(IEnumerable<object> documents, BulkInsertMode mode = BulkInsertMode.InsertsOnly, int batchSize = 1000, CancellationToken cancellation = default) =>
        BulkInsertGroupsAsync([.. documents.GroupBy(d => d.GetType()).Select(g => (g.Key, (IReadOnlyList<object>)[.. g]))], mode, batchSize, cancellation);

    private async Task BulkInsertGroupsAsync(List<(Type Type, IReadOnlyList<object> Documents)> groups, BulkInsertMode mode, int batchSize, CancellationToken token)
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

        try
        {
            await using var connection = await DataSource.OpenConnectionAsync(token);
            await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, token);
            foreach (var (type, documents) in groups)
                await new BulkInsertion(StorageFor(type), Options).RunAsync(connection, transaction, documents, mode, batchSize, token);
            await transaction.CommitAsync(token);
        }
        catch (NpgsqlException exception)
        {
            throw ExceptionTranslation.Translate(exception, null);
        }
    }
}
