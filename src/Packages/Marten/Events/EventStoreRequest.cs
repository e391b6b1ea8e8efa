using JasperFx.Events;
using Marten.Internal.Sessions;
using Marten.Linq.Translation;
using Npgsql;

namespace Marten.Events;

/// <summary>A question to the event store that one statement answers, alone or in a batch.</summary>
internal sealed class EventStoreRequest<T>(
    QuerySession session,
    Func<NpgsqlCommand> command,
    Func<NpgsqlDataReader, CancellationToken, Task<T>> read,
    params Type[] documentTypes) : QueryRequest<T>(session)
{
    public override IReadOnlyCollection<Type> StorageTypes { get; } = [typeof(IEvent), .. documentTypes];

    public override bool NeedsBatch => false;

    public override NpgsqlCommand ToCommand() => command();

    public override IEnumerable<NpgsqlBatchCommand> ToBatchCommands(bool complete)
    {
        using var single = command();
        var result = new NpgsqlBatchCommand(single.CommandText);
        foreach (var parameter in single.Parameters.ToArray())
            result.Parameters.Add(parameter.Clone());
        yield return result;
    }

    public override Task<T> ReadAsync(NpgsqlDataReader reader, CancellationToken token) => read(reader, token);
}
