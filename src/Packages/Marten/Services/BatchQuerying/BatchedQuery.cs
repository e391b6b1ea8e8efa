using Marten.Internal.Sessions;
using Marten.Linq;
using Marten.Linq.Translation;
using Npgsql;

namespace Marten.Services.BatchQuerying;

/// <summary>Collects questions and asks them in one round trip.</summary>
internal sealed class BatchedQuery(QuerySession session) : IBatchedQuery
{
    private readonly List<IBatchItem> items = [];
    private readonly List<Func<Task>> followers = [];

    public IBatchEvents Events => field ??= new BatchEvents(this, session);

    public QuerySession Session => session;

    public Task<bool> CheckExists<T>(string id) where T : class => Add(session.ExistsRequest<T>(id));

    public Task<bool> CheckExists<T>(int id) where T : class => Add(session.ExistsRequest<T>(id));

    public Task<bool> CheckExists<T>(long id) where T : class => Add(session.ExistsRequest<T>(id));

    public Task<bool> CheckExists<T>(Guid id) where T : class => Add(session.ExistsRequest<T>(id));

    public Task<bool> CheckExists<T>(object id) where T : class => Add(session.ExistsRequest<T>(id));

    public Task<T?> Load<T>(string id) where T : class => LoadOne<T>(id);

    public Task<T?> Load<T>(int id) where T : class => LoadOne<T>(id);

    public Task<T?> Load<T>(long id) where T : class => LoadOne<T>(id);

    public Task<T?> Load<T>(Guid id) where T : class => LoadOne<T>(id);

    public Task<T?> Load<T>(object id) where T : class => LoadOne<T>(id);

    public IBatchLoadByKeys<T> LoadMany<T>() where T : class => new BatchLoadByKeys<T>(this);

    public Task<IReadOnlyList<T>> Query<T>(string sql, params object[] parameters) where T : class => Add(session.SqlRequest<T>('?', sql, parameters));

    public Task<IReadOnlyList<T>> Query<T>(char placeholder, string sql, params object[] parameters) where T : class => Add(session.SqlRequest<T>(placeholder, sql, parameters));

    public IBatchedQueryable<T> Query<T>() where T : class => new BatchedQueryable<T>(this, session.Query<T>());

    public Task<TResult> Query<TDoc, TResult>(ICompiledQuery<TDoc, TResult> query) where TDoc : class => Add(session.Request(query));

    public Task<T> QueryByPlan<T>(IBatchQueryPlan<T> plan) => plan.Fetch(this);

    public async Task Execute(CancellationToken token = default)
    {
        var asked = items.ToArray();
        items.Clear();
        if (asked.Length == 0)
            return;
        try
        {
            foreach (var type in asked.SelectMany(i => i.StorageTypes).Distinct())
                await session.EnsureStorageAsync(type, token);
            if (asked.Any(i => i.NeedsTransaction))
                await ((DocumentSession)session).BeginTransactionAsync(token);
            await using var batch = new NpgsqlBatch();
            foreach (var command in asked.SelectMany(i => i.ToBatchCommands()))
                batch.BatchCommands.Add(command);
            await session.ReadAsync(batch, (reader, stop) => ReadAsync(asked, reader, stop), token);
        }
        catch (Exception exception)
        {
            var translated = asked.Select(i => i.Translate(exception)).FirstOrDefault(e => e is not null);
            foreach (var item in asked)
                item.Fail(translated ?? exception);
            await FinishAsync();
            if (translated is not null)
                throw translated;
            throw;
        }

        foreach (var item in asked)
            item.Complete();
        await FinishAsync();
    }

    public Task<T> Add<T>(QueryRequest<T> request) => Add(request, answer => answer);

    /// <summary>Adds a question whose answer is made of what is read; a failure to make it concerns this question only.</summary>
    public Task<TOut> Add<T, TOut>(QueryRequest<T> request, Func<T, TOut> convert)
    {
        var item = new BatchItem<T, TOut>(request, convert);
        items.Add(item);
        return item.Answer;
    }

