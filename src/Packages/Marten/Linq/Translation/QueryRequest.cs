using Marten.Internal.Sessions;
using Npgsql;

namespace Marten.Linq.Translation;

/// <summary>A question that one or more statements answer, alone or together with others in one round trip.</summary>
/// <typeparam name="T">The answer.</typeparam>
internal abstract class QueryRequest<T>(QuerySession session)
{
    public QuerySession Session => session;

    /// <summary>The types whose tables must exist.</summary>
    public abstract IReadOnlyCollection<Type> StorageTypes { get; }

    /// <summary>Whether the answer needs more than one statement.</summary>
    public abstract bool NeedsBatch { get; }

    /// <summary>Whether the statements need a transaction of the session, for locks that outlive them.</summary>
    public virtual bool NeedsTransaction => false;

    /// <summary>The only statement.</summary>
    public abstract NpgsqlCommand ToCommand();

    /// <summary>All statements; with <paramref name="complete"/> those too that would otherwise follow in a second round trip when they are needed.</summary>
    public abstract IEnumerable<NpgsqlBatchCommand> ToBatchCommands(bool complete);

    /// <summary>
    /// Reads the answer: the reader stands before the first row of its first result and is left on its last. May run more than
    /// once, so it has no effect but the answer.
    /// </summary>
    public abstract Task<T> ReadAsync(NpgsqlDataReader reader, CancellationToken token);

    /// <summary>Whether an exception of reading says that the results are not those that were asked for, with all of them read.</summary>
    public virtual bool IsRefusal(InvalidOperationException exception) => false;

    /// <summary>What a failure of the statements means, or null for the failure itself.</summary>
    public virtual Exception? Translate(Exception exception) => null;

    /// <summary>Hands over what was read besides the answer.</summary>
    public virtual void Complete()
    {
    }

    /// <summary>Asks alone.</summary>
    public async Task<T> RunAsync(CancellationToken token)
    {
        foreach (var type in StorageTypes)
            await session.EnsureStorageAsync(type, token);
        if (NeedsTransaction)
            await ((DocumentSession)session).BeginTransactionAsync(token);
        T answer;
        try
        {
            answer = await AskAsync(token);
        }
        catch (Exception exception) when (Translate(exception) is { } translated)
        {
            throw translated;
        }

        Complete();
        return answer;
    }

    private async Task<T> AskAsync(CancellationToken token)
    {
        if (NeedsBatch)
        {
            await using var batch = new NpgsqlBatch();
            foreach (var command in ToBatchCommands(false))
                batch.BatchCommands.Add(command);
            return await session.ReadAsync(batch, ReadAsync, token);
        }

        await using var single = ToCommand();
        return await session.ReadAsync(single, ReadAsync, token);
    }
}

/// <summary>There is no result, or more than one, where exactly one was asked for: what LINQ throws then.</summary>
internal static class RefusedResult
{
    private const string NoElements = "Sequence contains no elements";
    private const string SeveralElements = "Sequence contains more than one element";

    public static InvalidOperationException None() => new(NoElements);

    public static InvalidOperationException Several() => new(SeveralElements);

    public static bool Is(InvalidOperationException exception) => exception.Message is NoElements or SeveralElements;
}

/// <summary>A translated query and how its rows become the answer.</summary>
internal sealed class StatementRequest<T>(
    QuerySession session,
    Statement statement,
    Func<NpgsqlDataReader, StatementRequest<T>, CancellationToken, Task<T>> read,
    CompiledCall? call = null) : QueryRequest<T>(session)
{
    private readonly List<List<object>> included = [];
    private bool countsApart;

    public Statement Statement => statement;

    /// <summary>Where the number of all results goes.</summary>
    public QueryStatistics? Statistics => call is null ? statement.Statistics : call.Statistics;

    public override IReadOnlyCollection<Type> StorageTypes => statement.Model.StorageTypes;

    public override bool NeedsBatch => statement.Model.Includes.Count > 0 || call?.Plan.Commands.Count > 1;

    public override NpgsqlCommand ToCommand() => call is null ? statement.ToCommand() : call.Plan.Commands[0].ToCommand(call.Query, Session);

    public override IEnumerable<NpgsqlBatchCommand> ToBatchCommands(bool complete)
    {
        countsApart = statement.CountsApart && (complete || call is not null);
        return (call?.Plan.Commands ?? statement.Commands(countsApart)).Select(c => c.ToBatchCommand(call?.Query, Session));
    }

    public override async Task<T> ReadAsync(NpgsqlDataReader reader, CancellationToken token)
    {
        // What follows is read even when the results are not those that were asked for, so that the reader stands where the next request begins.
        var (answer, refusal) = await AnswerAsync(reader, token);
        included.Clear();
        foreach (var include in statement.Model.Includes)
        {
            await reader.NextResultAsync(token);
            var documents = new List<object>();
            while (await reader.ReadAsync(token))
                documents.Add(include.Storage.ReadObject(reader, 0, Session));
            included.Add(documents);
        }

        if (countsApart)
        {
            await reader.NextResultAsync(token);
            await reader.ReadAsync(token);
            if (Statistics is { } statistics)
                statistics.TotalResults = reader.GetInt64(0);
        }

        return refusal is null ? answer! : throw refusal;
    }

    public override bool IsRefusal(InvalidOperationException exception) => RefusedResult.Is(exception);

    private async Task<(T? Answer, InvalidOperationException? Refusal)> AnswerAsync(NpgsqlDataReader reader, CancellationToken token)
    {
        try
        {
            return (await read(reader, this, token), null);
        }
        catch (InvalidOperationException exception) when (RefusedResult.Is(exception))
        {
            return (default, exception);
        }
    }

    public override void Complete()
    {
        for (var i = 0; i < included.Count; i++)
        {
            var include = statement.Model.Includes[i];
            var destination = call is null ? null : include.Plan.DestinationReader?.Invoke(call.Query);
            include.Plan.Deliver(destination ?? include.Plan.Destination, included[i], include.Storage);
        }
    }
}
