using Marten.Internal.Sessions;
using Npgsql;

namespace Marten.Linq.Translation;

/// <summary>A question whose statement is known.</summary>
internal sealed class CommandRequest<T>(
    QuerySession session,
    IReadOnlyCollection<Type> storageTypes,
    string sql,
    IReadOnlyList<NpgsqlParameter> parameters,
    Func<NpgsqlDataReader, CancellationToken, Task<T>> read) : QueryRequest<T>(session)
{
    public override IReadOnlyCollection<Type> StorageTypes => storageTypes;

    public override bool NeedsBatch => false;

    public override NpgsqlCommand ToCommand()
    {
        var command = new NpgsqlCommand(sql);
        foreach (var parameter in parameters)
            command.Parameters.Add(parameter);
        return command;
    }

    public override IEnumerable<NpgsqlBatchCommand> ToBatchCommands(bool complete)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters)
            command.Parameters.Add(parameter);
        return [command];
    }

    public override Task<T> ReadAsync(NpgsqlDataReader reader, CancellationToken token) => read(reader, token);
}