    /// <summary>
    /// Adds a question whose answer takes more than its rows: what is done with them changes the session, so it is done for one question after the
    /// other, and before <see cref="Execute"/> ends and the caller goes on with the session.
    /// </summary>
    public Task<TOut> FollowAsync<T, TOut>(QueryRequest<T> request, Func<T, Task<TOut>> finish)
    {
        var answer = Add(request);
        var finished = new TaskCompletionSource<TOut>(TaskCreationOptions.RunContinuationsAsynchronously);
        followers.Add(async () =>
        {
            try
            {
                finished.SetResult(await finish(await answer));
            }
            catch (Exception exception)
            {
                // Whoever awaits the answer hears of it; Execute throws what went wrong for all.
                finished.SetException(exception);
                _ = finished.Task.Exception;
            }
        });
        return finished.Task;
    }

    private async Task FinishAsync()
    {
        var taken = followers.ToArray();
        followers.Clear();
        foreach (var follower in taken)
            await follower();
    }

    private static async Task<bool> ReadAsync(IBatchItem[] asked, NpgsqlDataReader reader, CancellationToken token)
    {
        for (var i = 0; i < asked.Length; i++)
        {
            if (i > 0)
                await reader.NextResultAsync(token);
            await asked[i].ReadAsync(reader, token);
        }

        return true;
    }

    private Task<T?> LoadOne<T>(object id) where T : class =>
        session.TryGetKnown<T>(id, out var known) ? Task.FromResult<T?>(known) : Add(session.LoadRequest<T>(id));
}

/// <summary>One question of a batch.</summary>
internal interface IBatchItem
{
    IReadOnlyCollection<Type> StorageTypes { get; }

    bool NeedsTransaction { get; }

    IEnumerable<NpgsqlBatchCommand> ToBatchCommands();

    Task ReadAsync(NpgsqlDataReader reader, CancellationToken token);

    void Complete();

    Exception? Translate(Exception exception);

    void Fail(Exception exception);
}

/// <summary>A question with its answer.</summary>
internal sealed class BatchItem<T, TOut>(QueryRequest<T> request, Func<T, TOut> convert) : IBatchItem
{
    private readonly TaskCompletionSource<TOut> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? read;
    private InvalidOperationException? refusal;

    public Task<TOut> Answer => answer.Task;

    public IReadOnlyCollection<Type> StorageTypes => request.StorageTypes;

    public bool NeedsTransaction => request.NeedsTransaction;

    public IEnumerable<NpgsqlBatchCommand> ToBatchCommands() => request.ToBatchCommands(true);

    public Exception? Translate(Exception exception) => request.Translate(exception);

    public async Task ReadAsync(NpgsqlDataReader reader, CancellationToken token)
    {
        refusal = null;
        try
        {
            read = await request.ReadAsync(reader, token);
        }
        catch (InvalidOperationException exception) when (request.IsRefusal(exception))
        {
            // No result, or more than one, where exactly one was asked for: the other questions have answers nevertheless.
            refusal = exception;
        }
    }

    public void Complete()
    {
        if (refusal is not null)
        {
            answer.SetException(refusal);
            return;
        }

        try
        {
            request.Complete();
            answer.SetResult(convert(read!));
        }
        catch (InvalidOperationException exception)
        {
            answer.SetException(exception);
        }
    }

    public void Fail(Exception exception)
    {
        if (exception is OperationCanceledException cancelled)
            answer.SetCanceled(cancelled.CancellationToken);
        else
            answer.SetException(exception);

        // Execute throws the same, so a task that nobody awaits has nothing to add.
        _ = answer.Task.Exception;
    }
}

/// <summary>Loads documents by their ids.</summary>
internal sealed class BatchLoadByKeys<TDoc>(BatchedQuery batch) : IBatchLoadByKeys<TDoc> where TDoc : class
{
    public Task<IReadOnlyList<TDoc>> ById<TKey>(params TKey[] keys) => ByIdList(keys);

    public Task<IReadOnlyList<TDoc>> ByIdList<TKey>(IEnumerable<TKey> keys)
    {
        var (request, known) = batch.Session.LoadManyRequest<TDoc>(keys.Cast<object>());
        return request is null ? Task.FromResult<IReadOnlyList<TDoc>>(known) : batch.Add<IReadOnlyList<TDoc>, IReadOnlyList<TDoc>>(request, found => [.. known, .. found]);
    }
}
