using Marten.Internal.Sessions;
using Npgsql;

namespace Marten.Linq.Translation;

/// <summary>A question that one or more statements answer, alone or together with others in one round trip.</summary>
/// <typeparam name="T">The answer.</typeparam>
internal abstract class QueryRequest<T>(QuerySession session)
{
    protected QuerySession Session => session;

    /// <summary>The types whose tables must exist.</summary>
    public abstract IReadOnlyCollection<Type> StorageTypes { get; }

    /// <summary>Whether the answer needs more than one statement.</summary>
    public abstract bool NeedsBatch { get; }

    /// <summary>The only statement.</summary>
    public abstract NpgsqlCommand ToCommand();

    public abstract IEnumerable<NpgsqlBatchCommand> ToBatchCommands();

    /// <summary>
    /// Reads the answer: the reader stands before the first row of its first result and is left on its last. May run more than
    /// once, so it has no effect but the answer.
    /// </summary>
    public abstract Task<T> ReadAsync(NpgsqlDataReader reader, CancellationToken token);

    /// <summary>Hands over what was read besides the answer.</summary>
    public virtual void Complete()
    {
    }

    /// <summary>Asks alone.</summary>
    public async Task<T> RunAsync(CancellationToken token)
    {
        foreach (var type in StorageTypes)
            await session.EnsureStorageAsync(type, token);
        T answer;
        if (NeedsBatch)
        {
            await using var batch = new NpgsqlBatch();
            foreach (var command in ToBatchCommands())
                batch.BatchCommands.Add(command);
            answer = await session.ReadAsync(batch, ReadAsync, token);
        }
        else
        {
            await using var command = ToCommand();
            answer = await session.ReadAsync(command, ReadAsync, token);
        }

        Complete();
        return answer;
    }
}

/// <summary>A translated query and how its rows become the answer.</summary>
internal sealed class StatementRequest<T>(
    QuerySession session,
    Statement statement,
    Func<NpgsqlDataReader, Statement, QuerySession, CancellationToken, Task<T>> read,
    IReadOnlyList<object>? destinations = null) : QueryRequest<T>(session)
{
    private readonly List<List<object>> included = [];

    public override IReadOnlyCollection<Type> StorageTypes => statement.Model.StorageTypes;

    public override bool NeedsBatch => statement.Model.Includes.Count > 0;

    public override NpgsqlCommand ToCommand() => statement.ToCommand();

    public override IEnumerable<NpgsqlBatchCommand> ToBatchCommands() => statement.ToBatchCommands();

    public override async Task<T> ReadAsync(NpgsqlDataReader reader, CancellationToken token)
    {
        var answer = await read(reader, statement, Session, token);
        included.Clear();
        foreach (var include in statement.Model.Includes)
        {
            await reader.NextResultAsync(token);
            var documents = new List<object>();
            while (await reader.ReadAsync(token))
                documents.Add(include.Storage.ReadObject(reader, 0, Session));
            included.Add(documents);
        }

        return answer;
    }

    public override void Complete()
    {
        for (var i = 0; i < included.Count; i++)
        {
            var include = statement.Model.Includes[i];
            include.Plan.Deliver(destinations?[i] ?? include.Plan.Destination, included[i], include.Storage);
        }
    }
}
