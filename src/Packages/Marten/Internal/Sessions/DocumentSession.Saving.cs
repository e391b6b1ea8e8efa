using Marten.Exceptions;
using Marten.Internal.Operations;
using Npgsql;

namespace Marten.Internal.Sessions;

internal partial class DocumentSession
{
    private const int WriteAttempts = 4;

    public async Task SaveChangesAsync(CancellationToken token = default)
    {
        QueueChanged();
        if (!unitOfWork.HasOutstandingWork())
        {
            await CommitEmptyAsync(token);
            return;
        }

        foreach (var listener in Listeners)
            await listener.BeforeSaveChangesAsync(this, token);
        var queued = unitOfWork.Operations.Count;
        var hadTransaction = SessionConnection.IsInTransaction;
        Events.Aggregation.IMessageBatch? batch;
        try
        {
            var (operations, published) = await PrepareAsync(token);
            batch = published;
            await SendAsync(operations, token);
            foreach (var stream in unitOfWork.StreamActions)
                stream.IsSaved = true;
            foreach (var operation in operations)
            {
                operation.Saved();
                if (operation is DocumentWrite write)
                    write.Session.changes?.Watch(write.Document);
            }
        }
        catch
        {
            // What projections queued belongs to this attempt; the caller's own changes stay queued.
            unitOfWork.Truncate(queued);
            TakeMessages();
            if (!hadTransaction)
                await SessionConnection.RollbackAsync();
            await Options.EventGraph.EntombAsync(this, unitOfWork.StreamActions);
            throw;
        }

        if (unitOfWork.StreamActions.Count > 0)
            Owner.EventsAppended.Send();
        var commit = unitOfWork.Clone();
        unitOfWork.Clear();
        Logger.RecordSavedChanges(this, commit);
        RecordMetrics(commit);
        if (batch is not null)
            await batch.AfterCommitAsync(this, commit, token);
        foreach (var listener in Listeners)
            await listener.AfterCommitAsync(this, commit, token);
    }

    // The changes are saved: what goes wrong in a caller's recorder is logged and cannot make the save fail.
    private void RecordMetrics(Services.IChangeSet commit)
    {
        foreach (var record in Options.OpenTelemetry.Recorders)
        {
            try
            {
                record(commit);
            }
            catch (Exception exception)
            {
                Logger.LogFailure(exception, "A metric of the saved changes could not be recorded.");
            }
        }
    }

    /// <summary>Queues the documents that changed since they were loaded, unless the caller has queued them.</summary>
    private void QueueChanged()
    {
        foreach (var document in changes?.Changed() ?? [])
        {
            if (!unitOfWork.Writes(document))
                QueueWrite(document, WriteKind.Upsert);
        }

        foreach (var tenant in tenants?.Values ?? Enumerable.Empty<TenantSession>())
            tenant.QueueChanged();
    }

    private async Task<(List<IStorageOperation> Operations, Events.Aggregation.IMessageBatch? Messages)> PrepareAsync(CancellationToken token)
    {
        var eventOperations = await Options.EventGraph.PrepareAsync(this, unitOfWork.StreamActions, token);
        var batch = TakeMessages();
        if (batch is not null)
            await batch.BeforeCommitAsync(this, unitOfWork.Clone(), token);
        var operations = new List<IStorageOperation>(eventOperations.Count + unitOfWork.Operations.Count);
        operations.AddRange(eventOperations);
        operations.AddRange(unitOfWork.Operations);
        WriteOrder.Arrange(operations, Options);
        foreach (var type in operations.Select(o => o.DocumentType).Distinct())
        {
            if (type is not null)
                await EnsureStorageAsync(type, token);
        }

        return (operations, batch);
    }

    private async Task CommitEmptyAsync(CancellationToken token)
    {
        try
        {
            await SessionConnection.CommitAsync(token);
        }
        catch (NpgsqlException exception)
        {
            throw ExceptionTranslation.Translate(exception, null);
        }
    }

    private async Task SendAsync(List<IStorageOperation> operations, CancellationToken token)
    {
        Observer?.PagesStart();
        var pages = operations.Chunk(Math.Max(1, Options.UpdateBatchSize)).ToList();
        for (var attempt = 1; ; attempt++)
        {
            var mayRepeat = !SessionConnection.IsInTransaction;
            try
            {
                // One page without a transaction is atomic by itself: PostgreSQL runs a batch as one implicit transaction.
                if (mayRepeat && (pages.Count > 1 || SessionConnection.NeedsExplicitTransaction))
                    await SessionConnection.BeginTransactionAsync(token);
                foreach (var page in pages.SkipLast(1))
                    await SendPageAsync(page, false, token);
                var commits = SessionConnection.CommitsWithWrites;
                await SendPageAsync(pages[^1], commits, token);
                if (commits)
                    await SessionConnection.CommittedAsync();
                return;
            }
            catch (Exception exception)
            {
                await SessionConnection.RollbackAsync();
                if (mayRepeat && attempt < WriteAttempts && ExceptionTranslation.MayRepeatWrite(exception))
                {
                    await Task.Delay(ExceptionTranslation.PauseBefore(attempt + 1), token);
                    continue;
                }

                var translated = ExceptionTranslation.Translate(exception, null);
                if (ReferenceEquals(translated, exception))
                    throw;
                throw translated;
            }
        }
    }

    private async Task SendPageAsync(IStorageOperation[] page, bool commits, CancellationToken token)
    {
        if (Options.RowSecurity.IsUsed)
            page = TenantSetting.Before(page, Options.RowSecurity, TenantId);
        using var builder = new BatchBuilder(Serializer);
        var owners = new List<IStorageOperation>(page.Length);
        foreach (var operation in page)
        {
            operation.Configure(builder);
            while (owners.Count < builder.Batch.BatchCommands.Count)
                owners.Add(operation);
        }

        var connection = await OpenAsync(token);
        var batch = builder.Batch;
        // Behind the last write, in its round trip. What a write has to refuse it refuses by failing, so the commit is not reached then.
        if (commits)
            batch.BatchCommands.Add(new NpgsqlBatchCommand("commit"));
        try
        {
            batch.Connection = connection;
            batch.Transaction = SessionConnection.Transaction;
            batch.Timeout = Timeout;
            Logger.OnBeforeExecute(batch);
            await using (var reader = await batch.ExecuteReaderAsync(token))
                await ReadResultsAsync(page, reader, token);
            Logger.LogSuccess(batch);
        }
        catch (PostgresException exception)
        {
            Logger.LogFailure(batch, exception);
            var index = exception.BatchCommand is NpgsqlBatchCommand failed ? batch.BatchCommands.IndexOf(failed) : -1;
            if (index >= 0 && index < owners.Count && owners[index].Translate(exception) is { } translated)
                throw translated;
            throw;
        }
        catch (Exception exception)
        {
            Logger.LogFailure(batch, exception);
            throw;
        }
        finally
        {
            await GiveBackAsync(connection);
        }
    }

    private static async Task ReadResultsAsync(IStorageOperation[] page, NpgsqlDataReader reader, CancellationToken token)
    {
        var isFirst = true;
        foreach (var operation in page)
        {
            if (operation.ResultSets == 0)
                continue;
            if (!isFirst && !await reader.NextResultAsync(token))
                throw new MartenException($"A statement of {operation.GetType().Name} returned no result.");
            isFirst = false;
            await operation.ReadResultsAsync(reader, token);
        }

        while (await reader.NextResultAsync(token))
        {
        }
    }
}
